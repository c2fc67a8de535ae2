"""What speaks for a line being a notice, serving the page or being news, whatever its wording and language.

A line is weighed beside the text it stands in: whether it takes up words, names and figures of it, which telling words
of notices and of pages it has and where, how it is built, and of which letters. The weights are fitted on labelled
lines (bench/line_weights.py). Notices and lines that serve the page are told apart by one model, since what speaks of
the text it stands in is mostly one of both. Beside the sum of weights it has a layer of rectified units over the shape
of the line and its telling words (Goodfellow, Bengio, Courville: Deep Learning, 2016, 6.3), by which what one feature
says may hang on several others: log odds = bias + w x + p g / sqrt(pieces) + v max(0, b + A x), with features x,
pieces of words g, so many of these, and the fitted w, p, v, b and A.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations, pairwise
from typing import Literal

from monitor import data
from monitor.core.documents import boilerplate, notice_grammar, notice_voice, notice_words
from monitor.core.language import dates
from monitor.core.text import sentences

Kind = Literal["notice", "service", "news"]
LAYER = "layer"  # what rows of the table begin with that give a feature's weights for the units, not for a kind
LINE_CHARS_MAX = 500  # characters read of a line; longer ones are text (set)
TEXT_CHARS_MAX = 8000  # characters read of the text it stands in (set)
REST_CHARS_MAX = 1000  # of these, characters in which telling words are looked for (set)
GRAM_CHARS = 4  # letters of a piece of a word; in scripts without blanks one to three (set on labelled lines)
HEAD_CHARS, HEAD_CHARS_MIN = 5, 4  # letters by which words of one stem agree, and of words that are compared (set)
NAME_CHARS = 6  # letters by which names agree: some languages inflect them (set)
SHARED_MAX = 4  # words in common with the text from which more say no more (set)
ARTICLE_CHARS = 6  # characters before the first word that means something: an article (set)
# Telling words that say something of a line where the text around it has them.
AROUND = frozenset((
    "acts", "wrong", "fixed", "undone", "label", "own", "text", "sorry", "changed", "told", "part", "pardon", "unlike",
    "asks", "says",
))  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[^\W_] )[A-ZÀ-ÞА-ЯЁІЇЄΑ-Ω][\w’'-]{2,}")
_COLON = re.compile(r"[\W_]*[^\n:：]{2,30}[:：]\s?\S")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b|\d[時点시]")
_LINK = re.compile(r"[@/]|www|http|\.(?:example|com|org)\b")
_QUOTE = re.compile(r'["“«„「『]')
_ENDS = tuple('.!?。…؟।)”»"）')
_BRACKETS = tuple("([（【[*")
_FAULTS = notice_voice.FAULTS - {"right", "other"}


def score(kind: Kind, line: str, features: Mapping[str, float]) -> float:
    """How much more likely than not a line of these features is of a kind, in natural log odds.

    What serves the page is weighed against what tells of the matter; a notice against both.
    """
    line, weights = line[:LINE_CHARS_MAX], _weights()
    if kind == "news":
        return total(weights[kind], line, features)
    features = {**features, **units(_layer(), features)}
    found = total(weights[kind], line, features)
    if kind != "notice":
        return found
    service = total(weights["service"], line, features)
    return found - max(service, 0.0) - math.log1p(math.exp(-abs(service)))


def of_pages(line: str, text: str) -> dict[str, float]:
    """What speaks for a line being a notice or serving the page, beside its letters; `text` is what it is put into."""
    return shape(line, text) | telling(line, text)


def total(weights: Mapping[str, float], line: str, features: Mapping[str, float]) -> float:
    """The sum of the weights of a line's features, and of its pieces of words divided by the root of their number."""
    found = [weights[gram] for gram in grams(line) if gram in weights]
    built = math.fsum(weights.get(name, 0.0) * value for name, value in features.items())
    return weights["bias"] + built + math.fsum(found) / math.sqrt(max(1, len(found)))


def units(layer: Mapping[str, Sequence[float]], features: Mapping[str, float]) -> dict[str, float]:
    """The rectified units of a layer, which has of each feature a weight for every unit, as further features."""
    sums = layer.get("bias", ())
    for name, value in features.items():
        if name in layer:
            sums = [before + value * weight for before, weight in zip(sums, layer[name], strict=True)]
    return {f"unit {place}": found for place, found in enumerate(sums) if found > 0}


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for kind, name, weight in data.rows("line_weights.tsv"):
        if kind != LAYER:
            table.setdefault(kind, {})[name] = float(weight)
    return table


@cache
def _layer() -> Mapping[str, Sequence[float]]:
    rows = data.rows("line_weights.tsv")
    return {name: tuple(map(float, weights.split())) for kind, name, weights in rows if kind == LAYER}


