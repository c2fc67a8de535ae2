"""The catalogue of outlets: which name or address belongs to which outlet, and where its feeds are. A shipped table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from monitor import data
from monitor.core import urls
from monitor.core.text import fold

_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}")
# In front of a registrable domain these name an edition of the outlet that owns the domain; anything else
# (timesofindia.indiatimes.com, abcnews.go.com) is one tenant of a domain with many.
_EDITIONS = frozenset(("www", "www3", "en", "eng", "english", "e", "jen", "world", "edition", "amp", "m", "mobile"))


@dataclass(frozen=True, slots=True)
class Outlet:
    """One row: names (and further domains) as articles cite them, the homepage, its feeds (best first), and more.

    `language` is a two-letter code, `country` an ISO 3166 code.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    homepage: str
    feeds: tuple[str, ...]
    language: str
    country: str


@cache
def all_outlets() -> tuple[Outlet, ...]:
    """Every outlet, in the order of the table."""
    return tuple(
        Outlet(
            name, title, tuple(a for a in aliases.split("|") if a), homepage, tuple(f for f in feeds.split("|") if f),
            language, country,
        )
        for name, title, aliases, homepage, feeds, language, country in data.rows("outlets.tsv")
    )  # fmt: skip


def find(name_or_url: str) -> Outlet | None:
    """The outlet of this very name (article and case aside), domain or address; never a merely similar one."""
    text = name_or_url.strip()
    if "://" in text:
        return _of_host(urls.host(text))
    outlet = _of_host(text.lower()) if _DOMAIN.fullmatch(text.lower()) else None
    outlet = outlet or _by_name().get(_normal(text))
    return outlet or (None if _bare(text) in data.words("plain_names.txt") else _by_bare_name().get(_bare(text)))


def is_plain_word(name: str) -> bool:
    """Whether a name is also a common word ("Nature", "the Sun"): in running text it may mean something else."""
    return _bare(name) in data.words("plain_names.txt") and not re.fullmatch(r"[A-Z]{3,}", name)


def _normal(name: str) -> str:
    return re.sub(r"[^\w]", "", fold(name))


def _bare(name: str) -> str:
    return _normal(re.sub(r"^the\s+", "", fold(name).strip()))


def _names() -> Iterator[tuple[str, Outlet]]:
    for outlet in all_outlets():
        for name in (outlet.name, *outlet.aliases):
            yield name, outlet


@cache
def _by_name() -> dict[str, Outlet]:
    """By the whole name: "The Insider" and "Insider" are two outlets."""
    found: dict[str, Outlet] = {}
    for name, outlet in _names():
        found.setdefault(_normal(name), outlet)
    return found


@cache
def _by_bare_name() -> dict[str, Outlet]:
    """By the name without its article, where only one outlet bears it."""
    bearers: dict[str, dict[str, Outlet]] = {}
    for name, outlet in _names():
        bearers.setdefault(_bare(name), {})[outlet.id] = outlet
    return {name: next(iter(found.values())) for name, found in bearers.items() if name and len(found) == 1}


def _of_host(host: str) -> Outlet | None:
    host = host.removeprefix("www.")
    if not host or host in _by_host() or _end(host) not in _ends():
        return _by_host().get(host)
    return _by_domain().get(urls.registrable(host))


def _end(host: str) -> str:
    return ".".join(host.rsplit(".", 2)[-2:])


@cache
def _ends() -> frozenset[str]:
    """The last two parts of every host listed: who shares none of them has no listed domain, whatever list says so."""
    return frozenset(map(_end, _by_host()))


@cache
def _by_host() -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for outlet in all_outlets():
        for host in (urls.host(outlet.homepage), *_domains(outlet)):
            found.setdefault(host.removeprefix("www."), outlet)
    return found


@cache
def _by_domain() -> dict[str, Outlet]:
    """By registrable domain, for those who own a whole one."""
    found: dict[str, Outlet] = {}
    for outlet in all_outlets():
        host = urls.host(outlet.homepage)
        domain = urls.registrable(host)
        if host.removesuffix(domain).rstrip(".") in {"", *_EDITIONS}:
            found.setdefault(domain, outlet)
        for name in _domains(outlet):
            if name == urls.registrable(name):
                found.setdefault(name, outlet)
    return found


def _domains(outlet: Outlet) -> list[str]:
    return [alias.lower() for alias in outlet.aliases if _DOMAIN.fullmatch(alias.lower())]
