"""An article becomes a seed: title, body without boilerplate, date, and the sources it cites. Pure."""

from __future__ import annotations

import re

from monitor.core.parsing import sniff
from monitor.core.seed import citations, dating, markup
from monitor.core.text import clean, sentences
from monitor.errors import ArticleError
from monitor.model import Article

BYTES_MAX = 5 * 1024 * 1024
WORDS_MIN = 8

# Glued by content systems to the words around them; dropped wherever they stand.
_GLUED = re.compile(
    r"More under this ad|Advertisement(?=\s*$)|Article continues (?:below|after) (?:this )?(?:ad|advertisement)"
    r"|Discover our latest podcast|Story continues below advertisement|Sign up (?:to|for) our newsletter[^.\n]*",
    re.I | re.M,
)
_TEASER = re.compile(
    r"^\s*(?:⋙|>>|»|►|▶)|^\s*(?:Read more|Also read|See also|Related|Watch|Listen)\s*:?\s*(?:⋙.*)?$", re.I
)
_INLINE_TEASER = re.compile(r"^\s*(?:Read more|Also read|See also|Related)\s*(?:⋙|:|»).*$", re.I)


def read(content: bytes | str, *, url: str = "", content_type: str = "") -> Article:
    """The article in plain text or HTML. ArticleError says what is wrong where it is no article."""
    if len(content) > BYTES_MAX:
        raise ArticleError("it is over 5 MiB")
    if isinstance(content, bytes):
        if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise ArticleError("it is a binary file, not text or HTML")
        content, _ = sniff.decode(content, content_type)
    if not content.strip():
        raise ArticleError("it is empty")
    if "html" in content_type.lower() or re.search(r"<(?:html|body|article|p|head)\b", content[:20_000], re.I):
        return markup.read(content, url)
    return from_text(content, url)


def versions(content: bytes) -> tuple[str, str]:
    """Title and text of one version of an article, for comparing: nothing is too short, boilerplate and notices stay.

    The first line of a text is its headline where more follows; of HTML it is the page's.
    """
    text, _ = sniff.decode(content[:BYTES_MAX], "")
    if re.search(r"<(?:html|body|article|p|h1)\b", text[:20_000], re.I):
        return markup.version(text)
    lines = [line.strip() for line in text.strip().splitlines()]
    head, rest = (lines[0], "\n".join(lines[1:]).strip()) if lines else ("", "")
    return (head, rest) if rest else ("", head)


def from_text(content: str, url: str = "") -> Article:
    """An article from plain text: the first line is its title, a list of sources may close it."""
    lines = [clean(line, 20_000) for line in _GLUED.sub("\n", content).splitlines()]
    lines = [line for line in lines if line and not _TEASER.match(line) and not _INLINE_TEASER.match(line)]
    if not lines:
        raise ArticleError("nothing but boilerplate is in it")
    title, rest = lines[0], lines[1:]
    body, cited = citations.split(rest)
    body, stated = dating.leading_date(body)
    text = "\n".join(_unglued(body))
    if len(f"{title} {text}".split()) < WORDS_MIN:
        raise ArticleError(f"it has fewer than {WORDS_MIN} words; give the whole article")
    return Article(
        title=title[:1000], text=text, url=url, published_at=stated or dating.infer(f"{title}\n{text}"),
        cited=cited or citations.mentioned(text), language="",
    )  # fmt: skip


def _unglued(lines: list[str]) -> list[str]:
    """Paragraphs, each sentence once: ads leave halves of the title and repeats behind."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        fresh = [sentence for sentence in sentences(line) if sentence.lower() not in seen]
        seen.update(sentence.lower() for sentence in fresh)
        if fresh:
            kept.append(" ".join(fresh))
    return kept