def grams(line: str) -> frozenset[str]:
    """The words of a line behind ":", and pieces of words behind "="; "_" stands for a word's end, 0 for any figure."""
    found = set[str]()
    for token in _TOKEN.findall(unicodedata.normalize("NFC", line.lower())):
        if notice_words.is_unspaced(token):
            found.update(f"={token[at : at + size]}" for size in (1, 2, 3) for at in range(len(token) - size + 1))
            continue
        found.add(":0" if token.isdigit() else f":{token}")
        whole = f"_{token}_" if len(token) > 1 else ""
        found.update(f"={whole[at : at + GRAM_CHARS]}" for at in range(len(whole) - GRAM_CHARS + 1))
    return frozenset(found)


def shape(line: str, text: str) -> dict[str, float]:
    """How a line is built and what it has in common with the text around it, each 0..1 but for its length."""
    line, text = line[:LINE_CHARS_MAX], text[:TEXT_CHARS_MAX]
    heads, figures, names = _heads(line), set(_FIGURE.findall(line)), _names(line)
    shared = len(heads & _heads(text))
    there, known = set(_FIGURE.findall(text)), {word[:NAME_CHARS] for word in _WORD.findall(text.lower())}
    words = len(line) / 2 if notice_words.is_unspaced(line) else len(line.split())
    features = {
        "shared words": min(shared, SHARED_MAX) / SHARED_MAX,
        "share of words": shared / max(1, len(heads)),
        "figure of the text": not figures.isdisjoint(there),
        "figure of its own": not figures <= there,
        "two figures": len(figures) > 1,
        "name of the text": not names.isdisjoint(known),
        "name of its own": not names <= known,
        "asked": any(mark in line for mark in "?？؟"),
        "linked": _LINK.search(line) is not None,
        "©": "©" in line,
        "headed": _COLON.match(line) is not None,
        "two colons": sum(map(line.count, ":：")) > 1,
        "bracketed": line.startswith(_BRACKETS),
        "no stop": not line.rstrip().endswith(_ENDS),
        "clock": _CLOCK.search(line) is not None,
        "quoted": _QUOTE.search(line) is not None,
        "called out": "!" in line,
        "length": math.log1p(words),
        "two sentences": len(sentences(line)) > 1,
    }
    return {name: float(value) for name, value in features.items() if value}


def telling(line: str, text: str) -> dict[str, float]:
    """The telling words that a line has, each two of them, those at its head, of its second sentence and around it."""
    line, text = line[:LINE_CHARS_MAX], text[:TEXT_CHARS_MAX]
    parts = sentences(line)
    first, behind = parts[0] if parts else line, " ".join(parts[1:])
    read = notice_words.remembered(notice_grammar.cut(first))
    around = [
        reading
        for language, reading in notice_words.remembered(text[:REST_CHARS_MAX]).items()
        if not read or language in read
    ]
    has, near = _classes(read.values()), _classes(around)
    features = {
        **{f"has {name}": True for name in has},
        **{f"has {one} and {other}": True for one, other in combinations(sorted(has), 2)},
        **{f"then {name}": True for name in _classes(notice_words.remembered(behind).values())},
        **{f"first {name}": True for name in _at_the_head(read.values())},
        **{f"around {name}": True for name in near & AROUND},
        "nothing": not has,
        "around a fault": not near.isdisjoint(_FAULTS - {"as", "changed"}),
        "around faults": len(near & _FAULTS) > 1,
        "excused": notice_voice.excused(first, " ".join(sentences(text)[:2])),
        "here": notice_voice.speaks_of_here(first),
        "furniture": any(map(boilerplate.is_furniture, parts)),
        "closing": any(map(boilerplate.is_closing_line, parts)),
    }
    return {name: float(value) for name, value in features.items() if value}


def _at_the_head(readings: Iterable[notice_words.Reading]) -> set[str]:
    """The telling words with which a line begins, an article before them at most: what it is of."""
    spans = ((name, begin) for reading in readings for name, places in reading.spans.items() for begin, _ in places)
    return {name for name, begin in spans if begin <= ARTICLE_CHARS}


def _classes(readings: Iterable[notice_words.Reading]) -> set[str]:
    return {name for reading in readings for name in reading.spans}


def _names(line: str) -> set[str]:
    """How the names of a line begin: what is written with a capital amid it, and is no month."""
    return {name.lower()[:NAME_CHARS] for name in _NAME.findall(line) if not dates.is_month(name.lower())}


def _heads(text: str) -> frozenset[str]:
    """How the longer words of a text begin; where words are not spaced, each two letters of it."""
    words = _WORD.findall(text.lower())
    unspaced = (pair for word in words if boilerplate.UNSPACED.search(word) for pair in map("".join, pairwise(word)))
    return frozenset(
        (
            *unspaced,
            *(w[:HEAD_CHARS] for w in words if len(w) >= HEAD_CHARS_MIN and not boilerplate.UNSPACED.search(w)),
        )
    )
