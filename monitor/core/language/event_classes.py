"""What happens in a text, by kinds of the world: arrests, charges, tolls, resignations, openings, votes.

A word of several kinds ("strike", "fire") keeps them all, so that it agrees with each and speaks against none. A kind
may be a step of its story: "detained" and "charged" are two steps, whatever else the sentences share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor import data
from monitor.core.language import proper_names
from monitor.core.language.lexicon import WORD
from monitor.core.language.words import stem, unelided
from monitor.core.text import words

BEGINNING_LETTERS_MIN = 2  # letters of a beginning: a word of Korean has two (set)
BEHIND_WORDS = 5  # words behind a verb in which the rest of its phrase stands: "tritt nach Kritik zurück" (set)
# What begins what is named behind it, at most an article between: investigations are opened, appeals launched.
BEGINNINGS, ARTICLES = frozenset({"open", "launch", "start"}), frozenset({"a", "an", "its", "their", "the"})
# "Museum director goes": who holds an office leaves that, where nothing else is named that he leaves.
_OFFICES = data.words("offices") | data.words("heads")
_LEAVES = frozenset(("quits", "quit", "leaves", "goes", "exits", "departs", "walks", "out"))
_WHY = frozenset(("after", "over", "amid", "as", "following", "early", "immediately"))
_RESIGNS = frozenset(("resign",))


@dataclass(frozen=True, slots=True)
class Act:
    """A word or phrase that says what happens: where it begins among the words, and the classes that it may mean."""

    at: int
    word: str
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Table:
    stems: dict[str, frozenset[str]]
    written: dict[str, frozenset[str]]
    phrases: dict[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]
    steps: dict[str, str]


@cache
def _table() -> _Table:
    stems: dict[str, set[str]] = defaultdict(set)
    written: dict[str, set[str]] = defaultdict(set)
    phrases: dict[tuple[str, ...], set[str]] = defaultdict(set)
    steps: dict[str, str] = {}
    for name, step, spellings in data.rows("event_classes.tsv"):
        if step != "-":
            steps[name] = step
        for spelling in spellings.split():
            parts = tuple(words(spelling.lstrip("=").replace("_", " ").replace("-", " ")))
            if len(parts) > 1:
                phrases[parts].add(name)
            elif spelling.startswith("="):
                written[parts[0]].add(name)
            else:
                stems[stem(parts[0])].add(name)
    by_first: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = defaultdict(list)
    for parts in sorted(phrases, key=lambda parts: (-len(parts), parts)):
        by_first[parts[0]].append((parts, frozenset(phrases[parts])))
    return _Table(
        {key: frozenset(names) for key, names in stems.items()},
        {key: frozenset(names) for key, names in written.items()},
        {key: tuple(found) for key, found in by_first.items()}, steps,
    )  # fmt: skip


def find(folded: Sequence[str]) -> tuple[Act, ...]:
    """The acts among folded words (`text.words`), in order; a phrase counts before its words."""
    table, found, at = _table(), [], 0
    while at < len(folded):
        for parts, names in table.phrases.get(folded[at], ()):
            if tuple(folded[at : at + len(parts)]) == parts:
                found.append(Act(at, " ".join(parts), names))
                at += len(parts)
                break
        else:
            if names := _RESIGNS if _leaves_office(folded, at) else of_word(folded[at]):
                found.append(Act(at, folded[at], names))
            at += 1
    return tuple(act for place, act in enumerate(found) if not _begins_next(found[place : place + 2], folded))


def _leaves_office(folded: Sequence[str], at: int) -> bool:
    """Whether who holds an office leaves it: "manager quits", "chief leaves after fire"; not "leaves for Oslo"."""
    follows = folded[at + 1] if at + 1 < len(folded) else ""
    return folded[at] in _LEAVES and at > 0 and folded[at - 1] in _OFFICES and (not follows or follows in _WHY)


def of_text(said: str) -> tuple[Act, ...]:
    """The acts of a text; a word of a name ("Orlik Press") is none."""
    found = find(words(said))
    if not found or said.islower():
        return found
    # Words of names have capitals: where no act has one, names need not be looked for, which takes longer than acts.
    capitals = {word for token in WORD.findall(said) if token[0].isupper() for word in words(token)}
    if not any(capitals.issuperset(act.word.split()) for act in found):
        return found
    names = {word for name in proper_names.find(said) for word in words(name)}
    return tuple(act for act in found if not names.issuperset(act.word.split()))


def _begins_next(acts: Sequence[Act], folded: Sequence[str]) -> bool:
    """Whether the first of two acts is but the verb of the second: "opened an investigation" opens nothing."""
    if len(acts) < 2 or not acts[0].classes <= BEGINNINGS:
        return False
    between = folded[acts[0].at + 1 : acts[1].at]
    return not between or (between[0] in ARTICLES and len(between) == 1)


@lru_cache(maxsize=20_000)
def of_word(word: str) -> frozenset[str]:
    """The classes of one folded word."""
    table = _table()
    return table.written.get(word, frozenset()) | table.stems.get(stem(word), frozenset())


@cache
def _abroad() -> tuple[dict[str, frozenset[str]], int]:
    """Whole words and beginnings ("=" and "") of other languages with their classes, and how long the longest is."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, spellings in data.rows("event_classes_abroad.tsv"):
        for spelling in spellings.split():
            if "_" not in spelling:
                found[spelling].add(name)
    return {key: frozenset(names) for key, names in found.items()}, max(map(len, found))


