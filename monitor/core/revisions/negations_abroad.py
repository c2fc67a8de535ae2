"""A "not" that came or went in a sentence outside English which otherwise stayed: "wird nicht geschlossen".

English sentences are read word by word (`facts`). Of other languages only the words and letters that say no are known;
what is left of both versions without them must be nearly the same, else it is another sentence and not its contrary.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache

from rapidfuzz import fuzz

from monitor import data
from monitor.core.language import vocabulary
from monitor.core.revisions.findings import Finding, Versions, made
from monitor.core.text import fold

# Likeness of both versions without their negations, in percent, from which they are one sentence (set by reading).
SPACED_RATIO, UNSPACED_RATIO = 70.0, 74.0
SENTENCES_MAX = 60  # sentences of either version that are compared (set)
READ_CHARS_MAX = 600  # characters read of a sentence (set)
SHOWN_CHARS_MAX = 40  # characters behind a negation in which the word it denies is looked for (set)
VERB_LETTERS_MIN = 5  # letters of a verb that Turkish says no within: shorter ones differ by such letters anyway (set)
_SCRIPTS = (  # whose words stand without spaces, or end in a negation
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
)
_BY_LETTERS = frozenset(("ja", "zh", "ko", "th"))
_WORD = re.compile(r"[^\W\d_](?:[\u0300-\u036f\u0900-\u0dff\u200c]|[^\W_])*")


@cache
def _table() -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for languages, form, of_it in data.rows("negations_abroad.tsv"):
        for language in languages.split():
            found[language, form] += tuple(of_it.split())
    return dict(found)


@lru_cache(maxsize=64)  # a few languages go together
def _words(languages: frozenset[str]) -> re.Pattern[str]:
    every = sorted({fold(word) for language in languages for word in _table().get((language, "word"), ())})
    return re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in every) or "(?!)")


@lru_cache(maxsize=64)  # a few languages go together
def _signs(languages: frozenset[str]) -> re.Pattern[str] | None:
    """Letters that say no, each as a group, or words that only have such letters."""
    signs, but = (
        "|".join(sign for language in sorted(languages) for sign in _table().get((language, form), ()))
        for form in ("signs", "but")
    )
    return re.compile(f"{but}|({signs})" if but else f"({signs})") if signs else None


def _languages(text: str) -> frozenset[str]:
    """The languages that a text may be in, by its commonest words or its script."""
    script = next((language for language, letters in _SCRIPTS if letters.search(text)), None)
    return frozenset((script, "any")) if script else vocabulary.likeliest(text) | {"any"}


def _apart(sentence: str, languages: frozenset[str]) -> tuple[list[tuple[int, int]], str]:
    """Where a sentence has negations, and what it is without them."""
    signs, words = _signs(languages), _words(languages)
    found = [match.span() for match in _WORD.finditer(sentence) if words.fullmatch(fold(match.group()))]
    if signs is not None:
        found = sorted({*found, *(match.span() for match in signs.finditer(sentence) if match[1])})
    rest, at = "", 0
    for start, end in found:
        rest, at = rest + sentence[at : max(at, start)], max(at, end)
    return found, rest + sentence[at:]


def _shown(sentence: str, span: tuple[int, int]) -> tuple[str, str]:
    """A negation with the word behind it, and that word alone: "nicht geschlossen", "geschlossen"."""
    start, end = span
    behind = _WORD.search(sentence, end, end + SHOWN_CHARS_MAX)
    return (sentence[start : behind.end()], behind.group()) if behind else (sentence[start:end], "")


def _is_rest_alike(old: str, new: str, languages: Collection[str]) -> bool:
    """Whether two sentences without their negations are one: by letters where words are long, else by roots."""
    if not _BY_LETTERS.isdisjoint(languages):
        return fuzz.ratio(old, new) >= UNSPACED_RATIO
    one, other = ([vocabulary.root(fold(word)) for word in _WORD.findall(text)] for text in (old, new))
    shared = sum(min(one.count(root), other.count(root)) for root in set(one))
    return 200 * shared >= SPACED_RATIO * (len(one) + len(other)) > 0


def _glued(positive: str, negative: str, languages: frozenset[str]) -> bool:
    """Whether a word is another with letters that say no before or within it: "bude" -> "nebude"."""
    for language in languages:
        if any(negative == off + positive for off in _table().get((language, "off"), ())):
            return True
        if len(positive) < VERB_LETTERS_MIN:
            continue
        for inner in _table().get((language, "within"), ()):
            found = negative.find(inner, 2)
            while found > 0:
                if negative[:found] + negative[found + len(inner) :] == positive:
                    return True
                found = negative.find(inner, found + 1)
    return False


def flipped(old: str, new: str, languages: frozenset[str]) -> tuple[str, str] | None:
    """What one of two versions of a sentence says no to and the other says, as (before, after); None where neither."""
    old, new = old[:READ_CHARS_MAX], new[:READ_CHARS_MAX]
    (was, before), (now, after) = _apart(old, languages), _apart(new, languages)
    if not _is_rest_alike(before, after, languages):
        return None
    if bool(was) != bool(now):
        denied, said = _shown(old, was[0]) if was else _shown(new, now[0])
        return (denied, said) if was else (said, denied)
    one, other = _WORD.findall(before), _WORD.findall(after)
    gone, fresh = ([word for word in own if word not in rest] for own, rest in ((one, other), (other, one)))
    for left, right in zip(gone, fresh, strict=False):
        low, high = sorted((fold(left), fold(right)), key=len)
        if _glued(low, high, languages):
            return left, right
    return None


def find(both: Versions) -> Iterator[Finding]:
    """Sentences outside English that say no in one version only, each with the one that stood in its place."""
    english = vocabulary.is_english(both.new.text)
    added = [
        part for part in both.added.sentences[:SENTENCES_MAX] if not (english and vocabulary.is_english(part.text))
    ]
    removed = both.removed.sentences[:SENTENCES_MAX] if added else ()
    languages = _languages(both.new.text) if removed else frozenset[str]()
    for part in added:
        turned = next((turned for old in removed if (turned := flipped(old.text, part.text, languages))), None)
        if turned is not None:
            yield made("negation", *turned, part.text, "negation flipped")
