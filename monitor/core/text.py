"""Text from outside: made plain, made clean, cut into words and sentences, and folded for comparison."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata

MARKS_MAX = 4

_DROPPED = re.compile(r"<(script|style|noscript|template|iframe|svg)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>", re.S)
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|section|article|figure|hr)\b[^<>]*>", re.I
)
_TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:['’]\w+)?", re.UNICODE)
_QUOTES = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-",
    "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "…": "...", "\u00a0": " ", "\u202f": " ",
})  # fmt: skip
_END = re.compile(r"[.!?。！？…]+[\"'”’»)\]]*(?=\s+|$)|[。！？]")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Sgt|Capt|Maj|Adm|Sen|Rep|Gov|Pres|St|Jr|Sr|vs|etc|Inc|Ltd|Corp|Co|No"
    r"|Nos|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|est|Rev|Hon|Fr|Bros|Ave|Blvd|Rd|e\.g|i\.e|cf|al|p|pp)"
    r"|(?:\b[A-Za-z]\.)+[A-Za-z])\.$"
)  # fmt: skip


def plain(markup: str) -> str:
    """Markup to plain text: blocks become line breaks, entities are decoded once, scripts and styles are gone."""
    text = _DROPPED.sub(" ", _COMMENT.sub("", markup)) if "<" in markup else markup
    if "<" in text:
        text = _TAG.sub("", _BLOCK.sub("\n", text))
    return html.unescape(text) if "&" in text else text


def clean(text: str, chars_max: int) -> str:
    """NFC without control, format and bidi characters, lone surrogates as U+FFFD, at most 4 marks a base, one line."""
    text = text[: 4 * chars_max]
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8") if _lone(text) else text)
    if not text.isprintable():
        text = "".join(_visible(char) for char in text)
    if not text.isascii():
        text = _without_piled_marks(text)
    return _SPACE.sub(" ", text).strip()[:chars_max].rstrip()


def _lone(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") else char


def _without_piled_marks(text: str) -> str:
    marks, kept = 0, []
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MARKS_MAX:
            kept.append(char)
    return "".join(kept)


def fold(text: str) -> str:
    """For comparison only: case folded, accents dropped, quotes and dashes of one kind."""
    if text.isascii():
        return text.lower()
    text = text.translate(_QUOTES)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(char for char in text if not unicodedata.combining(char) or char in "\u3099\u309a")
    # Hangul and kana come apart in NFKD; put them back together so that words stay whole.
    return unicodedata.normalize("NFC", folded)


def words(text: str) -> list[str]:
    """Folded words of letters and digits in any script; "10,000" and "3.5" stay whole, possessive 's is dropped."""
    return [word.removesuffix("'s") for word in _WORD.findall(fold(text))]


def fingerprint(text: str) -> str:
    """A short stable hash of the folded words: equal for texts that differ in case, marks or punctuation only."""
    return hashlib.blake2b(" ".join(words(text)).encode("utf-8", "replace"), digest_size=10).hexdigest()


def paragraphs(text: str) -> list[str]:
    """Lines with something in them."""
    return [line for line in (_SPACE.sub(" ", line).strip() for line in text.splitlines()) if line]


def sentences(text: str) -> list[str]:
    """Sentences of a text, paragraph by paragraph; abbreviations (N., U.S., Gen.) and decimals do not end one."""
    found = []
    for paragraph in paragraphs(text):
        start = 0
        for end in _END.finditer(paragraph):
            head = paragraph[start : end.end()]
            rest = paragraph[end.end() :].lstrip()
            if end.group() == "." and (_ABBREVIATION.search(head[-12:]) or (rest[:1].islower())):
                continue
            if head.strip():
                found.append(head.strip())
            start = end.end()
        if paragraph[start:].strip():
            found.append(paragraph[start:].strip())
    return found