@lru_cache(maxsize=20_000)
def abroad(word: str) -> frozenset[str]:
    """The classes of one folded word of another language; the longest beginning counts."""
    table, longest = _abroad()
    beginnings = (word[:end] for end in range(min(len(word), longest), BEGINNING_LETTERS_MIN - 1, -1))
    return table.get(f"={word}") or next((table[begun] for begun in beginnings if begun in table), frozenset())


@cache
def _phrases_abroad() -> dict[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]:
    """By the first word: what must stand behind it, in this order, and the classes of both."""
    found: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = defaultdict(list)
    for name, spellings in data.rows("event_classes_abroad.tsv"):
        for first, *behind in (spelling.split("_") for spelling in spellings.split() if "_" in spelling):
            found[first].append((tuple(behind), frozenset((name,))))
    return {first: tuple(of) for first, of in found.items()}


def of_words_abroad(folded: Sequence[str]) -> Iterator[frozenset[str]]:
    """The classes of each folded word of another language, of a verb with what belongs to it: "wirft das Handtuch"."""
    plain = [unelided(word) for word in folded]
    for at, word in enumerate(plain):
        for parts, names in _phrases_abroad().get(word, ()):
            behind = iter(plain[at + 1 : at + 1 + BEHIND_WORDS])
            if all(part in behind for part in parts):
                yield names
                break
        else:
            yield abroad(word)


def classes(acts: Iterable[Act]) -> frozenset[str]:
    """Every class that some acts may mean."""
    return frozenset(name for act in acts for name in act.classes)


def meant(folded: Sequence[str]) -> frozenset[str]:
    """Every class that some folded words may mean, as words or as phrases: "walk out" is a strike."""
    return classes(find(folded)) | frozenset(name for word in folded for name in of_word(word))


def steps(acts: Iterable[Act]) -> frozenset[str]:
    """The steps that some acts may be."""
    return steps_of(classes(acts))


def steps_of(names: Iterable[str]) -> frozenset[str]:
    """The steps that some classes are of."""
    table = _table()
    return frozenset(table.steps[name] for name in names if name in table.steps)


def conflict(one: Sequence[Act], other: Sequence[Act]) -> bool:
    """Whether each of two texts tells a step and no word of the one may mean a step of the other."""
    return _tells_step(one) and _tells_step(other) and steps(one).isdisjoint(steps(other))


def _tells_step(acts: Iterable[Act]) -> bool:
    table = _table()
    return any(all(name in table.steps for name in act.classes) for act in acts)
