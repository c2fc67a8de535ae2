"""Addresses inside addresses: what a redirector, an archive or a cache leads to is what an article cites. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import parse_qs

from monitor import data
from monitor.core import urls

WRAPPINGS_MAX = 3  # wrappings of one address that are taken off: an archived copy of a redirect (set)
# A whole address in a path; one slash of its two is often lost, and URL Defense ends it with two underscores.
_WHOLE = re.compile(r"[/_](https?):/{1,2}([^/\s].*?)(?:__;.*)?$")


@cache
def _wrappers() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for host, way in data.rows("wrapped_links.tsv"):
        found[host] += (way,)
    return dict(found)


def unwrapped(link: str) -> str:
    """The web address that a link leads to through a redirector, an archive or a cache; else the link itself."""
    for _ in range(WRAPPINGS_MAX):
        inner = next((url for way in _ways(urls.host(link)) if (url := urls.fetchable(_inner(link, way)))), "")
        if not inner:
            break
        link = inner
    return link


def _ways(host: str) -> Iterator[str]:
    parts = host.split(".")
    for start in range(len(parts) - 1):
        yield from _wrappers().get(".".join(parts[start:]), ())


def _inner(link: str, way: str) -> str:
    path, _, query = link.partition("://")[2].partition("/")[2].partition("?")
    if way.startswith("?"):
        asked = parse_qs(query)
        return next((value for name in way[1:].split() for value in asked.get(name, ()) if "://" in value), "")
    behind = f"/{path}{'?' + query if query else ''}"
    if way == "path":
        whole = _WHOLE.search(behind)
        return f"{whole[1]}://{whole[2]}" if whole else ""
    _, found, bare = behind.partition(way.removeprefix("bare:"))
    secure = bare.startswith("s/")
    bare = bare.removeprefix("s/")
    return f"http{'s' if secure else ''}://{bare}" if found and "." in bare.partition("/")[0] else ""
