"""Sentences put into a report that otherwise stayed: which of them are news, and which are background.

That somebody was arrested is news; that the river is the longest of the district was so before. What speaks for either
is weighed (`line_evidence`, kind "news"; fitted by bench/line_weights.py): whether something happens that the report
does not tell, how its verb stands, what it says of when, who says so, what it takes up of the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from monitor.core.documents import line_evidence, notice_words
from monitor.core.language import event_classes, lexicon, main_verb, speakers, vocabulary
from monitor.core.language.vocabulary import ENGLISH
from monitor.core.language.words import unelided
from monitor.core.revisions import service
from monitor.core.revisions.facts import Sentence
from monitor.core.revisions.findings import Versions
from monitor.core.text import words

# Log odds from which a sentence is news rather than background, and by how much they must be over those of its serving
# the page, where it says that something happened or who said it and elsewhere (set on what weights say of batches left
# out, where of 47 lines of the page that were told 41 are left, and of 360 pieces of news 359).
LEAST, TOLD_AHEAD_LEAST, AHEAD_LEAST = -0.2, 2.4, 4.0
JUDGED_MAX = 60  # sentences weighed; the others count as they are built (set)
WORDS_MIN = 3  # words of a sentence that is weighed, where words are spaced: "Segnalacelo." tells nothing (set)
STAYED_SHARE = 0.5  # share of an article's sentences, 0..1, that stay or are edited where others are put in (set)
QUOTE_RATIO = 70.0  # likeness of a quotation to what the report says, in percent, from which it is known (set)
_YEAR = re.compile(r"(?<![\d.,])(?:1\d|20)\d\d(?![\d.,]?\d)")
_HABIT = re.compile(
    r"\b(?:every|each|usually|normally|often|seldom|rarely|always|repeatedly|on\saverage|per\s(?:year|month|day)|daily"
    r"|annual(?:ly)?|typically|generally|traditionally|several\stimes|twice|many)\b"
    r"|(?:s|people|million|billion|\d)\san?\s(?:year|month|week|day)\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b(?:ago|last\s(?:year|month|week|summer|winter|spring|autumn|season|decade|century)|since|past\s\w{1,12}\s(?:years|months|decades)"
    r"|previous(?:ly)?|earlier\sthis\s(?:year|month|week)|at\sthe\stime|in\sthe\s(?:\d{4}s|\w{3,9}teenth|\w{3,9}tieth)|century|formerly"
    r"|first\s(?:held|awarded|built|opened)|ever|before\sthat|used\sto)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:later|overnight|meanwhile|by\s(?:nightfall|noon|midnight|evening|morning)|shortly\s(?:before|after)"
    r"|(?:hours?|minutes|days?|weeks?)\s(?:later|after|before)|(?:in|on)\sthe\s(?:evening|afternoon|morning|night)|at\sonce"
    r"|since\sthen|ha(?:s|ve)\ssince|tonight|today|tomorrow|now|so\sfar|until\sfurther\snotice|next\s\w{3,12}|another|second"
    r"|further|more)\b",
    re.IGNORECASE,
)
_TOLD = frozenset(("past", "perfect", "was done", "will", "said", "is to", "is doing"))
_DONE = frozenset(("past", "perfect", "was done"))
_AHEAD = frozenset(("will", "is to"))


def news(both: Versions) -> Mapping[str, bool]:
    """Of each sentence that was put beneath the headline, in no other's place, whether it is news."""
    parts = whole(both)
    if not parts:
        return {}
    report = Report(part.text for part in both.old.sentences)
    return {part.text: _is_news(part, report) for part in parts}


def _is_news(part: Sentence, report: Report) -> bool:
    news = line_evidence.score("news", part.text, report.features(part))
    ahead = TOLD_AHEAD_LEAST if service.tells(part) else AHEAD_LEAST
    return news > LEAST and news - service.score(part, report.text) > ahead


