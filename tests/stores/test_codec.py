"""Rows that every visit reads and writes come back as they were, those of earlier versions too."""

from __future__ import annotations

import json

import pytest

from monitor.core import count_min
from monitor.model import Everyday, Marked
from monitor.stores import codec

MARKS = [
    {},
    {"00aa": Marked("e1", "2026-06-23T10:09:55.000000Z"), "11bb": Marked("e2")},
    {f"{number:016x}": Marked(f"e{number:016}", "") for number in range(300)},
]
WORDS = [{}, {"zürich": 9, "북한": 1, "o'hara": 30}]


@pytest.mark.parametrize("marks", MARKS)
def test_marks_come_back(marks: dict[str, Marked]) -> None:
    assert codec.load_marks(codec.save_marks(marks)) == marks
    earlier = json.dumps({mark: (each.key, each.published) for mark, each in marks.items()})
    assert codec.load_marks(codec.pack(earlier)) == marks


@pytest.mark.parametrize("words", WORDS)
def test_everyday_words_come_back(words: dict[str, int]) -> None:
    known = Everyday(300, count_min.of(words))
    assert codec.load_everyday(codec.save_everyday(known)) == known
    in_json = codec.pack(json.dumps({"entries": 300, "words": words}))
    in_columns = codec.pack("\n".join(("300", " ".join(words), " ".join(map(str, words.values())))))
    assert codec.load_everyday_words(in_json) == codec.load_everyday_words(in_columns) == known


def test_equal_contents_of_one_site_lie_side_by_side() -> None:
    one, other, elsewhere = (
        codec.fingerprint(text, f"https://{host}/x")
        for text, host in (("a", "bridge.example"), ("b", "bridge.example"), ("a", "elsewhere.example"))
    )
    assert one[:4] == other[:4] != elsewhere[:4]
    assert len({one, other, elsewhere}) == 3 and len(one) == 32
    assert codec.fingerprint("a", "") == codec.fingerprint("a", "urn:x")
