"""Text from outside: made plain, made clean, cut into words and sentences, and folded for comparison.

Every function takes time linear in its text, whatever the text: most of them run in the daemon itself.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

from monitor import data

MARKS_MAX = 4  # marks on one letter: no language has more, and towers of them hide text (Unicode TR 36)
# Digits of a character reference: U+10FFFF has seven in decimal; one more is let pass for a leading zero.
CODE_DIGITS_MAX = 8

_RAW = re.compile(r"<(script|style|noscript|template|iframe|svg)\b(?:[^<>]*?(/)?>)?", re.I)
_RAW_END = {
    name: re.compile(rf"</{name}\s*>", re.I) for name in ("script", "style", "noscript", "template", "iframe", "svg")
}
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>", re.S)
# Inside a tag ">" may stand between quotes; where quotes do not pair up, the tag ends at its first ">".
_INSIDE = r"(?:(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>|[^<>]*>)"
_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|table|blockquote|section|article|aside|header|footer|nav|main"
    r"|figure|figcaption|hr|pre|address|title|body|option)\b" + _INSIDE,
    re.I,
)
_TAG = re.compile(r"</?[a-zA-Z!?]" + _INSIDE)
# What a publisher struck out no longer stands; at most a paragraph, so that an unclosed element hides nothing.
_STRUCK = re.compile(
    r"<(del|s|strike)(?:\s[^<>]{0,200})?>(?:[^<>]|<(?!/?(?:del|s|strike)\b)[^<>]{0,200}>){0,500}</\1\s{0,9}>\s?"
    r"|<span\s[^<>]{0,200}line-through[^<>]{0,200}>[^<>]{0,500}</span\s{0,9}>\s?",
    re.I,
)
# Both are looked for where one of their elements is: to know which there are takes a quarter of the time. Two letters
# beyond ASCII are others in small letters.
_ELEMENT = re.compile("<([a-zA-Z\u017f\u212a]+)")
_SELDOM_ELEMENTS = frozenset([*_RAW_END, "del", "s", "strike", "span"])
_CUT_TAG = re.compile(r"<[a-zA-Z][a-zA-Z0-9]*\s[^<>=]*=")
_REFERENCES = re.compile(r"(?:&#(?:[xX][0-9a-fA-F]+|[0-9]+);)+")
_LONE = re.compile("[\ud800-\udfff]")
# Selectors, joiners and fillers that show nothing, although Unicode counts them among marks and letters.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# What joins letters into one shape that no line can be broken in (UAX #29): parts of Hangul syllables, viramas between
# consonants, marks that are written before their letter. Words have a few in a row; a thousand widen any page and mail.
_LEADS, _VOWELS, _TAILS = "\u1100-\u115e\ua960-\ua97c", "\u1161-\u11a7\ud7b0-\ud7c6", "\u11a8-\u11ff\ud7cb-\ud7fb"
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2\u1a60"
_BEFORE = "\u0d4e\U000111c2\U000111c3"
_JOINING = re.compile(f"[{_LEADS}{_VOWELS}{_TAILS}{_VIRAMAS}{_BEFORE}]")
_UNBROKEN = re.compile(
    "|".join(rf"([{each}]{{4}})[{each}]+" for each in (_LEADS, _VOWELS, _TAILS, _BEFORE))
    + rf"|((?:\w[{_VIRAMAS}]){{6}})(?:\w[{_VIRAMAS}])+"
)
_BEYOND = re.compile("[\u0300-\U0010ffff]")  # where the first marks are
_ENCLOSING = frozenset("\u0488\u0489\u1abe\u20dd\u20de\u20df\u20e0\u20e2\u20e3\u20e4\ua670\ua671\ua672")
# Vowel signs and other marks belong to the word in Devanagari, Thai, Burmese and their like.
_SIGNS = "".join(
    chr(code)
    for start, stop in ((0x300, 0x1D00), (0xA800, 0xAC00))
    for code in range(start, stop)
    if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
# Letters that a name begins with ("Ørsted", "Łódź", "Москва"), for the inside of a class: those scripts with capitals.
CAPITALS = "A-Z" + "".join(filter(str.isupper, map(chr, range(0xC0, 0x1F00))))
_WORD = re.compile(rf"\d+(?:[.,]\d+)+|[^\W_]+(?:[{_SIGNS}]+[^\W_]*)*(?:['’][^\W_]+)?")
_ASCII_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)+|[0-9A-Za-z]+(?:'[0-9A-Za-z]+)?")  # the same where all is ASCII
_FIGURE = re.compile("[0-9][.,][0-9]")
# Of ASCII: all but digits, and what is in no word as a space.
_NO_DIGITS = bytes(code for code in range(128) if not chr(code).isdigit())
_ASCII_APART = bytes(code if chr(code).isalnum() or chr(code) == "'" else 0x20 for code in range(128)) + b" " * 128
_NO_WORD = bytes(code if chr(code).isalnum() or chr(code) == "_" else 0x20 for code in range(128)) + b" " * 128
_APART = re.compile(r"\W")
_QUOTES = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-",
    "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "…": "...", "\u00a0": " ", "\u202f": " ",
}  # fmt: skip
_WESTERN = "cp1252"
# So few kinds of marks are taken out one by one: `str.translate` costs as much as a hundred of them (measured).
_MARKS_APART = 16
_STOPS, _ASCII_STOPS = ".!?।॥؟۔።。！？…", ".!?"
_STOP = re.compile(rf"[{_STOPS}]++[\"'”’»)\]」』）]*+")
_STOP_UNSPACED = re.compile("[。！？]++[”’」』）]*+")
_CLOSING = frozenset("\"'”’»)]」』）")
# Long enough for any abbreviation with the word before it.
_TAIL_CHARS = 32
_ABBREVIATIONS, _SELDOM = data.words("abbreviations"), data.words("seldom_last")
_NEVER_LAST = re.compile(rf"\b(?:[A-Za-zА-ЯЁІЇЄҐΑ-Ω]|{'|'.join(sorted(_ABBREVIATIONS))}|e\.g|i\.e)\.$")
_SELDOM_LAST = re.compile(rf"(?:\b(?:{'|'.join(sorted(_SELDOM))})|(?<!\b[A-Za-z]\.)(?:\b[A-Za-z]\.)+[A-Za-z])\.$")
# Of words of more than one letter only these are looked at more closely: the patterns take as long as all the rest.
_SHORTENED = _ABBREVIATIONS | _SELDOM
# A capital after "U.S." may begin a name; one of these words begins a sentence.
_STARTER = re.compile(rf"(?:{'|'.join(sorted(data.words('sentence_starters')))})\b(?!-)")
_DAY = re.compile(r"\b\d{1,2}\.$")
_MONTH = re.compile(r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b")


def plain(markup: str) -> str:
    """Markup to plain text: blocks become line breaks, entities are decoded once, scripts and styles are gone."""
    text = markup
    if "<" in text:
        if "<!" in text or "]]>" in text:
            text = _COMMENT.sub("", text)
        if not _SELDOM_ELEMENTS.isdisjoint(map(str.casefold, _ELEMENT.findall(text))):
            text = without_struck(_without_raw(text))
        text = _TAG.sub("", _BLOCK.sub("\n", text))
        last = text.rfind("<")
        if _CUT_TAG.match(text, max(last, 0)) and ">" not in text[last:]:
            text = text[:last]
    return html.unescape(references(text)) if "&" in text else text


def references(text: str) -> str:
    """Character references that name no character made readable: halves of one are joined, others become U+FFFD.

    Java and old PHP write an emoji as the two halves that UTF-16 makes of it, which no parser of XML takes.
    """
    return _REFERENCES.sub(_readable, text) if "&#" in text else text


def _readable(run: re.Match[str]) -> str:
    read, halves = [], ""
    for reference in run.group()[:-1].split(";"):
        digits = reference[3:] if reference[2] in "xX" else reference[2:]
        # Not even leading zeros make a number of more digits; Python would refuse to read thousands.
        code = int(digits, 16 if reference[2] in "xX" else 10) if len(digits) <= CODE_DIGITS_MAX else -1
        if 0xD800 <= code <= 0xDFFF:
            halves += chr(code)
            continue
        read += [_joined(halves), f"{reference};" if _is_character(code) else "\ufffd"]
        halves = ""
    return "".join([*read, _joined(halves)])


def _joined(halves: str) -> str:
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if halves else ""


def _is_character(code: int) -> bool:
    """As XML 1.0 has it (2.2), but for the surrogates."""
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def without_struck(markup: str) -> str:
    """Markup without what is struck out in it: "<del>nine</del> six days" -> "six days"."""
    return _STRUCK.sub("", markup)


def _without_raw(text: str) -> str:
    """Without elements whose content is no text. Unclosed, a script hides the rest; another element only itself."""
    kept, at, unclosed = [], 0, set()
    for opening in _RAW.finditer(text):
        name = opening[1].casefold()
        if opening.start() < at or opening[2] or name in unclosed:
            continue
        end = _RAW_END[name].search(text, opening.end())
        if end is None and name not in ("script", "style"):
            unclosed.add(name)
            continue
        kept += [text[at : opening.start()], " "]
        at = end.end() if end else len(text)
    return "".join([*kept, text[at:]]) if kept else text


def clean(text: str, chars_max: int) -> str:
    """NFC without control, format and bidi characters, lone surrogates as U+FFFD, at most 4 marks a base, one line."""
    text = " ".join(text[: 4 * chars_max].split())
    if text.isascii() and text.isprintable():
        return text[:chars_max].rstrip()
    if not text.isprintable():
        if _LONE.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = "".join(char for char in text if char.isprintable() or char == " ")
    elif not _BEYOND.search(text):
        return text[:chars_max].rstrip()
    if not text.isascii():
        text = _without_piled_marks(unicodedata.normalize("NFC", _UNSEEN.sub("", text)))
        if _JOINING.search(text):
            text = _UNBROKEN.sub(lambda found: found[found.lastindex or 0], text)
    return " ".join(text.split())[:chars_max].rstrip()


def _without_piled_marks(text: str) -> str:
    if not any(unicodedata.combining(char) or char in _ENCLOSING for char in set(_BEYOND.findall(text))):
        return text
    marks, kept = 0, []
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) or char in _ENCLOSING else 0
        if marks <= MARKS_MAX:
            kept.append(char)
    return "".join(kept)


def fold(text: str) -> str:
    """For comparison only: case folded, accents dropped, quotes and dashes of one kind."""
    if text.isascii():
        return text.lower()
    with suppress(UnicodeEncodeError):  # western text, a tenth of the time
        folded = text.encode(_WESTERN).translate(_western())
        if folded.isascii():
            return folded.decode("ascii").lower()
    return _folded(text)


@cache
def _western() -> bytes:
    """What each letter of Windows-1252 is folded to; as it is, where that is not one letter of ASCII."""
    table = bytearray(range(256))
    for code in range(0x80, 0x100):
        folded = _folded(bytes([code]).decode(_WESTERN, "replace"))
        if len(folded) == 1 and folded.isascii():
            table[code] = ord(folded)
    return bytes(table)


def _folded(text: str) -> str:
    for char, plainer in _QUOTES.items():
        text = text.replace(char, plainer)
    if text.isascii():  # nearly all English that is not ASCII
        return text.lower()
    text = unicodedata.normalize("NFKD", text.casefold())
    marks = [char for char in set(text) if unicodedata.combining(char) and char not in "\u3099\u309a"]
    if len(marks) > _MARKS_APART:
        text = text.translate(dict.fromkeys(map(ord, marks)))
    else:
        for mark in marks:
            text = text.replace(mark, "")
    # Hangul and kana come apart in NFKD; put them back together so that words stay whole.
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """Folded words of letters and digits in any script; "10,000" and "3.5" stay whole, possessive 's is dropped."""
    return words_of(fold(text))


