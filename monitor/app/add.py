"""An article becomes a watch: what `add` finds out, with which of the configured sources, and what it writes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from monitor.app.build import Parts, parts
from monitor.app.settings import replace_channels, seed_file
from monitor.config import Config, edit
from monitor.config.schema import ID
from monitor.config.ways import sources
from monitor.core import urls
from monitor.core.documents import outlets, publisher
from monitor.core.presentation import phrases
from monitor.errors import ArticleError, UsageError
from monitor.model import Article, Citation, Fetched, Resolved, Source
from monitor.net.discover import Resolver
from monitor.operations import setup
from monitor.ports import Store, setting_names
from monitor.runtime.clocks import SystemClock

ACCEPT_ANY = "text/html, application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.8"
# What is kept of a title in the file; every page and mail cuts it again to what it has room for.
TITLE_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person says beside the article: id and title of the story, and sources by name."""

    id: str = ""
    title: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)


def seen_before(store: Store, story_id: str) -> bool:
    """Whether the state has what was seen of a story of this id: another article would inherit its names and news."""
    return bool(store.story_versions([story_id]) or store.setting(setting_names.baseline(story_id)))


def wishes(config: Config, store: Store, story_id: str, title: str, given: Sequence[str]) -> Wishes:
    """The same, checked: an id that is free, and NAME=URL; UsageError says what is wrong."""
    if story_id and not ID.fullmatch(story_id):
        raise UsageError("--id takes a-z, 0-9 and -, at most 64 characters")
    if story_id in [story.id for story in config.document.story]:
        raise UsageError(f"there is a story {story_id!r} already")
    if story_id and seen_before(store, story_id):
        raise UsageError(
            f"the state has what was seen of a story {story_id!r} that is watched no longer: take another --id, or "
            "put its [[story]] back"
        )
    named: dict[str, str] = {}
    for each in given:
        name, divider, address = each.partition("=")
        url = urls.fetchable(urls.web(address))
        if not name.strip() or not divider or not url or urls.has_credentials(url):
            raise UsageError("--source takes NAME=URL, an address of the web without a password")
        named[name.strip()] = url
    return Wishes(story_id, title.strip()[:TITLE_CHARS_MAX], named)


async def plan_watch(
    config: Config, store: Store, article: str, seen: Callable[[], None] = lambda: None,
    wanted: Wishes = Wishes(),
) -> setup.Plan:  # fmt: skip
    """What `add` finds out about an article, given as a file or an address: sources, profile, claims.

    `seen` is called for each outlet looked for. The story's id is one that neither configuration nor state has.
    """
    made = parts(replace_channels(config))
    try:
        read = await _article(made, config, article)
        read = replace(read, title=wanted.title or read.title)
        search = _Search(config, made, seen, wanted.sources)
        story_id = wanted.id or await asyncio.to_thread(_free_id, config, store, read.title)
        return await setup.plan(read, story_id, search.resolve, search.given(read), search.own(read))
    finally:
        await made.close()


def _free_id(config: Config, store: Store, title: str) -> str:
    taken = [story.id for story in config.document.story]
    while seen_before(store, found := edit.slug(title, taken)):
        taken.append(found)
    return found


async def _article(made: Parts, config: Config, article: str) -> Article:
    if "://" not in article:
        return await made.parser.article(await asyncio.to_thread(seed_file, Path(article)), "", "")
    if not urls.fetchable(article):
        raise ArticleError(f"{article} is no web address: write https:// and the rest, or name a file")
    fetched = await _get(made, config, article)
    if fetched.error:
        raise ArticleError(f"{article}: {fetched.error}: {phrases.failure(fetched.error, fetched.detail)}")
    return await made.parser.article(fetched.body, fetched.final_url or article, fetched.content_type)


async def _get(made: Parts, config: Config, url: str) -> Fetched:
    most = config.document.fetch.body_max
    return await made.fetcher.get(url, body_max=most, accept=ACCEPT_ANY, at=SystemClock().now())


