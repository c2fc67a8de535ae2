"""What a text says of the state of things (planned, denied, ...), whom it names as source, and what is done to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import takewhile
from typing import cast

from monitor import data
from monitor.core.language import lexicon, numerals, predicates, speaking_verbs, steps_abroad, units, vocabulary
from monitor.model import Phase

PHASES_MAX = 2048  # sentences remembered with their phase: some 300 kB (set)
AGED_WORDS_MAX = 3  # words beside an age that say whose it is: "nine-year-old Canadian boy" (set by reading)
NOT_PLANNED_WORDS = 4  # words before "planned" of which one says that nothing is: "no Iran talks planned" (set)
SOURCE_WORDS_MAX = 8  # words of who says it (set by reading)
ROLE_REACH = 90  # characters from a figure to the verb of its act (set by reading)
CLAUSE_CHARS = 25  # characters of a clause's head (set by reading)
_CLAUSE = re.compile(r"[,;:]|\b(?:and|but|while|whereas|with|as|after)\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# A clause that has its verb, and another that begins with a count: "17 have fallen ill and one has died" kills one.
_OTHERS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|fell|fall|felt|feel)\b.{0,80}?(?:[,;:]|\b(?:and|but|while|whereas)\b)\s"
    rf"(?:(?:and|but|while)\s)?(?:at\sleast\s|about\s|another\s)?(?:\d[\d,.]{{0,12}}|{'|'.join(numerals.WORDS)})\s",
    re.IGNORECASE,
)
# "At least 55 are dead, and several hundred residents could not be reached": another clause, with its own verb.
_NEXT = re.compile(r"[;:]|,\s(?:and|but|while|whereas)\s(?:\S{1,20}\s){0,2}\Z", re.IGNORECASE)
_OWN_VERB = re.compile(
    r"(?:\s[\w’'-]{1,30}){0,4}?\s(?:could|can|cannot|were|are|was|is|have|has|had|remain(?:s|ed)?|did|do|will|would|may|might)\b"
)
_SAYING = f"(?:{data.patterns('saying')})"
_ACCORDING = re.compile(
    r"\b(?:according to|citing|as reported by|quoting)\s+(?P<who>[^,.;:()\n“”\"]{2,90})", re.IGNORECASE
)
# A word of a name is bounded, and given back whole or not at all: a search is linear in whatever it reads.
_NAMED = r"(?:[A-Z][\w’'.-]{1,40}+|(?:of|the|for|bin|al|van|von|de)(?=\s[A-Z]))"
_SAID = re.compile(
    rf"(?P<who>(?:[A-Z][\w’'.-]{{1,40}}+\s){{0,1}}{_NAMED}(?:\s{_NAMED}){{0,4}}|\b(?:[Tt]he|[Tt]heir|[Aa]|[Oo]ne)\s(?:\w+\s){{0,2}}"
    rf"(?:source|official|officials|spokesman|spokeswoman|spokesperson|ministry|agency|minister|police|military|army|government))"
    rf"(?:\sin\s[A-Z]\w+(?:\s[A-Z]\w+)?)?\s(?:has\s|had\s|have\s|also\s)?{_SAYING}\b"
)
_TAIL_SAID = re.compile(r"(?:,|[’'\"”])\s(?P<who>[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){0,3})\s(?:says?|said|reports?)\s*$")
_SAID_TAIL = re.compile(r",\s(?:says|said|according to)\s(?P<who>[A-Z][\w’'.-]+(?:\s[\w’'.-]+){0,4})$")
_DASHED = re.compile(r"\s[-–—]\s(?P<who>[A-Z][\w’'.]+(?:\s[A-Z][\w’'.]+){0,2})$")
_OUTLET = re.compile(r"\b(?:News|Times|Post|Live|TV|Online|Report|Video|Watch|Updates?)$|^[A-Z]{2,5}$")
_WHO_ENDS = re.compile(rf"\s(?:{data.patterns('who_ends')})\b.*$")
_MODAL = re.compile(rf"\b(?:{data.patterns('modal')})\s(?:\w+\s){{0,3}}$", re.IGNORECASE)
# What happened to nobody: "Nobody was killed; eleven were hurt".
_NOBODY = re.compile(r"\b(?:nobody|no\s?-?one|none)\s(?!but\b)[^,;:.]{0,30}$", re.IGNORECASE)
_OUTLETS = data.words("outlet_names")
_NOT_NAMES = data.words("no_sources")
_SPEAKERS = data.words("speakers")
_OFFICES = data.words("voices") | _SPEAKERS | {"captain", "coach", "governor", "judge", "manager", "president"}
_BEING = frozenset(("is", "was", "are", "were", "has", "have", "been", "the"))
# What somebody cites where it is no reason that they give.
_WITNESSES = _OFFICES | data.words("witnesses")
# "Suspended as director", "suspended as head of the authority": who held the office, and no matter that waits.
_FROM_OFFICE = re.compile(
    r"\sas\s(?:\w+\s){0,2}?(?P<office>\w+)"
    r"(?=\s(?:of|at|over|after|for|in|amid|pending|following)\b|[,.;:]|$)"
)
# Before what may be done, and before shelves that goods stand on.
_NOT_YET = frozenset(("to", "may", "might", "could", "would", "should", "on", "off", "store", "supermarket"))
# Before "confirm" where nothing is, and who by it takes somebody into an office or a church.
_UNCONFIRMED = frozenset(("to", "neither", "nor", "not", "cannot", "no", "if", "without", "until", "once", "never"))
_INDUCTING = data.words("inducting")
_INDUCTED = frozenset(("judge", "judges", "nominee", "ambassador", "pupils", "teenagers"))
# Beside "confirmed" where it says what is counted: "number of confirmed cases", "patients with confirmed fever".
_COUNTING = frozenset(("of", "with", "more", "new", "total", "all", "most", "few", "several", "two", "three", "first"))
_COUNTED = frozenset(("case", "cases", "infection", "infections", "patients", "bachelor", "sighting", "sightings"))
# Before a participle that says what a thing is, and behind one that says what was done.
# What its own verb speaks of is not stated by it: "plan divides nurses", "reversal exposes limits".
_NOUNS = frozenset(("offer", "order", "plan", "pledge", "promise", "proposal", "request", "reversal"))
_HOW = re.compile(r"(?:for|in|on|at|en|under|behind|not|never)\b", re.IGNORECASE)
_TOLD_OF = frozenset(("about", "from", "of", "without"))
_ABOUT = frozenset(("on", "over", "about", "against", "amid"))
_DETERMINERS, _DONE_BY = data.words("determiners"), data.words("behind_deeds")


@cache
def _phases() -> tuple[tuple[Phase, re.Pattern[str]], ...]:
    """What says each phase in English, in their order."""
    rows = data.rows("phases.tsv")
    return tuple(
        (cast(Phase, name), re.compile("|".join(row[1] for row in rows if row[0] == name), re.IGNORECASE))
        for name in dict.fromkeys(row[0] for row in rows)
    )


@cache
def roles() -> dict[str, str]:
    """Action words and what they say has happened to the counted: "dispatched" -> "sent"."""
    return {word: role for role, words in data.rows("roles.tsv") for word in words.split()}


@cache
def _roles_abroad() -> dict[str, str]:
    rows = [row for row in data.rows("counted_abroad.tsv") if row[0] != "-"]
    return {word: role for role, nouns, deeds in rows for word in f"{nouns} {deeds}".split()}


def phase(text: str) -> Phase | None:
    """The phase that a text states: the first sentence with one decides, and in it the strongest (denied first).

    What asks says nothing.
    """
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", text):
        if not sentence.endswith("?") and (found := _phase(sentence)):
            return found
    return None


@lru_cache(PHASES_MAX)
def _phase(sentence: str) -> Phase | None:
    """The phase that one sentence states; a headline is asked for it by claims, comparison and verdict."""
    abroad = steps_abroad.find(sentence)
    for name, pattern in _phases():
        if name in abroad:
            return name
        found = pattern.search(sentence)
        while found and not _stated(sentence, found, name):
            found = pattern.search(sentence, found.end())
        if found:
            return name
    return None


def _stated(sentence: str, found: re.Match[str], name: Phase) -> bool:
    """Whether words that say a phase say it of what the sentence speaks of."""
    if _attribute(sentence, found, name):
        return False
    # How long and how something goes on is said of whatever its verb tells: "troops train for third day".
    return _HOW.match(found.group()) is not None or not predicates.governing(sentence, found.start())


def _attribute(sentence: str, found: re.Match[str], name: Phase) -> bool:
    """Whether what was called or put off is no step: "an abandoned cabin", "to withdraw", a minister suspended."""
    before = _WORD.findall(sentence[max(0, found.start() - ROLE_REACH) : found.start()])
    after = _WORD.findall(sentence[found.end() :][:CLAUSE_CHARS])
    if found.group().lower() in _NOUNS and after and predicates.tells(after[0].lower()):
        return True
    if name == "planned":
        owner = sentence[: found.start()].rstrip().endswith(("'s", "’s", "s'", "s’"))
        last = {word.lower() for word in before[-1:]}
        none = "no" in (word.lower() for word in before[-NOT_PLANNED_WORDS:])
        return found.group().lower().endswith("ed") and bool(owner or none or last & (_DETERMINERS | _ABOUT))
    if name not in ("reversed", "delayed", "confirmed"):
        return False
    if found.group().lower().endswith("ing") and before and before[-1].lower() in _TOLD_OF:
        return True
    if name == "confirmed":
        return found.group().lower().startswith("confirm") and _confirms_nothing(sentence, found, before, after)
    if found.group().lower() == "suspended" and _is_called(before):
        return True
    if found.group().lower().startswith("suspend"):
        office = _FROM_OFFICE.match(sentence, found.end())
        if _somebody(*before[-6:], *after[:4]) or (office and office["office"].lower() in _OFFICES):
            return True
    if not found.group().lower().endswith("ed"):
        return bool(before) and before[-1].lower() in _NOT_YET
    if before:
        return before[-1].lower() in _DETERMINERS
    return bool(after) and sentence[found.end()] == " " and after[0].lower() not in _DONE_BY


def _confirms_nothing(sentence: str, found: re.Match[str], before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether "confirm" confirms nothing: "confirmed cases", "declines to confirm", a senate that confirms a judge."""
    word, last = found.group().lower(), before[-1].lower() if before else ""
    if last in _UNCONFIRMED or last.endswith(("n't", "n’t")) or (last in _INDUCTING and word != "confirmed"):
        return True
    if word != "confirmed":
        return bool(after) and after[0].lower() in _INDUCTED
    counted = sentence[: found.start()].rstrip()[-1:].isdigit() or (not before and bool(after))
    return counted or last in _DETERMINERS or last in _COUNTING or (bool(after) and after[0].lower() in _COUNTED)