def words_of(folded: str) -> list[str]:
    """The `words` of a text that is folded already."""
    if not folded.isascii():
        return _owners(_WORD.findall(folded)) if "'s" in folded else _WORD.findall(folded)
    raw = folded.encode("ascii")
    if raw.translate(None, _NO_DIGITS) and _FIGURE.search(folded):
        return _owners(_ASCII_WORD.findall(folded))
    # Where no figure is written with commas, words lie between what is in no word: cut in two fifths of the time.
    found = raw.translate(_ASCII_APART).decode("ascii").split()
    if "'" not in folded:
        return found
    kept: list[str] = []
    for word in found:
        kept += _owners(_ASCII_WORD.findall(word)) if "'" in word else (word,)
    return kept


def apart(text: str) -> str:
    """A text with a space in the place of all that is no letter, no digit and no underscore."""
    return text.encode("ascii").translate(_NO_WORD).decode("ascii") if text.isascii() else _APART.sub(" ", text)


def _owners(found: list[str]) -> list[str]:
    """Words without the possessive 's."""
    return [word.removesuffix("'s") for word in found]


def paragraphs(text: str) -> list[str]:
    """Lines with something in them."""
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


def sentences(text: str) -> list[str]:
    """Sentences of a text, paragraph by paragraph; abbreviations (N., U.S., Gen.) and decimals do not end one."""
    return list(each_sentence(text))


