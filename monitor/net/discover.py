"""From a cited outlet to its feed: by catalogue, by what its site declares, by where feeds usually lie.

Every candidate is fetched through the guarded door and parsed before it is believed: an error page with status 200 is
no feed. What cannot be resolved is still returned, so that it stays listed as not covered.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.core import urls
from monitor.core.documents import autodiscovery, outlets
from monitor.core.documents.autodiscovery import Way
from monitor.model import Citation, Entry, ErrorClass, Feed, Fetched

How = Literal["catalogue", "autodiscovery", "well-known", "link", "given", "none"]
REQUESTS_MAX = 16


@dataclass(frozen=True, slots=True)
class Resolved:
    """One cited outlet: what it is cited for, its homepage and feed, how the feed was found and whether it answered.

    `entries` are what the feed shows now.
    """

    name: str
    cited: tuple[Citation, ...] = ()
    homepage: str = ""
    feed: str = ""
    how: How = "none"
    validated: bool = False
    error: ErrorClass | None = None
    title: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = field(default=(), repr=False)


@dataclass(slots=True)
class Resolver:
    """Resolves with an injected `get` (the guarded door), `parse` and `declared` (both by the limited parser)."""

    get: Callable[[str], Awaitable[Fetched]]
    parse: Callable[[Fetched], Awaitable[Feed]]
    declared: Callable[[bytes, str], Awaitable[list[tuple[str, Way]]]]
    _spent: int = field(default=0, init=False)

    async def resolve(self, name: str, cited: Sequence[Citation]) -> Resolved:
        """The feed of one outlet, within a bounded number of requests."""
        self._spent = 0
        outlet = outlets.find(name) or next((o for c in cited if c.url and (o := outlets.find(c.url))), None)
        link = next((citation.url for citation in cited if citation.url), "")
        if outlet:
            known = Resolved(
                outlet.name, tuple(cited), outlet.homepage, next(iter(outlet.feeds), ""),
                "catalogue" if outlet.feeds else "none", language=outlet.language,
            )  # fmt: skip
            for feed in outlet.feeds:
                tried = await self._try(feed)
                if tried.error is None:
                    return _found(known, feed, "catalogue", tried)
                known = _failed(known, tried)
            return await self._search(known, outlet.homepage, link) or known
        unknown = Resolved(name, tuple(cited), urls.origin(link) + "/" if link else "")
        if not link:
            return unknown
        return await self._search(unknown, unknown.homepage, link) or unknown

    async def given(self, url: str) -> Resolved:
        """The feed at an address that someone typed: the feed itself, or a page that has one."""
        self._spent = 0
        start = Resolved(urls.display(url), (), urls.origin(url) + "/")
        tried = await self._try(url)
        if tried.error is None:
            return _found(start, url, "given", tried)
        return await self._search(_failed(start, tried), url) or _failed(start, tried)

    async def _search(self, start: Resolved, homepage: str, article: str = "") -> Resolved | None:
        """What the homepage declares or links to, then what the cited article does, then the usual places.

        None where none of it is a feed, or the site does not answer at all.
        """
        page = await self._fetch(homepage)
        if page is None or (page.error and not page.status):
            return _unreached(start, page)
        tried: set[str] = set()
        async for candidate, how in self._candidates(page, article, homepage):
            if candidate not in tried and self._spent < REQUESTS_MAX:
                tried.add(candidate)
                feed = await self._try(candidate)
                if feed.error is None:
                    return _found(start, candidate, how, feed)
        return None

    async def _candidates(self, page: Fetched, article: str, homepage: str) -> AsyncIterator[tuple[str, How]]:
        for candidate in await self._declared(page):
            yield candidate
        for candidate in await self._declared(await self._fetch(article) if article else None):
            yield candidate
        for url in autodiscovery.well_known(homepage):
            yield url, "well-known"

    async def _declared(self, page: Fetched | None) -> list[tuple[str, Way]]:
        return [] if page is None or page.error else await self.declared(page.body, page.final_url or page.url)

    async def _fetch(self, url: str) -> Fetched | None:
        if self._spent >= REQUESTS_MAX:
            return None
        self._spent += 1
        return await self.get(url)

    async def _try(self, url: str) -> Feed:
        fetched = await self._fetch(url)
        if fetched is None:
            return Feed(error="not_a_feed", detail="not tried")
        if fetched.error:
            return Feed(error=fetched.error, detail=fetched.detail)
        return await self.parse(fetched)


def _found(start: Resolved, url: str, how: How, feed: Feed) -> Resolved:
    name = start.name or feed.title
    return Resolved(
        name, start.cited, start.homepage or feed.link, url, how, True, title=feed.title,
        language=feed.language or start.language, entries=feed.entries,
    )  # fmt: skip


def _failed(start: Resolved, tried: Feed) -> Resolved:
    return Resolved(
        start.name, start.cited, start.homepage, start.feed, start.how, False, start.error or tried.error,
        language=start.language,
    )  # fmt: skip


def _unreached(start: Resolved, page: Fetched | None) -> Resolved | None:
    if page is None or start.error:
        return None
    return _failed(start, Feed(error=page.error))