def _is_called(words: Sequence[str]) -> bool:
    """Whether the words before "suspended" are but an office or a whole name: "Captain Doyle"."""
    said = [word for word in words if word.lower() not in _BEING and not word.endswith("ly")]
    held = [word.lower() in _OFFICES for word in said]
    named = (word[0].isupper() and not lexicon.ordinary(word.lower()) for word in said)
    return (len(said) > 1 or any(held)) and all(office or name for office, name in zip(held, named, strict=True))


def _somebody(*words: str) -> bool:
    """Whether a person is among the words beside a verb, who was suspended and not put off."""
    return any((unit := units.of(word)) and unit[1] == "people" for word in words)


# "Rebels fire 20 rockets", but "20 fire victims", "S$300,000 for those whom the fire made homeless".
_NOUNS_TOO = frozenset(("fire", "fires", "launch", "launches", "ship", "ships", "supply"))
_COMMA = re.compile("[,،、，]")
_AND = "و"  # is written onto the word that it joins: what follows it is another clause
_SICKNESS = re.compile(data.patterns("sickness"), re.IGNORECASE)
_NEGATIVE = re.compile(r"tested\s(?:\w+\s)?negative\b", re.IGNORECASE)


@lru_cache(16)  # each figure of a sentence asks, and each case
def _tells_of_sickness(sentence: str) -> bool:
    return _SICKNESS.search(sentence) is not None