def has_few_sentences(text: str, number: int) -> bool:
    """Whether a text has at most so many sentences, with spaces between, for all that is seen without finding them."""
    if not text.isascii() and _STOP_UNSPACED.search(text):
        return False
    stops = _ASCII_STOPS if text.isascii() else _STOPS
    return sum(map(text[:-1].count, stops)) + len(text.splitlines()) <= number


def each_sentence(text: str) -> Iterator[str]:
    """The `sentences` of a text, for who needs the first ones only."""
    for paragraph in paragraphs(text):
        start = 0
        for stop, end in _stops(paragraph):
            tail = paragraph[max(start, end - _TAIL_CHARS) : end]
            if not _ends(stop, tail, paragraph[end : end + _TAIL_CHARS].lstrip()):
                continue
            if sentence := paragraph[start:end].strip():
                yield sentence
            start = end
        if sentence := paragraph[start:].strip():
            yield sentence


def _stops(paragraph: str) -> Iterator[tuple[str, int]]:
    """What may end a sentence, and where it ends: a space follows, or the script has none."""
    for stop in _STOP.finditer(paragraph):
        end = stop.end()
        if end == len(paragraph) or paragraph[end].isspace():
            yield stop.group(), end
        else:
            for unspaced in _STOP_UNSPACED.finditer(stop.group()):
                yield unspaced.group(), stop.start() + unspaced.end()


