"""The catalogue of outlets: which name or address belongs to which outlet, and where its feeds are. A shipped table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from monitor import data
from monitor.core import urls
from monitor.core.text import fold


@dataclass(frozen=True, slots=True)
class Outlet:
    """One row: names as articles cite them, the homepage, its feeds (best first), language and country."""

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
    """The outlet of this very name (article and case aside) or address; never a merely similar one."""
    if "://" in name_or_url:
        return _by_address().get(urls.host(name_or_url).removeprefix("www.")) or _by_address().get(
            urls.registrable(name_or_url)
        )
    return _by_name().get(_normal(name_or_url))


def _normal(name: str) -> str:
    return re.sub(r"^the |[^\w]|\.com$", "", fold(name).strip())


@cache
def _by_name() -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for outlet in all_outlets():
        for name in (outlet.name, *outlet.aliases):
            found.setdefault(_normal(name), outlet)
    return found


@cache
def _by_address() -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for outlet in all_outlets():
        found.setdefault(urls.host(outlet.homepage).removeprefix("www."), outlet)
    for outlet in all_outlets():
        found.setdefault(urls.registrable(outlet.homepage), outlet)
    return found
