"""An article becomes a seed: title, body without boilerplate, date, and the sources it cites. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from monitor import data
from monitor.core.documents import boilerplate
from monitor.core.documents.feeds import sniff
from monitor.core.documents.seed import article_date, citations, datelines, mentions
from monitor.errors import ArticleError
from monitor.model import Article

BYTES_MAX = 5 * 1024 * 1024  # bytes of an article as a file or page (set)
WORDS_MIN = 8  # words of an article; with fewer there is nothing to watch (set)
TITLE_CHARS_MAX = 1000  # characters of its title (set)

_MARKUP = re.compile(r"<(?:!doctype html|html|body|head|article|main|section|div|p|h[1-3])\b", re.I)
# What notebooks and site generators write before an article in Markdown: "title: ...", between lines of three dashes.
_FRONT_MATTER = re.compile(
    r"\s*---[^\S\n]*\n(?P<fields>(?:(?:[A-Za-z #]|-[^-\n])[^\n]{0,400}\n){1,60})---[^\S\n]*(?:\n|\Z)"
)
_FIELD = re.compile(r"^(title|date):[^\S\n]*[\"']?([^\n]{1,400}?)[\"']?\s*$", re.I | re.M)
_EMBARGO = re.compile(rf"\W*(?:{data.patterns('embargo')})\b", re.I)
# Behind these a press release speaks of its sender: "ENDS", "About Halden Biotech", "Forward-looking statements".
_ENDS = re.compile(rf"(?:{data.patterns('release_ends')})\W*")
# Files that people give by mistake, by how they begin.
_FORMATS = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP or office file", b"\xd0\xcf\x11\xe0": "an office file",
    b"{\\rtf": "an RTF file", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image",
    b"RIFF": "an image", b"\x1f\x8b": "a gzip file",
}  # fmt: skip


def read(content: bytes | str, *, url: str = "", content_type: str = "", now: datetime | None = None) -> Article:
    """The article in plain text or HTML. ArticleError says what is wrong where it is no article.

    `now`, where given, is the day that a date without a year cannot lie behind.
    """
    if len(content) > BYTES_MAX:
        raise ArticleError("it is over 5 MiB")
    if isinstance(content, bytes):
        content = _decoded(content, content_type)
    if not content.strip():
        raise ArticleError("it is empty")
    kind = sniff.kind(content)
    if kind == "xml":
        raise ArticleError("it is a feed, not an article; give it as the url of a [[source]]")
    if kind == "json" and re.match(r'\s*(?:\{\s*"|\[\s*[{"\[])', content):
        raise ArticleError("it is JSON, not text or HTML")
    if _is_markup(content, content_type):
        from monitor.core.documents.seed import html  # with lxml, which the text of an article does without

        return html.read(content, url, now, walled=kind == "challenge")
    return from_text(content, url, now)


def versions(content: bytes) -> tuple[str, str]:
    """Title and text of one version of an article, for comparing: nothing is too short, boilerplate and notices stay.

    The first line of a text is its headline where more follows; of HTML it is the page's.
    """
    text = sniff.decode_page(content[:BYTES_MAX], "")
    if re.search(r"<(?:html|body|article|p|h1)\b", text[:20_000], re.I):
        from monitor.core.documents.seed import html

        return html.version(text)
    lines = [line.strip() for line in text.strip().splitlines()]
    head, rest = (lines[0], "\n".join(lines[1:]).strip()) if lines else ("", "")
    return (head, rest) if rest else ("", head)


def from_text(content: str, url: str = "", now: datetime | None = None) -> Article:
    """An article from plain text: the first line that is no date is its title, a list of sources may close it."""
    head, content = _front_matter(content)
    lines = boilerplate.lines(content)
    if head.get("title"):
        lines = [head["title"], *(line for line in lines if line != head["title"])]
    if not lines:
        raise ArticleError("nothing but boilerplate is in it")
    # A saved page may begin with its day, a press release with when it may be printed.
    at = next((at for at, line in enumerate(lines[:-1]) if not _is_preface(line)), 0)
    title, rest = lines[at], [*lines[:at], *lines[at + 1 :]]
    body, listed = citations.split(_without_sender(title, rest))
    body, stated = article_date.leading_date(body)
    body, day, agency = datelines.take(body)
    text, linked = citations.links("\n".join(boilerplate.once(body)))
    if boilerplate.words(f"{title} {text}") < WORDS_MIN:
        raise ArticleError(f"it has fewer than {WORDS_MIN} words; give the whole article")
    return Article(
        title=title[:TITLE_CHARS_MAX], text=text, url=url, language="",
        published_at=article_date.named_day(head.get("date", "")) or stated or day or datelines.stamped(body)
        or article_date.infer(f"{title}\n{text}", now),
        cited=listed or citations.merged(agency, linked, mentions.find(text), datelines.credits(body)),
    )  # fmt: skip


def _front_matter(content: str) -> tuple[dict[str, str], str]:
    """Title and date of the fields before an article, if there are any, and what follows them."""
    found = _FRONT_MATTER.match(content)
    head = {name.lower(): said for name, said in _FIELD.findall(found["fields"])} if found else {}
    return head, content[found.end() :] if found and head else content


def _without_sender(title: str, lines: list[str]) -> list[str]:
    """The lines of a press release without what it says of who sends it."""
    ends = (
        at for at, line in enumerate(lines) if _ENDS.fullmatch(line) or (line[:6] == "About " and line[6:] in title)
    )
    kept = lines[: next(ends, len(lines))]
    return kept if boilerplate.words(" ".join(kept)) >= WORDS_MIN else lines


def _is_preface(line: str) -> bool:
    return article_date.is_date(line) or _EMBARGO.match(line) is not None


def _is_markup(content: str, content_type: str) -> bool:
    kind = content_type.lower()
    return "html" in kind or ("text/plain" not in kind and bool(_MARKUP.search(content[:20_000])))


def _decoded(content: bytes, content_type: str) -> str:
    for start, name in _FORMATS.items():
        if content.startswith(start):
            raise ArticleError(f"it is {name}; save its text to a file and give that")
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not marked and b"\0" in content[:4096]:
        raise ArticleError("it is a binary file, not text or HTML")
    return sniff.decode_page(content, content_type)
