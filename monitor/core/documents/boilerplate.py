"""The furniture of a page: clocks, counters, advertisements and link lists, which change while the article does not."""

from __future__ import annotations

import re
from functools import cache

from monitor import data
from monitor.core.text import clean, sentences

_LONG = re.compile(r"([^\n]{3000}[^\s]{0,200})(?:[^\S\n]|(?=[^\n]))")
_FURNITURE = re.compile(data.patterns("page_line"), re.IGNORECASE)
_CLOCKS = re.compile(data.patterns("clock"), re.IGNORECASE)
LINE_CHARS_MAX = 20_000  # characters looked at of a line (set)

# Glued by content systems to the words around them; dropped wherever they stand.
_GLUED = re.compile(data.patterns("glued"), re.I | re.M)
_READ_ALSO = data.patterns("read_also")
_TEASER = re.compile(
    rf"^\s*(?:⋙|>>|»|►|▶)|^\W*(?:{_READ_ALSO})\s*+(?:[⋙»:：].{{0,300}}|)$|^\s*(?:{_READ_ALSO})\s*+[⋙»]", re.I
)
_BARE = re.compile(rf"^\W*(?:{data.patterns('bare_line')})\W*$", re.I)
# Markdown: a heading, or a line that is emphasised as a whole.
_MARKED = re.compile(r"#{1,6}\s+(?P<heading>\S.*)|(?P<mark>\*{1,3}|_{1,3})(?P<said>[^*_]+)(?P=mark)")
# Scripts that put no space between words.
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{2}")

_MARK_END = r"(?:\s?\d{1,2})?(?:\s?[)\]】）〕］]{1,2}\s?|\s?[:：|•·]\s?|\s?[–—-]\s|\s?\+{2,4}\s?)"
# How many marks a headline may wear: "(LEAD) (URGENT) EXCLUSIVE:".
MARKS_MAX = 4
MARK_CHARS_MAX = 60  # characters of a clock or counter (set)
ASKING_WORDS_MAX = 8  # words of a paragraph that but asks: "Already a subscriber? Sign in" (set)
FURNITURE_CHARS_MAX = 400  # characters of a line that may be furniture; longer ones are text (set)


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = {word for row in data.rows("headline_marks.tsv") for word in row[0].split("|")}
    named = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    before = rf"\W{{0,4}}(?<![^\W_])(?:{named}){_MARK_END}"
    behind = (
        rf"\s?[(\[【（]\s?(?:{named})\s?[)\]】）]\W{{0,2}}$|\s[|–—-]\s(?:{named})\W{{0,2}}$"
        rf"|\s[|–—-]\s(?:\d{{1,2}}\.?\s[^\W\d_]{{3,12}}\s\d{{4}}|[^\W\d_]{{3,12}}\s\d{{1,2}},?\s\d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})$"
    )
    return re.compile(before, re.IGNORECASE), re.compile(behind, re.IGNORECASE)


def is_furniture(sentence: str) -> bool:
    """Whether a sentence serves the page: who wrote it, where it first stood, what readers are asked to do."""
    return data.matcher("furniture.tsv")(sentence[:FURNITURE_CHARS_MAX])


def is_closing_line(sentence: str) -> bool:
    """Whether a line at the end of a text speaks of the outlet or to its reader: where it is shown, who may copy it."""
    return data.matcher("closing_lines.tsv")(sentence[:FURNITURE_CHARS_MAX])


def without_marks(headline: str) -> str:
    """A headline without what newsrooms put before and behind it: "(2nd LD)", "SON DAKİKA:", "[Photo]"."""
    before, behind = _marks()
    for _ in range(MARKS_MAX):
        found = before.match(headline.replace("İ", "i"))
        if not found or not headline[found.end() :].strip():
            break
        headline = headline[found.end() :]
    body, tail = headline[:-MARK_CHARS_MAX], headline[-MARK_CHARS_MAX:]
    found = behind.search(tail)
    return body + tail[: found.start()] if found else headline


def without(text: str) -> str:
    """The text without clocks, counters, advertisements and link lists, and without lines of absurd length.

    The first line, which is the headline or the lead, is never taken for furniture.
    """
    lines = text.splitlines()
    kept = [line for index, line in enumerate(lines) if index == 0 or not _FURNITURE.match(line.strip())]
    return _LONG.sub("\\1\n", _CLOCKS.sub(" ", "\n".join(kept)))


def lines(content: str) -> list[str]:
    """The clean lines of a text with something said in them, without advertisements and teasers."""
    found = [clean(line, LINE_CHARS_MAX) for line in _GLUED.sub("\n", content).splitlines() if line]
    plain = [(m["heading"] or m["said"]).strip(" *_") if (m := _MARKED.fullmatch(line)) else line for line in found]
    return [line for line in plain if any(map(str.isalnum, line)) and not _TEASER.match(line) and not _BARE.match(line)]


def _asks(line: str) -> bool:
    """Whether a paragraph of some sentences asks its reader as a whole: "Subscribe to read on. Try for $1."."""
    whole = len(line) <= FURNITURE_CHARS_MAX and is_furniture(line)
    return whole and (is_closing_line(line) or len(line.split()) <= ASKING_WORDS_MAX)


def words(text: str) -> int:
    """About how many words a text has; two letters are one where words are not spaced."""
    return len(text.split()) + len(UNSPACED.findall(text))


def once(body: list[str], *, furniture: bool = True) -> list[str]:
    """Paragraphs, each sentence once: ads leave halves of the title and repeats behind. Furniture only where wanted."""
    seen: set[str] = set()
    kept = []
    for line in body:
        fresh = []
        if not furniture and _asks(line):
            continue
        for sentence in sentences(line):
            if sentence.lower() not in seen and (furniture or not is_furniture(sentence)):
                seen.add(sentence.lower())
                fresh.append(sentence)
        if fresh:
            kept.append(" ".join(fresh))
    return kept