@dataclass(slots=True)
class _Search:
    """Finds each outlet's feed: given with the command, configured already, in the catalogue, or on its site."""

    config: Config
    made: Parts
    seen: Callable[[], None]
    wanted: Mapping[str, str]

    async def resolve(self, name: str, cited: Sequence[Citation]) -> Resolved:
        """One cited outlet."""
        called = _called(name, *(citation.url for citation in cited))
        if url := next((url for wished, url in self.wanted.items() if _called(wished, url) & called), ""):
            found = replace(await self._resolver().given(url, name), cited=tuple(cited))
        elif (source := self._configured(called)) is not None:
            found = await self._of_source(source, cited)
        else:
            found = await self._resolver().resolve(name, cited)
        self.seen()
        return found

    def given(self, article: Article) -> list[Awaitable[Resolved]]:
        """The sources that were given with the command and that the article does not cite."""
        cited = {fold for citation in article.cited for fold in _called(citation.outlet, citation.url)}
        return [
            self._resolver().given(url, name) for name, url in self.wanted.items() if not cited & _called(name, url)
        ]

    def own(self, article: Article) -> Awaitable[Resolved] | None:
        """The article's own outlet, where the page says which that is: it goes on reporting its story."""
        if not article.url:
            return None
        outlet = outlets.find(article.url)
        name = outlet.name if outlet else article.site or urls.display(article.url)
        called = _called(name, article.url)
        if any(called & _called(citation.outlet, citation.url) for citation in article.cited):
            return None
        return self.resolve(name, (Citation(name, article.title, article.url),))

    def _resolver(self) -> Resolver:
        # A resolver each: every outlet has requests of its own to spend.
        return Resolver(
            lambda url: _get(self.made, self.config, url), self.made.parser.parse, self.made.parser.declared
        )

    def _configured(self, called: frozenset[str]) -> Source | None:
        tables = self.config.document.source
        found = next((t for t in tables if _called(t.name or t.id, t.homepage, t.url) & called), None)
        return sources(self.config)[found.id] if found else None

    async def _of_source(self, source: Source, cited: Sequence[Citation]) -> Resolved:
        """A configured source, as it answers now; what it needs of headers and passwords is its visits' matter."""
        found = await self._resolver().given(source.url, source.label)
        return replace(
            found, cited=tuple(cited), feed=source.url, homepage=source.homepage or found.homepage, kind=source.kind,
            source_id=source.id, how="given",
        )  # fmt: skip


def _called(*said: str) -> frozenset[str]:
    """What an outlet may be known by: its names, without their article, and the sites that are its own."""
    names = {form for each in said if each and "://" not in each for form in publisher.forms(each)}
    sites = {f"://{urls.registrable(each)}" for each in said if "://" in each}
    catalogued = {f"#{outlet.id}" for each in said if each and (outlet := outlets.find(each))}
    # Loopback addresses and other bare hosts have no registrable domain: there the port tells sites apart.
    hosts = {f"://{urls.authority(each)}" for each in said if "://" in each and "." not in urls.registrable(each)}
    return frozenset(names | (sites - {s for s in sites if s[3:].replace(".", "").isdigit()}) | catalogued | hosts)


def write_watch(config: Config, plan: setup.Plan) -> dict[str, Any]:
    """Write a planned watch into the configuration file; returns the ids written."""
    article = plan.article
    dated = f"\n\n{article.published_at:%d %B %Y}" if article.published_at else ""
    listed = "\n".join(f"- {c.outlet}" + (f": '{c.title}'" if c.title else "") for c in article.cited)
    cited = f"\n\nSources used:\n{listed}" if listed else ""
    story = {
        "id": plan.story.id, "title": article.title[:TITLE_CHARS_MAX], "seed_url": article.url,
        # An article that names nobody says nothing of who else tells of it: its story reads every source.
        "covered": bool(plan.resolved) and all(found.feed for found in plan.resolved),
        "ignore": plan.story.ignore, "like": plan.story.like, "unlike": plan.story.unlike,
        "seed_text": f"{article.title}{dated}\n\n{article.text}{cited}",
    }  # fmt: skip
    stories = [table.id for table in config.document.story]
    return edit.append_watch(config.path, plan.sources(), story, config.listed(), stories)