def opening(text: str, chars_max: int) -> str:
    """The first sentences, as many as fit whole; where not even one does, its first words and an ellipsis."""
    if len(text) <= chars_max:
        return text
    kept = ""
    for sentence in sentences(text[: 2 * chars_max])[:-1]:
        if len(kept) + len(sentence) > chars_max:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or f"{text[: chars_max - 2].rpartition(' ')[0]} …"


def _ends(stop: str, tail: str, rest: str) -> bool:
    """Whether this full stop, with the text on both sides, is the end of a sentence."""
    if rest[:1].islower() and (stop[0] in ".…" or stop[-1] in _CLOSING):
        return False
    if stop != ".":
        return True
    last = tail[:-1].rpartition(" ")[2]
    if len(last) > 1 and last.isalpha() and last not in _SHORTENED:
        return True
    if _SELDOM_LAST.search(tail):
        return not rest or _STARTER.match(rest) is not None
    if _NEVER_LAST.search(tail):
        return False
    return not (_DAY.search(tail) and _MONTH.match(rest))


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 outlet", "3 outlets", "1,204 entries"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def digits(text: str) -> str:
    """Digits of every script as ASCII."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


# How Python shows bytes: "illegal status line: bytearray(b'SSH-2.0')".
_BYTES = re.compile(r"(?<!\w)(?:bytearray\()?b(?P<mark>['\"])(?P<bytes>(?:(?!(?P=mark)).){0,500})(?P=mark)\)?")


def of_libraries(message: str) -> str:
    """A library's message for an operator: bytes as what they say, in quotation marks."""
    return _BYTES.sub(r"“\g<bytes>”", message)
