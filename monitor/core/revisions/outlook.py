"""What an old sentence expected, planned or suspected, and the new one in its place states: "to open" -> "opens"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from monitor import data
from monitor.core.language import lexicon, proper_names
from monitor.core.revisions import moved, paraphrases, weights
from monitor.core.revisions.facts import Sentence
from monitor.core.revisions.findings import Finding, Versions, worded

PROSPECTS_MAX = 5  # words of prospect looked at in a sentence (set)
_DUE = frozenset(("set", "due", "ready", "expected"))
# What a headline gives as open, and the next one tells of without, has been decided.
_OPEN = frozenset(("could", "may", "might", "consider", "considers", "mull", "mulls", "weigh", "weighs"))
_DECIDED = re.compile(r"\s(?:will|to)\s[a-z]", re.IGNORECASE)
_PROSPECT = re.compile(
    r"(?<!due )(?<!according )(?<!compared )(?<!thanks )(?<!owing )(?<!linked )(?<!related )(?<!similar )"
    r"(?<!blow )(?<!threat )(?<!damage )(?<!access )(?<!answer )(?<!boost )"
    r"\bto\s(?:be\s)?(?!(?:the|an?|his|her|their|its|this|that|face|date|end|other|more|first|second|third|last|both|one|two"
    r"|three|four|five|six|seven|eight|nine|ten|\d|(?!(?:br|s|sw|cl|spr|fl|st|r|sl)ing\b)[a-z]+ing)\b)[a-z]+"
    r"|\b(?:will|would|can|could|may|might|set(?=\s(?:to|for)\b)|due|(?:ready|prepar\w+|plan(?:s|ned)?|seek\w*)(?!\sto\b)|expected"
    r"|ahead of|before|build-up"
    r"|upcoming|consider(?:s|ing)?|mulls?|weighs?|search(?:es|ing)?(?=\s(?:for|after|under|continues|goes|is|resumes|widens)\b)"
    r"|asking|help|looking for"
    r"|reportedly|possible|alleged\w*|suspected|feared|appears?)\b"
)
# What is only wanted by now has not come true: "weighs tax cut" -> "plots tax cut".
_WANTED = re.compile(
    r"\b(?:aims?|targets?|eyes|eyeing|plots?|vows?|wants?|hopes?|hoping|bids?|pushes|urges?|calls?\sfor|proposes?|demands?|looks?\sto)\b",
    re.IGNORECASE,
)
_SOON = re.compile(r"\b(?:shortly|soon|imminent(?:ly)?|tomorrow|next)\b", re.IGNORECASE)
_TRYING = r"aims?|looks?|bids?|seeks?|hopes?|tr(?:y|ies)|moves?|fights?|battles?|push(?:es)?"
# Who is or tries to do something, and what he does; who only tells of it has not done it yet.
_IS_TO = re.compile(
    r"(?P<who>(?:[\w’'&.,:-]{1,30}\s){1,8}?)"
    rf"(?:(?:{_TRYING})\s)?to\s(?P<act>[a-z]{{2,20}})\b"
)
_DOES = re.compile(r"(?P<does>[a-z]{2,20}(?:s|ed))\s")
_DO = re.compile(r"(?P<does>[a-z]{3,20}(?<!ed)(?<!ing)(?<!s))\s(?!of\b)")  # what more than one do: "Visitors claim"
_TRIES = re.compile(rf"\b(?:{_TRYING})\s$", re.IGNORECASE)
_ANNOUNCES = data.words("announces")
_THING = re.compile(r"(?:(?<!\bbr)(?<!\bspr)(?<!\bst)(?<!\bsw)ings|ers?|ors?|ments?|ions?|als?|ance|ence)$")


def find(both: Versions) -> Iterator[Finding]:
    """What an old sentence expected or suspected, the new one in its place states."""
    if all(map(moved.runs, both.titles)):
        return  # "build-up to the final" promises nothing
    for part in both.added.sentences:
        headline = both.headline(part.text)
        if (both.is_long and not headline) or (headline and _WANTED.search(part.text)):
            continue
        stood = (old.text for old in both.removed.sentences if _replaces(part, old, both))
        before = next(stood, "") if headline else both.replaced(part.text) or next(stood, "")
        if before and not weights.QUESTION.search(before) and (open_words := _prospects(before)):
            if headline and (done := _did_else(before, part.text)) and not _prospects(part.text):
                yield worded(both, part.text, "come true", done, before=before, swapped=True)
            elif found := _come_true(part, before, open_words, headline=headline):
                yield worded(both, part.text, "come true", found.group(), before=before, swapped=True)
            elif both.replaced(part.text) and not _prospects(part.text):
                yield worded(both, part.text, "outlook", open_words[0].group(), before=before)


def _prospects(sentence: str) -> list[re.Match[str]]:
    """The words that put a sentence in the future, or leave it open; of one in title case as well."""
    plain = sentence.lower() if proper_names.titled(sentence) else sentence
    return list(islice(_PROSPECT.finditer(plain), PROSPECTS_MAX))


def _did_else(before: str, after: str) -> str:
    """What somebody does who was to do something else: "Court to rule on oaks" -> "Court saves oaks"."""
    was = _IS_TO.match(before)
    if was is None or not after.startswith(was["who"]):
        return ""
    many = was["who"].endswith("s ")
    now = _DOES.match(after, was.end("who")) or (_DO.match(after, was.end("who")) if many else None)
    if now is None or now["does"] in _ANNOUNCES or now["does"] in lexicon.SMALL:
        return ""
    same = lexicon.stem(was["act"]) == lexicon.stem(now["does"].lower())
    return "" if same or paraphrases.repeated(was["act"], now["does"]) else now["does"]


def _come_true(part: Sentence, before: str, open_words: list[re.Match[str]], *, headline: bool) -> re.Match[str] | None:
    """The first word of prospect behind which stands what came true.

    What stays open in the same word leaves open what stands behind it: "appears to be milder".
    """
    for found in takewhile(lambda found: found.group() not in part.words, open_words):
        rest = lexicon.words(before[found.end() :])
        if _came_true(part, before[: found.start()], found.group(), rest, headline=headline):
            return found
    return None


def _came_true(new: Sentence, before: str, prospect: str, rest: Sequence[str], *, headline: bool) -> bool:
    """Whether a sentence states what stood behind a word of prospect: "to open" -> "opens", "set to X" -> X-ed."""
    last = lexicon.fold(prospect.split()[-1])
    ahead = bool(_prospects(new.text))
    if headline and prospect.startswith("to "):
        told = [*lexicon.words(before), last, *rest]
        tried = _TRIES.search(before)  # "episodes to land", "Reds aim to end wait" -> "episodes land", "Reds end wait"
        if list(new.words) in (told, [*lexicon.words(before[: tried.start()]), last, *rest] if tried else told):
            return True
    if prospect.startswith("to "):
        return (
            not _is_still_ahead(new, last, done=" be " in prospect)
            and lexicon.stem(last) in new.stems
            and _does(new, prospect, "" if " be " in prospect else last)
        )
    if prospect == "will" and not headline and rest:
        done, act = rest[0] == "be", rest[1] if rest[0] == "be" and rest[1:] else rest[0]
        return (
            lexicon.stem(act) in new.stems
            and not _is_still_ahead(new, act, done=done)
            and _does(new, act, "" if done else act)
        )
    if prospect in _DUE and rest[1:2] and lexicon.stem(rest[1]) in new.stems and rest[1] not in new.words:
        return True
    if prospect == "due" and rest[:1] == ["in"] and rest[1:] and not ahead and f"in {rest[1]}" in " ".join(new.words):
        return True  # "due in court" -> "appears in court"
    decided = _DECIDED.search(new.text) if headline and prospect in _OPEN and _OPEN.isdisjoint(new.words) else None
    if decided and not lexicon.content(before).isdisjoint(lexicon.content(new.text[: decided.start()])):
        return True
    if ahead or not headline:
        return False
    meant = {_meant(word) for word in rest if word not in lexicon.SMALL}
    return (prospect in ("set", "due", "expected") and rest[:1] in (["to"], ["for"])) or (
        prospect in _OPEN and not meant.isdisjoint(map(_meant, new.words))
    )


def _is_still_ahead(new: Sentence, bare: str, *, done: bool) -> bool:
    """Whether a sentence, too, has something yet to come before the verb: "takes the stage to defend" has it behind.

    What was "to be sold" is "sold" in the same form (`done`).
    """
    folded = ((found, lexicon.fold(found.group())) for found in lexicon.WORD.finditer(new.text))
    forms = (found for found, word in folded if _is_form(word, bare) or (done and word == bare))
    end = next((found.end() for found in forms), len(new.text))
    return bool(_prospects(new.text[:end])) or _SOON.search(new.text) is not None


def _is_form(word: str, bare: str) -> bool:
    """Whether a word is the verb in another form."""
    return word != bare and lexicon.stem(word) == lexicon.stem(bare)


def _meant(word: str) -> str:
    return lexicon.event(word) or lexicon.stem(word)


def _does(new: Sentence, prospect: str, bare: str) -> bool:
    """Whether what was to be done is done, and is no thing that only has the same name: "an approach to the virus".

    What is done has another form than the `bare` one: "to return" -> "returns", but "came to life" -> "an inner life".
    """
    forms = [word for word in new.words if word != bare and lexicon.stem(word) == lexicon.stem(bare)]
    if (bare in new.words and not forms) or (forms and all(map(_THING.search, forms))):
        return False
    words = "|".join(map(re.escape, {prospect.split()[-1], *(word for word in forms if word.endswith("ing"))}))
    governed = rf"\b(?:by|of|in|the|an?|with|for|over|on|to|from|as|its|his|her|their)\s(?:{words})\b"
    return re.search(governed, new.text, re.IGNORECASE) is None


def _replaces(new: Sentence, old: Sentence, both: Versions) -> bool:
    if both.headline(new.text):
        return old.text == both.old.sentences[0].text
    return len(new.stems & old.stems) >= 0.5 * max(1, min(len(new.stems), len(old.stems)))