def whole(both: Versions) -> list[Sentence]:
    """The sentences put beneath a headline, in no other's place, where the text otherwise stayed."""
    paired = {pair.old.text for pair in both.pairs} | set(both.titles)
    gone = sum(part.text not in paired and part.text not in both.titles[0] for part in both.removed.sentences)
    body = sum(part.text not in both.titles[0] for part in both.old.sentences)
    if not body or gone > (body * (1 - STAYED_SHARE) if both.is_long else 0):
        return []
    found = [part for part in both.added.sentences if not both.headline(part.text) and not both.replaced(part.text)]
    return [part for part in found if _is_clause(part.text)][:JUDGED_MAX]


def _is_clause(text: str) -> bool:
    """Whether a sentence is long enough to say of anything what happened."""
    return len(text.split()) >= WORDS_MIN or notice_words.is_unspaced(text)


class Report:
    """What a report said before, looked up for each sentence that is put into it."""

    def __init__(self, sentences: Iterable[str]) -> None:
        """`sentences` of the report, its headline first."""
        self.text = "\n".join(sentences)[: line_evidence.TEXT_CHARS_MAX]
        self.is_english = vocabulary.is_english(self.text)
        self.acts = self._acts(self.text)
        self.stems = lexicon.content(self.text)
        self.spoken = " ".join(lexicon.words(self.text))

    def features(self, part: Sentence) -> dict[str, float]:
        """What speaks for a sentence being news or background, each 0..1 but for its length."""
        acts = self._acts(part.text)
        fresh = acts - self.acts
        is_english = self.is_english and (bool(acts) or ENGLISH in vocabulary.likeliest(part.text))
        steps = event_classes.steps_of(acts)
        who = speakers.find(part.text)
        unsaid = len(part.stems - self.stems) / max(1, len(part.stems))
        found: dict[str, object] = {
            "act": acts, "act new": fresh, "act old": acts & self.acts, "step": steps,
            "step new": steps - event_classes.steps_of(self.acts),
            "year": _YEAR.search(part.text), "english": is_english, "quote known": self._has_quoted(part),
            "office speaks": who and who.role, "sources": part.sources, "quotes": part.quotes, "negated": part.negated,
            "figures": part.figures, "dates": part.dates, "names": part.names, "several names": len(part.names) > 1,
            "happened": any(not event.ahead for event in part.events), "ahead": any(e.ahead for e in part.events),
            **{f"date {when.kind}": True for when in part.dates},
        }  # fmt: skip
        if is_english:
            verb = main_verb.kind(part.text)
            found |= {
                f"verb {verb}": True, "no verb done": verb not in _TOLD and not main_verb.has_done(part.text),
                "habit": _HABIT.search(part.text), "ago": _AGO.search(part.text), "later": _LATER.search(part.text),
                "dated ahead": part.dates and verb in _AHEAD,
                "act told": fresh and verb in _TOLD, "step done": fresh and steps and verb in _DONE,
            }  # fmt: skip
        shape = line_evidence.shape(part.text, self.text)
        shape.pop("headed", None)  # how lines speak that serve the page, which is weighed apart
        features = shape | {name: 1.0 for name, value in found.items() if value}
        features["unsaid"] = unsaid
        if is_english and part.sources:
            features["said unsaid"] = unsaid
        return features

    def _has_quoted(self, part: Sentence) -> bool:
        """Whether a sentence quotes what the report says."""
        quoted = (" ".join(lexicon.words(quote)) for quote in part.quotes)
        return any(fuzz.partial_ratio(quote, self.spoken) >= QUOTE_RATIO for quote in quoted)

    def _acts(self, text: str) -> frozenset[str]:
        """The classes of what happens in a text."""
        if self.is_english:
            return event_classes.classes(event_classes.of_text(text))
        return frozenset[str]().union(*(event_classes.abroad(unelided(word)) for word in words(text)))
