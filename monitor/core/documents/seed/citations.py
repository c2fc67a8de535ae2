"""The sources that an article lists: "Sources used", "References", "Via" and their like, item by item."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from monitor import data
from monitor.core import urls
from monitor.core.documents import outlets, wrapped_links
from monitor.core.text import clean
from monitor.model import Citation

HEADING = re.compile(rf"^\W*(?:{data.patterns('sources_heading')})\W*$", re.I)
_INLINE = re.compile(rf"^\W*(?:{data.patterns('sources_in_line')})\s*[:：]\s*(?P<list>.{{2,600}})$", re.I)
_ITEM = re.compile(r"^\s*(?:[-*•–—·▪◦]|\d{1,2}[.)]|\[\d{1,2}\])\s*")
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
_MARKDOWN = re.compile(r"\[(?P<title>[^\]]{1,400})\]\((?P<url>https?://[^\s)\[]+)\)")
_CORNERS, _CORNERS_CLOSED = "「『《", "」』》"
_OPENED = re.compile(rf"(?<!\w)[‘“\"'«„‹]|[{_CORNERS}]")
_CLOSED = re.compile(r"[’”\"'»“›](?!\w)")
_CORNER_CLOSED = re.compile(f"[{_CORNERS_CLOSED}]")
_SENTENCE_AND_NAME = re.compile(r"(?P<title>.{15,}?[.?!])\s+(?P<name>[^\W\d_a-z][\w'’& -]{2,40})[., ]*")
_FURNITURE = re.compile(rf"^(?:{data.patterns('list_end')})", re.I)
# What may follow an outlet's name in a reference: the day, the page, the word "link".
_BEHIND_NAME = re.compile(
    r"(?<!^),\s*+(?:[^,]{0,20}\d[^\n]*|(?:link|online|archived?|accessed|retrieved)\b[^\n]*)$", re.I
)
_ASIDE = re.compile(r"(?<=\w)\s\([a-z][^()]{0,40}\)$")  # "(print)", "(paywalled)"; not "(Malaysia)"
_ARTICLE = re.compile(r"^[^\W\d_]{1,3}\s")  # "O Correio" in one sentence, "ao Correio" in the next
# That somebody else told it, directly before or behind who did.
_TOLD_BY = re.compile(rf"(?:{data.patterns('told_by')})(?:[\s'’]++[^\W\d_]{{1,14}}){{0,3}}[\s'’\"“«„]*$", re.IGNORECASE)
_TELLS_IT = re.compile(rf"\W{{0,3}}(?:[^\W\d_]{{1,12}}\s){{0,2}}(?:{data.patterns('tells_it')})", re.IGNORECASE)
_SAYS = re.compile(r"\W{0,3}(?:(?:has|had|also|first|earlier)\s){0,2}(?:said|says)\b", re.IGNORECASE)
BESIDE_CHARS = 100  # characters looked at before and behind a link (set)
CITATIONS_MAX = 60  # sources listed by one article (set)
NAME_WORDS_MAX = 6  # words of an outlet's name (set by reading)
PROSE_WORDS_MIN = 12  # words of a line that is prose and no item (set by reading)
# Dashes and commas at which a line may come apart into a name and a headline; in a longer line there is no name.
DIVIDERS_MAX = 12


class _Quotation(NamedTuple):
    start: int
    end: int
    text: str


def split(lines: list[str]) -> tuple[list[str], tuple[Citation, ...]]:
    """Body lines, and the citations of the list of sources among them; prose after the list stays in the body."""
    for position in range(len(lines) - 1, -1, -1):
        if HEADING.match(lines[position]):
            end = _end(lines, position + 1)
            found = _parsed(lines[position + 1 : end])
            if found:
                return lines[:position] + _after(lines[end:]), found
        match = _INLINE.match(lines[position])
        if match and position >= len(lines) - 3:
            found = _parsed(_separate(match["list"].strip(" ()[]")))
            if found:
                return lines[:position] + _after(lines[position + 1 :]), found
    return lines, ()


def _after(lines: list[str]) -> list[str]:
    """What of the lines after the list belongs to the article: prose, until a heading such as "About the author"."""
    end = next((position for position, line in enumerate(lines) if _FURNITURE.match(line)), len(lines))
    return [line for line in lines[:end] if _is_prose(line)]


def _parsed(items: list[str]) -> tuple[Citation, ...]:
    return tuple(citation for citation in map(parse, items[:CITATIONS_MAX]) if citation)


def _end(lines: list[str], start: int) -> int:
    """Where the list ends: with its bullets where it has them, else with the first line of prose or furniture."""
    marked = start < len(lines) and bool(_ITEM.match(lines[start]))
    end = start
    while end < len(lines) and not _FURNITURE.match(lines[end]):
        if bool(_ITEM.match(lines[end])) != marked or (not marked and _is_prose(lines[end])):
            break
        end += 1
    return end


def _is_prose(line: str) -> bool:
    ended = re.search(r"[.!?。！？…][\"'”’»)\]]*$", line)
    return bool(ended) and len(line.split()) >= PROSE_WORDS_MIN and not _LINK.search(line)


def _separate(listed: str) -> list[str]:
    """The items of a list on one line; a comma within a headline or an "and" within a name separates nothing."""
    if outlets.find(listed) or _quotation(listed):
        return [part for part in listed.split(";") if part.strip()]
    items = []
    for part in re.split(r"(?<!\s)\s*+[,;，、]\s*+(?:and\s+)?", listed):
        items += [part] if outlets.find(part) else re.split(r"(?<!\s)\s++and\s+", part)
    return [item for item in items if item.strip()]


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
    name, told = _told(line.strip(" ,;"))
    if url and not told and (sentence := _SENTENCE_AND_NAME.fullmatch(name)):
        told, name = sentence["title"], sentence["name"]
    name = _BEHIND_NAME.sub("", name.strip(" ,;"))
    name = clean(_ASIDE.sub("", name).strip(" ,;:：-–—|()[]'\"‘’“”"), 200)
    name += ")" if "(" in name and ")" not in name else ""
    url = wrapped_links.unwrapped(urls.fetchable(url))
    outlet = outlets.find(name) or (outlets.find(url) if url else None)
    if len(name.split()) > NAME_WORDS_MAX and not outlets.find(name):
        # Too long for a name: a headline whose outlet only its link tells.
        name, told = "", told or name
    if title and not name:
        # A link whose text says both: "Outlet: headline" or "Headline | Outlet".
        head, tail = _told(title)
        named = outlets.find(head)
        if tail and (named or _is_site(head, url)):
            name, title, outlet = clean(head, 200), tail, named or outlet
    if not outlet and not url and name[:1].islower():
        return None  # an item of some other list: nobody writes an outlet's name so
    shown = outlet.name if outlet else name or urls.display(url)
    headline = told if told and len(title.split()) < 2 else title or told  # '"Headline", Outlet, [link]'
    return Citation(shown, clean(headline, 500), url) if shown else None


def _is_site(name: str, url: str) -> bool:
    """Whether a name is what the address is called: "TVN24" of tvn24.pl."""
    label = urls.registrable(url).partition(".")[0] if url else ""
    return bool(label) and re.sub(r"\W", "", name.lower()) in (label, label.replace("-", ""))


def links(text: str) -> tuple[str, tuple[Citation, ...]]:
    """A text without the marks of its Markdown links, and the outlets that they lead to; others where they told it."""
    found: dict[str, Citation] = {}
    for match in _MARKDOWN.finditer(text):
        outlet = outlets.find(match["url"])
        if outlet:
            found.setdefault(match["url"], Citation(outlet.name, clean(match["title"], 300), match["url"]))
        elif _is_name(match["title"]) and _told_it(text, match):
            found.setdefault(match["url"], Citation(clean(match["title"], 200), "", match["url"]))
    return _MARKDOWN.sub(lambda match: match["title"], text), tuple(found.values())


def _is_name(text: str) -> bool:
    return text[:1].isupper() and len(text.split()) <= NAME_WORDS_MAX


def _told_it(text: str, link: re.Match[str]) -> bool:
    start, end = link.span()
    return told_beside(text[max(0, start - BESIDE_CHARS) : start], text[end : end + BESIDE_CHARS], link["url"])


def told_beside(ahead: str, behind: str, link: str) -> bool:
    """Whether the words around a linked name say that its bearer told it.

    A firm that says something is linked by its front page, an outlet by its report.
    """
    ahead, behind = ahead[-BESIDE_CHARS:], behind[:BESIDE_CHARS]
    if _TOLD_BY.search(ahead) or _TELLS_IT.match(behind):
        return True
    return _SAYS.match(behind) is not None and bool(link.partition("://")[2].partition("/")[2])


def _told(line: str) -> tuple[str, str]:
    """Name and headline of an item without its link."""
    quoted = _quotation(line)
    colon = re.search(r"[:：]", line)
    if colon and (not quoted or colon.start() < quoted.start) and len(line[: colon.start()].split()) <= NAME_WORDS_MAX:
        rest = line[colon.end() :].strip().strip(",;").strip()
        return line[: colon.start()], _unquoted(rest)
    if quoted:
        return line[: quoted.start].strip(" ,;-–—|") or line[quoted.end :], quoted.text
    for divider in islice(re.finditer(r"(?<!\s)\s++[-–—|]\s+|,\s+", line), DIVIDERS_MAX):
        head, tail = line[: divider.start()], line[divider.end() :]
        if outlets.find(head):
            return head, tail
        if outlets.find(tail):
            return tail, head
    return line, ""


def _unquoted(text: str) -> str:
    """A headline without the quotes around it, and without the date or page that follows them."""
    quoted = _quotation(text)
    if quoted and quoted.start == 0 and len(text) - quoted.end < 40:
        return quoted.text.strip()
    return text


def _quotation(line: str) -> _Quotation | None:
    """The first quotation of a line: up to its last closing mark, or the first one of East Asia's corners."""
    last = max((mark.start() for mark in _CLOSED.finditer(line)), default=-1)
    last_corner = max(map(line.rfind, _CORNERS_CLOSED))
    for opened in _OPENED.finditer(line):
        end = last
        if opened.group() in _CORNERS:
            closed = _CORNER_CLOSED.search(line, opened.end()) if last_corner > opened.end() else None
            end = closed.start() if closed else -1
        if end > opened.end():
            return _Quotation(opened.start(), end + 1, line[opened.end() : end])
    return None


def merged(*found: tuple[Citation, ...]) -> tuple[Citation, ...]:
    """Citations of several kinds, the surest first: a bare name adds nothing to an outlet that is there already."""
    kept: list[Citation] = []
    for citation in (each for some in found for each in some):
        bare = _ARTICLE.sub("", citation.outlet)
        if citation.title or citation.url or bare not in [_ARTICLE.sub("", known.outlet) for known in kept]:
            kept.append(citation)
    return tuple(kept)
