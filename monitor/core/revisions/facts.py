"""The facts of a text: figures, dates, names, attributions, negations, quotes, and what happened."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from monitor import data
from monitor.core.language import dates, lexicon, proper_names, quantities, statements, units

NAME_RATIO = 84.0  # likeness of two spellings of one name, in percent (set on labelled pairs)
# Where a government sits that is not named by its capital alone: Washington is a state, Brussels a town of Belgium.
_SEATS = {"washington": "united states", "united states": "washington", "brussels": "europe", "europe": "brussels"}
# Houses that speak for their country.
_HOUSES = {
    "white house": "united states", "kremlin": "russia", "downing street": "united kingdom", "elysee": "france",
    "number 10": "united kingdom", "no 10": "united kingdom", "vatican": "pope", "bundestag": "germany",
}  # fmt: skip
_SPEAKERS = data.words("voiceless")
COMPOUND_CHARS_MIN = 6  # letters of a name's last word that may be the end of another (set)
READ_CHARS_MAX = 1500  # characters read of a sentence (set)
FRAME_MIN = 2  # stems that stay around a replaced fact (set)
DENIED_CHARS_MAX = 60  # characters after a denial that it denies (set)
# Room for the longest phrase that puts what follows in the future or denies it: "no immediate word on deaths or ".
AHEAD_CHARS = 40
_NEGATION = re.compile(
    r"\b(?:not|never|no longer|nobody|none|cannot|fail(?:s|ed)?\sto)\b(?!(?:\sthe)?\sonly)"
    r"|\bno\b(?=\s[a-z])(?!\s(?:doubt|matter|wonder|more|less|fewer|later|further|one|confidence|man|fly))"
    r"|\b\w+n[’']t\b(?!(?:\sthe)?\sonly)",
    re.IGNORECASE,
)
# "No food" -> "a struggle for food": it is still missing.
_LACKS = re.compile(
    r"\b(?:struggl\w+\sfor|shortages?|lack(?:s|ing)?|short\sof|scarc\w+|without|cut\soff\sfrom|run\sout)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:den(?:y|ies|ied)|rules?\sout|ruled\sout|reject(?:s|ed)?|refuse[sd]?)\b", re.IGNORECASE)
_QUOTE = re.compile(r"[“\"]([^“”\"\n]{12,400})[”\"]|(?<![^\W_])[‘']([^‘’'\n]{18,300})[’'](?![^\W_])")
# Whom a report no longer names has not spoken anew.
ANYBODY = re.compile(r"(?:the\s|an?\s)?(?:authorities|officials?|police|sources?|reports?)", re.IGNORECASE)
_AMID = re.compile(r"[^\W_]\s")
_AHEAD = re.compile(
    r"\b(?:to|will|would|can|may|might|could|should|help(?:\sin)?|ready\sto|before|ahead\sof|set\sto|for|in|without|hopes?\sof"
    r"|faces?|facing|not|never|cannot|\w+n[’']t)\s(?:be\s|been\s|then\s|yet\s)?$"
    r"|\b(?:chas(?:es?|ing)|seek(?:s|ing)?|eye(?:s|ing)|target(?:s|ing)?|pursu(?:es?|ing)|needs?|awaits?)\s"
    r"(?:(?:an?|the|another|first)\s)?(?:[a-z]{1,12}\s)?$"
    r"|\bno\s(?:immediate\s|known\s)?(?:(?:word|news|signs?|reports?)\s(?:of|on)\s)?(?:\w{1,12}\sor\s)?$",
    re.IGNORECASE,
)


# "Fights back to beat", "beat Lund to reach": what comes of something done has come, too.
_ACHIEVED = re.compile(
    r"\b(?:fights?\sback|fought\sback|(?:comes?|came|recovers?|recovered)\sfrom|holds?\so(?:ff|n)|held\so(?:ff|n)|rall(?:y|ies|ied)"
    r"|hits?\sback|beats?|edges?|edged|stuns?|stunned|sees?\soff|saw\soff|defeats?|defeated|overcomes?|overcame|outlasts?|thrash(?:es|ed)?"
    r"|survives?|survived|storms?|stormed|romps?|cruises?|battles?\sback"
    r"|(?:late|last-gasp|dramatic|stoppage-time|injury-time|extra-time|stunning|comeback)\s(?:winner|goal|penalty|header|try|strike))\b[^,;:]{0,40}\sto\s$",
    re.IGNORECASE,
)
_LEVELS = frozenset(("record",))  # "slumps to all-time low": what is behind "to" is no act
ACHIEVED_CHARS = 64  # room for such a verb and whom it is done to


_BEFALL = frozenset(("arrest", "death", "body", "suspect", "case", "blast", "explosion"))


@dataclass(frozen=True, slots=True)
class Event:
    """A word that says what happened. `ahead` where it is only wanted, tried, to come or denied ("to return")."""

    name: str
    word: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class Denial:
    """A "not" as written, what it denies as far as the first word that carries meaning, and the stem of that."""

    word: str
    what: str
    stem: str

    @property
    def text(self) -> str:
        """ "not agreed"."""
        return f"{self.word} {self.what}".strip()


@dataclass(frozen=True, slots=True)
class Sentence:
    """The facts of one sentence.

    `frame` are its stems without those of names and dates: what stays where one of these is put in another's place.
    """

    text: str
    words: tuple[str, ...]
    stems: frozenset[str]
    frame: frozenset[str]
    figures: tuple[quantities.Quantity, ...]
    dates: tuple[dates.When, ...]
    names: tuple[str, ...]
    sources: tuple[str, ...]
    quotes: tuple[str, ...]
    negated: tuple[Denial, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """A run of sentences with what is looked up in all of them at once."""

    sentences: tuple[Sentence, ...]
    text: str
    letters: str
    words: frozenset[str]
    stems: frozenset[str]
    canonicals: frozenset[str]

    @property
    def figures(self) -> tuple[quantities.Quantity, ...]:
        """Every figure in order."""
        return tuple(figure for sentence in self.sentences for figure in sentence.figures)

    @property
    def dates(self) -> tuple[dates.When, ...]:
        """Every date in order."""
        return tuple(when for sentence in self.sentences for when in sentence.dates)

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event in order."""
        return tuple(event for sentence in self.sentences for event in sentence.events)

    @property
    def negations(self) -> int:
        """How many negations there are."""
        return sum(len(sentence.negated) for sentence in self.sentences)


