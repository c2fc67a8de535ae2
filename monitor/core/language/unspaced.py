"""Words of scripts that put no spaces between them: Chinese and Japanese, Thai, Lao, Khmer and Burmese.

No dictionary: Japanese changes its script where a word ends (names in katakana, matter in Han signs, endings in
hiragana, which mean nothing here); elsewhere all pairs of neighbouring signs stand for the words, as in search engines
without one ("CJK bigrams", Lucene's CJKAnalyzer), and runs of letters in the alphabets of South East Asia. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_HIRAGANA = "\u3041-\u309f"
_SOUTH_EAST = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
_UNSPACED = re.compile(f"[{_HAN}{_KATAKANA}{_HIRAGANA}{_SOUTH_EAST}]")
_PIECE = re.compile(f"[{_HAN}{_SOUTH_EAST}]")
_KANA = re.compile(f"[{_KATAKANA}{_HIRAGANA}]")
_RUN = re.compile(
    f"([{_HAN}]+)|([{_KATAKANA}]+)|[{_HIRAGANA}]+|([{_SOUTH_EAST}]+)|[^{_HAN}{_KATAKANA}{_HIRAGANA}{_SOUTH_EAST}]+"
)
# Signs of a Japanese word of Han signs that is taken whole; what is longer is several (set: most have two, few four).
WHOLE_MAX = 3
PAIR = 2  # signs, see above
LETTERS = 5  # letters that stand for a word of Thai and its like, whose words have four to six (set)


def is_piece(word: str) -> bool:
    """Whether a word was taken apart, or might be a part of others: Han signs, and letters of South East Asia."""
    return _PIECE.match(word) is not None


def apart(words: list[str], text: str) -> list[str]:
    """These words of a text, those without spaces taken apart; the same list where there are none."""
    if text.isascii() or not _UNSPACED.search(text):
        return words
    japanese = _KANA.search(text) is not None
    return [part for word in words for part in (_parts(word, japanese) if _UNSPACED.search(word) else (word,))]


def _parts(word: str, japanese: bool) -> Iterator[str]:
    for run in _RUN.finditer(word):
        han, katakana, letters = run.groups()
        if han:
            yield from (han,) if japanese and len(han) <= WHOLE_MAX else _grams(han, PAIR)
        elif letters:
            yield from _grams(letters, LETTERS)
        elif katakana:
            if len(katakana) > 1:
                yield katakana
        elif not _KANA.match(run.group()):
            yield run.group()


def _grams(run: str, size: int) -> Iterator[str]:
    yield from (run[at : at + size] for at in range(max(1, len(run) - size + 1)))