def role_near(sentence: str, start: int, end: int) -> str:
    """What happens to the thing at [start, end): the nearest action in the sentence, "to be" before what is to come."""
    best, best_distance = "", ROLE_REACH
    english = vocabulary.is_english(sentence)
    table = roles() if english else _roles_abroad()
    for word in _WORD.finditer(sentence):
        role = table.get(word.group().lower())
        if role is None or (start <= word.start() < end):
            continue
        if word.group().lower() in _NOUNS_TOO and not sentence[word.end() : start].isspace():
            continue
        if word.group().lower() in ("case", "cases") and not _tells_of_sickness(sentence):
            continue  # "two suspects in case arrested"
        if _NEGATIVE.match(sentence, word.start()):
            continue
        distance = word.start() - end if word.start() >= end else (start - word.end()) + 2
        if distance >= best_distance:
            continue
        between = sentence[end : word.start()] if word.start() >= end else sentence[word.end() : start]
        if (
            ";" in between
            or (not english and (_COMMA.search(between) or (word.start() >= end and word.group()[0] == _AND)))
            or (word.start() >= end and _OTHERS.search(between))
            or (word.end() <= start and _NEXT.search(between) and _OWN_VERB.match(sentence, end))
            or _NOBODY.search(sentence[max(0, word.start() - 40) : word.start()])
        ):
            continue
        distance += CLAUSE_CHARS if _CLAUSE.search(between) else 0
        if distance < best_distance:
            modal = role not in ("missing",) and _MODAL.search(sentence[max(0, word.start() - 40) : word.start()])
            best, best_distance = (f"to be {role}" if modal else role), distance
    return best