def read(sentence: str, published_at: datetime | None) -> Sentence:
    """The facts of one sentence; of one of absurd length, of its beginning."""
    whole, sentence = sentence, sentence[:READ_CHARS_MAX]
    words = tuple(lexicon.words(sentence))
    spans = dates.find(sentence, published_at)
    figures = quantities.find(sentence, [(span.start, span.end) for span in spans])
    taken = [*(each.value for each in figures), *(span.text for span in spans)]
    named = tuple(name for name in proper_names.find(sentence) if not any(name in each for each in taken))
    stems = lexicon.meaningful(words)
    filled = lexicon.content(" ".join((*named, *(span.text for span in spans))))
    return Sentence(
        text=whole,
        words=words,
        stems=stems,
        frame=stems - filled if len(stems - filled) >= FRAME_MIN else stems,
        figures=figures,
        dates=spans,
        names=named,
        sources=tuple(statements.attributions(sentence)),
        quotes=tuple(found.group(1) or found.group(2) for found in _QUOTE.finditer(sentence)),
        negated=tuple(_denial(sentence, found) for found in _NEGATION.finditer(sentence)),
        events=tuple(event for start, event in _events(sentence) if not any(w.start <= start < w.end for w in spans)),
    )


def denies(sentence: str) -> bool:
    """Whether a verb denies, rules out or misses a thing: who denies that it will be says that it will not."""
    return _DENIES.search(sentence) is not None or _LACKS.search(sentence) is not None


def counts_people(rank: quantities.Quantity) -> bool:
    """Whether a rank counts people or what befell them: "third person held" says that there were two."""
    unit = units.of(rank.noun)
    return rank.low > 1 and (rank.noun in _BEFALL or (unit is not None and unit[1] == "people"))


def happened(sentence: Sentence) -> Iterable[str]:
    """The folded words that a sentence says of what is so, not of what is wanted, to come or denied."""
    for found in lexicon.WORD.finditer(sentence.text[:READ_CHARS_MAX]):
        if not is_ahead(sentence.text, found.start()):
            yield lexicon.fold(found.group())


