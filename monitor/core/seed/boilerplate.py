"""What stands on an article's page and is not the article: advertisements, teasers, repeats."""

from __future__ import annotations

import re

from monitor.core.text import clean, sentences

LINE_CHARS_MAX = 20_000

# Glued by content systems to the words around them; dropped wherever they stand.
_GLUED = re.compile(
    r"More under this ad|Advertisement(?=\s*$)|Article continues (?:below|after) (?:this )?(?:ad|advertisement)"
    r"|Discover our latest podcast|Story continues below advertisement|Sign up (?:to|for) our newsletter[^.\n]*",
    re.I | re.M,
)
_LEAD = r"(?:Read more|Read also|Also read|See also|Related|Watch|Listen)"
_TEASER = re.compile(
    rf"^\s*(?:⋙|>>|»|►|▶)|^\s*{_LEAD}\s*:?\s*(?:⋙.*)?$|^\s*(?:Read (?:more|also)|Also read|See also|Related)\s*[⋙:»]",
    re.I,
)
_BARE = re.compile(
    r"^\W*(?:published|updated|share|save|comments?|listen|print|copy link|image (?:source|caption)\b.*)\W*$",
    re.I,
)
# Markdown: a heading, or a line that is emphasised as a whole.
_MARKED = re.compile(r"#{1,6}\s+(?P<heading>\S.*)|(?P<mark>\*{1,3}|_{1,3})(?P<said>[^*_]+)(?P=mark)")
# Scripts that put no space between words.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{2}")


def lines(content: str) -> list[str]:
    """The clean lines of a text with something in them, without advertisements and teasers."""
    found = [clean(line, LINE_CHARS_MAX) for line in _GLUED.sub("\n", content).splitlines() if line]
    plain = [(m["heading"] or m["said"]).strip(" *_") if (m := _MARKED.fullmatch(line)) else line for line in found]
    return [line for line in plain if line and not _TEASER.match(line) and not _BARE.match(line)]


def words(text: str) -> int:
    """About how many words a text has; two letters are one where words are not spaced."""
    return len(text.split()) + len(_UNSPACED.findall(text))


def once(body: list[str]) -> list[str]:
    """Paragraphs, each sentence once: ads leave halves of the title and repeats behind."""
    seen: set[str] = set()
    kept = []
    for line in body:
        fresh = []
        for sentence in sentences(line):
            if sentence.lower() not in seen:
                seen.add(sentence.lower())
                fresh.append(sentence)
        if fresh:
            kept.append(" ".join(fresh))
    return kept
