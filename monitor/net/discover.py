"""From a cited outlet to its feed: by catalogue, by what its site declares, by where feeds usually lie.

Every candidate is fetched through the guarded door and parsed before it is believed: an error page with status 200 is
no feed, and a feed of comments is not the outlet's. An outlet without one is followed through its sitemap of news, else
through the page of the section that is cited. What cannot be resolved is still returned, so that it stays listed as not
covered.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from monitor.core import urls
from monitor.core.documents import autodiscovery, outlets
from monitor.core.documents.autodiscovery import Way
from monitor.model import Citation, Feed, Fetched, How, Resolved, SourceKind
from monitor.net import robots

# Requests that one outlet may cost, and those of them that look for a feed; the rest look for a sitemap.
REQUESTS_MAX, FEED_REQUESTS_MAX = 16, 12
# Fewer headlines than this are a notice or a menu, not the page of a section.
HEADLINES_MIN = 3


class Parse(Protocol):
    """The limited parser (`ports.Parser.parse`)."""

    def __call__(self, fetched: Fetched, *, kind: SourceKind = "feed") -> Awaitable[Feed]:
        """The feed in what was fetched, read as a source of this kind."""


@dataclass(slots=True)
class Resolver:
    """Resolves with an injected `get` (the guarded door), `parse` and `declared` (both by the limited parser)."""

    get: Callable[[str], Awaitable[Fetched]]
    parse: Parse
    declared: Callable[[Fetched], Awaitable[list[tuple[str, Way]]]]
    _spent: int = field(default=0, init=False)

    async def resolve(self, name: str, cited: Sequence[Citation]) -> Resolved:
        """The feed of one outlet, within a bounded number of requests."""
        self._spent = 0
        outlet = outlets.find(name) or next((o for c in cited if c.url and (o := outlets.find(c.url))), None)
        link = next((citation.url for citation in cited if citation.url), "")
        if not outlet:
            start = Resolved(name, tuple(cited), urls.origin(link) + "/" if link else "")
            return (await self._search(start, start.homepage, link) or start) if link else start
        start = Resolved(
            outlet.name, tuple(cited), outlet.homepage, next(iter(outlet.feeds), ""),
            "catalogue" if outlet.feeds else "none", language=outlet.language,
        )  # fmt: skip
        if link and autodiscovery.is_section(link) and (found := await self._of_section(start, link)):
            return found
        for feed in outlet.feeds:
            tried = await self._try(feed)
            if tried.error is None:
                return _found(start, feed, "catalogue", tried)
            start = _failed(start, tried)
        return await self._search(start, outlet.homepage, link) or start

    async def given(self, url: str, name: str = "") -> Resolved:
        """The feed at an address that someone typed: the feed itself, or a page that has one, or is one."""
        self._spent = 0
        url = urls.web(url)
        start = Resolved(name or urls.display(url), (), urls.origin(url) + "/")
        fetched = await self._fetch(url)
        if fetched is None or fetched.error:
            failed = Feed(error=fetched.error if fetched else "not_a_feed")
            return replace(_failed(start, failed), feed=url, how="given")
        kinds: tuple[SourceKind, ...] = ("feed", "sitemap")
        for kind in kinds:
            tried = await self.parse(fetched, kind=kind)
            if tried.error is None:
                return replace(_found(start, url, "given", tried), kind=kind)
        if autodiscovery.is_section(url) and (found := await self._of_section(start, url, fetched)):
            return found
        return await self._search(start, url, page=fetched) or _failed(start, tried)

    async def _of_section(self, start: Resolved, link: str, page: Fetched | None = None) -> Resolved | None:
        """The feed of the section that a link leads to; None where it has none of its own."""
        page = page or await self._fetch(link)
        if page is None or page.error:
            return None
        stated = autodiscovery.in_section(await self.declared(page), link)
        usual: list[tuple[str, How]] = [(url, "well-known") for url in autodiscovery.section_places(link)]
        for candidate, how in [*stated, *usual]:
            feed = await self._try(candidate)
            if feed.error is None and not autodiscovery.is_comments(feed):
                return _found(start, candidate, how, feed)
        return None

    async def _search(
        self, start: Resolved, homepage: str, article: str = "", page: Fetched | None = None
    ) -> Resolved | None:
        """What the homepage declares or links to, then what the cited article does, then the usual places.

        None where none of it is a feed, nor anything to follow in its place, or the site does not answer at all.
        """
        page = page or await self._fetch(homepage)
        if page is None or (page.error and not page.status):
            return None if page is None or start.error else _failed(start, Feed(error=page.error))
        tried: set[str] = set()
        section = article if article and autodiscovery.is_section(article) else ""
        async for candidate, how in self._candidates(page, article, homepage):
            waiting = [candidate]
            while waiting and self._spent < FEED_REQUESTS_MAX:
                if (url := waiting.pop(0)) in tried:
                    continue
                tried.add(url)
                feed, listing = await self._visit(url)
                if feed.error is None and not autodiscovery.is_comments(feed):
                    return _found(start, url, how, feed)
                if how == "link" and url == candidate:  # "RSS" leads to a page that lists the feeds
                    waiting += [each for each, _ in await self._declared(listing)]
        return await self._without_feed(start, page, section)

    async def _candidates(self, page: Fetched, article: str, homepage: str) -> AsyncIterator[tuple[str, How]]:
        section: list[tuple[str, Way]] = []
        if article and autodiscovery.is_section(article):
            section = await self._declared(await self._fetch(article))
            for candidate in autodiscovery.in_section(section, article):
                yield candidate
            for url in autodiscovery.section_places(article)[:2]:
                yield url, "well-known"
        for candidate in await self._declared(page):
            yield candidate
        for candidate in section or await self._declared(await self._fetch(article) if article else None):
            yield candidate
        for url in autodiscovery.well_known(homepage):
            yield url, "well-known"

    async def _without_feed(self, start: Resolved, page: Fetched, section: str) -> Resolved | None:
        """The site's sitemap of news, else the page itself where it is a list of headlines; as robots.txt allows."""
        origin = urls.origin(page.final_url or page.url)
        answer = await self._fetch(f"{origin}/robots.txt")
        rules = robots.read(answer) if answer is not None else None
        text = answer.body.decode("utf-8", "replace") if answer is not None and not answer.error else ""
        for url in autodiscovery.news_sitemaps(text, origin + "/"):
            if (found := await self._sitemap(url, rules)) is not None:
                how: How = "autodiscovery" if url in text else "well-known"
                return replace(_found(start, found[0], how, found[1]), kind="sitemap")
        pages = [await self._fetch(section) if section else None, page]
        for each in pages:
            if each is None or each.error or (rules and not rules.allow(each.url)):
                continue
            feed = await self.parse(each, kind="page")
            if feed.error is None and len(feed.entries) >= HEADLINES_MIN:
                return replace(_found(start, each.final_url or each.url, "link", feed), kind="page")
        return None

    async def _sitemap(self, url: str, rules: robots.Rules | None) -> tuple[str, Feed] | None:
        """The address and entries of a sitemap of news; of an index, those of its first child that is one."""
        if rules and not rules.allow(url):
            return None
        feed = await self._try(url, "sitemap")
        if feed.more and not feed.error:
            url, feed = feed.more[0], await self._try(feed.more[0], "sitemap")
        # Without a day of publication it is the archive, or the list of everything that the site ever had.
        dated = any(entry.published_at for entry in feed.entries)
        return (url, feed) if feed.error is None and dated else None

    async def _fetch(self, url: str) -> Fetched | None:
        if self._spent >= REQUESTS_MAX:
            return None
        self._spent += 1
        return await self.get(url)

    async def _try(self, url: str, kind: SourceKind = "feed") -> Feed:
        return (await self._visit(url, kind))[0]

    async def _visit(self, url: str, kind: SourceKind = "feed") -> tuple[Feed, Fetched | None]:
        fetched = await self._fetch(url)
        if fetched is None:
            return Feed(error="not_a_feed", detail="not tried"), None
        if fetched.error:
            return Feed(error=fetched.error, detail=fetched.detail), fetched
        return await self.parse(fetched, kind=kind), fetched

    async def _declared(self, page: Fetched | None) -> list[tuple[str, Way]]:
        return [] if page is None or page.error else await self.declared(page)


def _found(start: Resolved, url: str, how: How, feed: Feed) -> Resolved:
    return replace(
        start, name=start.name or feed.title, homepage=start.homepage or feed.link, feed=url, how=how, validated=True,
        error=None, title=feed.title, language=feed.language or start.language, entries=feed.entries,
    )  # fmt: skip


def _failed(start: Resolved, tried: Feed) -> Resolved:
    return replace(start, validated=False, error=start.error or tried.error)