def is_ahead(text: str, at: int) -> bool:
    """Whether what stands at a place of a text is wanted, to come or denied."""
    return _AHEAD.search(text[max(0, at - AHEAD_CHARS) : at]) is not None


def of(sentences: Iterable[Sentence], spelt: frozenset[str] = frozenset()) -> Facts:
    """These sentences together; `spelt` are words they have in other shape, as initials or written out."""
    parts = tuple(sentences)
    canonicals: set[str] = set()
    for part in parts:
        canonicals.update(lexicon.canonical(word) for word in part.words)
        canonicals.update(
            lexicon.canonical(f"{first} {second}") for first, second in zip(part.words, part.words[1:], strict=False)
        )
    return Facts(
        parts,
        "\n".join(part.text for part in parts),
        "".join(word for part in parts for word in part.words),
        frozenset(word for part in parts for word in part.words) | spelt,
        frozenset(stem for part in parts for stem in part.stems),
        frozenset(canonicals),
    )


def _denial(sentence: str, found: re.Match[str]) -> Denial:
    for word in lexicon.WORD.finditer(sentence, found.end(), found.end() + DENIED_CHARS_MAX):
        if stems := lexicon.content(word.group()):
            return Denial(found.group(), sentence[found.end() : word.end()].strip(" ."), next(iter(stems)))
    return Denial(found.group(), "", "")


def _events(sentence: str) -> Iterable[tuple[int, Event]]:
    found = list(lexicon.WORD.finditer(sentence.replace("nder way", "nder-way")))
    words = [lexicon.fold(match.group()) for match in found]
    plain, within = not proper_names.titled(sentence), 0
    for at, (match, word, follower) in enumerate(zip(found, words, [*words[1:], ""], strict=False)):
        if plain and match.group()[0].isupper() and _AMID.match(sentence, max(0, match.start() - 2)):
            continue  # part of a name: "the Rose Garden"
        phrase, length = lexicon.event_phrase(words, at)
        within = max(within - 1, length)
        if phrase or (word and within <= 0 and (phrase := lexicon.event(word, follower))):
            if phrase == "found" and at and words[at - 1] in _SPEAKERS:
                continue  # "study finds": who says so
            ahead = is_ahead(sentence, match.start())
            before = sentence[max(0, match.start() - ACHIEVED_CHARS) : match.start()]
            if ahead and (phrase in _LEVELS or _ACHIEVED.search(before)):
                ahead = False
            written = " ".join(words[at : at + max(1, length)])
            yield match.start(), Event(phrase, written, ahead or word == "to")


def sits(who: str, text: Facts) -> bool:
    """Whether a house speaks for a country that the text names: "the White House says" for "US announces"."""
    home = _HOUSES.get(lexicon.fold(who).removeprefix("the "), "")
    return bool(home) and (home in text.canonicals or home in text.words)


def known(name: str, text: Facts) -> bool:
    """Whether a text already has this name: its last or longest word, a variant or a near spelling."""
    seat = _SEATS.get(lexicon.fold(name)) or _SEATS.get(lexicon.place(name))
    if seat is not None and (seat in text.words or seat in text.canonicals):
        return True
    if lexicon.place(name):
        return lexicon.canonical(lexicon.fold(name)) in text.canonicals
    tokens = [token for token in (lexicon.fold(word) for word in name.split()) if token and token not in lexicon.SMALL]
    if not tokens or lexicon.canonical(lexicon.fold(name)) in text.canonicals:
        return True
    parts = (tokens[-1], max(tokens, key=len))
    if any(token in text.words or lexicon.canonical(token) in text.canonicals for token in parts):
        return True
    if len(tokens[-1]) >= COMPOUND_CHARS_MIN and any(word.endswith(tokens[-1]) for word in text.words):
        return True  # "Channel Tunnel" for "Eurotunnel"
    joined = "".join(tokens).replace("-", "")
    if (len(joined) > 4 and joined in text.letters) or joined in {word.replace("-", "") for word in text.words}:
        return True
    longest = parts[1]
    return len(longest) > 4 and any(
        abs(len(word) - len(longest)) <= 3
        and word[0] == longest[0]
        and (fuzz.ratio(word, longest) >= NAME_RATIO or OSA.distance(word, longest, score_cutoff=1) <= 1)
        for word in text.words
    )
