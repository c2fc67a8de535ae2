"""The sources that an article names: a closing list, or mentions in the text."""

from __future__ import annotations

import re

from monitor.core import outlets, urls
from monitor.core.text import clean
from monitor.model import Citation

_HEADING = re.compile(
    r"^\W*(?:sources?(?:\s+(?:used|cited|and references?))?|references?|via|quellen?|fuentes|fonti)\s*:?\s*$", re.I
)
_INLINE = re.compile(r"^\W*(?:sources?|via)\s*:\s*(?P<list>.{2,300})$", re.I)
_ITEM = re.compile(r"^\s*(?:[-*•–—·]|\d{1,2}[.)])\s*")
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
_MARKDOWN = re.compile(r"\[(?P<title>[^\]]{1,400})\]\((?P<url>https?://[^\s)]+)\)")
_OPEN, _CLOSE = "‘“\"'«„", "’”\"'»“"
CITATIONS_MAX = 60


def split(lines: list[str]) -> tuple[list[str], tuple[Citation, ...]]:
    """Body lines, and the citations of the list of sources that follows them."""
    for position in range(len(lines) - 1, -1, -1):
        line = lines[position]
        if _HEADING.match(line):
            found = [parse(item) for item in lines[position + 1 :][:CITATIONS_MAX]]
            return lines[:position], tuple(citation for citation in found if citation)
        match = _INLINE.match(line)
        if match and position >= len(lines) - 3:
            names = [part for part in re.split(r"\s*[,;]\s*|\s+and\s+", match["list"]) if part]
            found = [parse(name) for name in names]
            return lines[:position], tuple(citation for citation in found if citation)
    return lines, ()


def parse(line: str) -> Citation | None:
    """One item of the list: "Outlet: 'headline'", "[headline](url)", "Outlet, headline, url" or a bare name or link."""
    line = _ITEM.sub("", line).strip()
    url = title = ""
    if marked := _MARKDOWN.search(line):
        title, url = marked["title"], marked["url"]
        line = (line[: marked.start()] + line[marked.end() :]).strip()
    elif link := _LINK.search(line):
        url = link.group().rstrip(".,;")
        line = (line[: link.start()] + line[link.end() :]).strip()
    name, divider, rest = line.partition(":")
    if divider and len(name.split()) <= 6:
        title = title or _unquoted(rest)
    else:
        quoted = re.search(f"[{_OPEN}](.+)[{_CLOSE}]", line)
        if quoted and not title:
            title, name = quoted[1], line[: quoted.start()]
        else:
            name = line
    name = clean(name.strip(" ,;:-–—()'\"‘’“”"), 120)
    outlet = outlets.find(name) or (outlets.find(url) if url else None)
    shown = outlet.name if outlet else name or urls.registrable(url)
    if not shown or len(shown.split()) > 10:
        return None
    return Citation(shown, clean(title, 500), urls.fetchable(url))


def _unquoted(text: str) -> str:
    text = text.strip().strip(",;")
    if len(text) > 1 and text[0] in _OPEN and text[-1] in _CLOSE:
        return text[1:-1].strip()
    return text


def mentioned(text: str) -> tuple[Citation, ...]:
    """Without a list: outlets of the catalogue that the text says report something, each once, in order."""
    found: dict[str, Citation] = {}
    for match in _REPORTS.finditer(text):
        name = match["before"] or match["after"]
        words = name.split()
        for begin in range(len(words)):
            outlet = outlets.find(" ".join(words[begin:])) or outlets.find(" ".join(words[: len(words) - begin]))
            if outlet:
                found.setdefault(outlet.id, Citation(outlet.name))
                break
    return tuple(found.values())


_NAME = r"(?:[A-Z][\w.&’'-]*)(?:\s+(?:of|the|de|del|and|[A-Z0-9][\w.&’'-]*)){0,4}"
_REPORTS = re.compile(
    rf"(?P<before>{_NAME})(?:’s|'s)?\s+(?:reported|reports|has reported|said in a report|wrote|revealed|quoted|cited)\b"
    rf"|(?:according to|reported by|told|citing|first reported by)\s+(?:the\s+)?(?P<after>{_NAME})"
)