def people_near(sentence: str, start: int) -> str:
    """The last people, troops or workers named before a position, else the first after it, as written; else ""."""
    named = _people(sentence)
    before = [who for place, who in named if place < start]
    return before[-1] if before else named[0][1] if named else ""


@lru_cache(1)  # each figure of a sentence asks
def _people(sentence: str) -> list[tuple[int, str]]:
    """The people, troops and workers that a sentence names, and where each stands."""
    english, known = vocabulary.is_english(sentence), roles()
    return [
        (word.start(), said)
        for word in _WORD.finditer(sentence)
        if (said := word.group().lower()) not in known and said not in _SPEAKERS
        if (unit := units.of(said, english=english)) and unit[1] == "people"
    ]


def whose_age(sentence: str, start: int, end: int) -> str:
    """Whose age stands at [start, end): the people or the name behind "nine-year-old", else before it; or ""."""
    behind = "old" in sentence[start:end].lower()
    near = _WORD.findall(sentence[end : end + ROLE_REACH])[:AGED_WORDS_MAX]
    if not behind:
        near = _WORD.findall(sentence[max(0, start - ROLE_REACH) : start])[: -AGED_WORDS_MAX - 1 : -1]
    people = (word.lower() for word in near if (unit := units.of(word)) and unit[1] == "people")
    names = list(takewhile(lambda word: word[:1].isupper(), near))
    return next(people, "") or (names[-1 if behind else 0] if names else "")


def attributions(sentence: str) -> Iterator[str]:
    """Whom a sentence names as its source: persons, outlets, ministries, and unnamed sources as described."""
    for found in _ACCORDING.finditer(sentence):
        if not _reason(found):
            yield _trimmed(found.group("who"))
    for found in _SAID.finditer(sentence):
        who = _trimmed(found.group("who"))
        verb = found.group().rpartition(" ")[2]
        is_verb = not speaking_verbs.is_noun(verb, sentence[found.end() : found.end() + CLAUSE_CHARS].split())
        if is_verb and (who.split()[0].lower() not in _NOT_NAMES or " " in who):
            yield who
    for pattern in (_TAIL_SAID, _SAID_TAIL, _DASHED):
        tail = pattern.search(sentence.rstrip(" ."))
        if tail and not (pattern is _DASHED and _prints(tail.group("who"))):
            yield _trimmed(tail.group("who"))


def _reason(found: re.Match[str]) -> bool:
    """Whether "citing" gives a reason and no source: "closes pool, citing violence"."""
    words = found["who"].split()
    cites = found.group()[:6].lower() in ("citing", "quotin")
    return cites and words[0].islower() and _WITNESSES.isdisjoint(word.rstrip("s") for word in words)


def _prints(who: str) -> bool:
    """Whether a name behind a dash is an outlet's, which signs a headline and says nothing in it."""
    return _OUTLET.search(who) is not None or not _OUTLETS.isdisjoint(who.lower().split())


def _trimmed(who: str) -> str:
    who = _WHO_ENDS.sub("", who.strip())
    return " ".join(who.split()[:SOURCE_WORDS_MAX]).strip(" '’\"")
