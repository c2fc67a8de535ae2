"""What speaks for a line being a notice, or one that serves the page, whatever its wording and language.

A line is weighed beside the text it stands in: whether it takes up words, names and figures of it, which telling words
of notices it has and where, how it is built, and of which letters. The weights are fitted on labelled lines
(bench/line_weights.py); a sum over zero is likelier one than not.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from typing import Literal

from monitor import data
from monitor.core.documents import boilerplate, notice_grammar, notice_voice, notice_words
from monitor.core.language import dates
from monitor.core.text import sentences

Kind = Literal["notice", "service"]
LINE_CHARS_MAX = 500  # characters read of a line; longer ones are text (set)
TEXT_CHARS_MAX = 8000  # characters read of the text it stands in (set)
REST_CHARS_MAX = 1000  # of these, characters in which telling words are looked for (set)
GRAM_CHARS = 4  # letters of a piece of a word; in scripts without blanks one to three (set on labelled lines)
HEAD_CHARS, HEAD_CHARS_MIN = 5, 4  # letters by which words of one stem agree, and of words that are compared (set)
NAME_CHARS = 6  # letters by which names agree: some languages inflect them (set)
SHARED_MAX = 4  # words in common with the text from which more say no more (set)
VOICES_MAX = 3  # times that a text says "we" from which its writer speaks and not the newsroom (set)
# Telling words that say more where a line begins with them, and those that say something of a whole text.
STARTS = (
    "self", "own", "wrong", "datum", "part", "not", "pardon", "unlike", "performs", "desk", "relative", "told", "asks",
    "changed", "edited", "fixed", "label", "corrects", "earlier", "body", "picture", "says", "adds", "foot", "reply",
    "text", "version",
)  # fmt: skip
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
_FAULTS = notice_grammar.FAULTS - {"right", "other"}


def score(kind: Kind, line: str, features: Mapping[str, float]) -> float:
    """How much more likely than not a line of these features is of a kind, in natural log odds."""
    weights = _weights()[kind]
    found = [weights[gram] for gram in grams(line[:LINE_CHARS_MAX]) if gram in weights]
    built = math.fsum(weights.get(name, 0.0) * value for name, value in features.items())
    return weights["bias"] + built + math.fsum(found) / math.sqrt(max(1, len(found)))


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for kind, name, weight in data.rows("line_weights.tsv"):
        table.setdefault(kind, {})[name] = float(weight)
    return table


def grams(line: str) -> frozenset[str]:
    """The words of a line and each two that follow each other, behind ":", and pieces of words behind "=".

    "_" stands for a word's end, 0 for any figure.
    """
    words: list[str] = []
    found = set[str]()
    for token in _TOKEN.findall(unicodedata.normalize("NFC", line.lower())):
        if token.isdigit():
            words.append("0")
        elif notice_words.is_unspaced(token):
            found.update(token[at : at + size] for size in (1, 2, 3) for at in range(len(token) - size + 1))
            words.append(token[:3])
        else:
            words.append(token)
            whole = f"_{token}_" if len(token) > 1 else ""
            found.update(whole[at : at + GRAM_CHARS] for at in range(len(whole) - GRAM_CHARS + 1))
    pairs = map(" ".join, pairwise(words))
    return frozenset((*(f"={piece}" for piece in found), *(f":{each}" for each in (*words, *pairs))))


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
    """The telling words of notices that a line has, begins with and has in its second sentence, and those around it."""
    line, text = line[:LINE_CHARS_MAX], text[:TEXT_CHARS_MAX]
    parts = sentences(line)
    first, behind = parts[0] if parts else line, " ".join(parts[1:])
    read = notice_words.remembered(notice_grammar.cut(first))
    around = {
        language: reading
        for language, reading in notice_words.read(text[:REST_CHARS_MAX]).items()
        if not read or language in read
    }
    has = {name for reading in read.values() for name in reading.spans}
    near = {name for reading in around.values() for name in reading.spans}
    features = {
        **{f"has {name}": True for name in has},
        **{
            f"begins {name}": True
            for name in STARTS
            if any(notice_grammar.begins(reading, name) for reading in read.values())
        },
        **{f"then {name}": True for reading in notice_words.remembered(behind).values() for name in reading.spans},
        **{f"around {name}": True for name in near & AROUND},
        "nothing": not has,
        "around a fault": not near.isdisjoint(_FAULTS - {"as", "changed"}),
        "around faults": len(near & _FAULTS) > 1,
        "voices": any(_voices(reading) >= VOICES_MAX for reading in around.values()),
        "excused": notice_voice.excused(first, " ".join(sentences(text)[:2])),
        "here": notice_voice.speaks_of_here(first),
        "addition": notice_voice.tells_of_addition(first),
        "furniture": any(map(boilerplate.is_furniture, parts)),
        "closing": any(map(boilerplate.is_closing_line, parts)),
        "labelled": notice_grammar.labelled(line),
    }
    return {name: float(value) for name, value in features.items() if value}


def _voices(reading: notice_words.Reading) -> int:
    return len({begin for begin, _ in reading.spans.get("own", ())})


def _names(line: str) -> set[str]:
    """How the names of a line begin: what is written with a capital amid it, and is no month."""
    return {name.lower()[:NAME_CHARS] for name in _NAME.findall(line) if not dates.is_month(name.lower())}


def _heads(text: str) -> frozenset[str]:
    """How the longer words of a text begin; where words are not spaced, each two letters of it."""
    return frozenset(_each_head(_WORD.findall(text.lower())))


def _each_head(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        if boilerplate.UNSPACED.search(word):
            yield from map("".join, pairwise(word))
        elif len(word) >= HEAD_CHARS_MIN:
            yield word[:HEAD_CHARS]
