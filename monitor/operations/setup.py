"""From an article to a watch: what `add` finds out and what it writes; and whether a watch has all it needs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.core import json_views, relevance
from monitor.core.decisions import visit
from monitor.core.documents import outlets
from monitor.core.novelty import claims
from monitor.core.times import to_text_or_none
from monitor.model import Article, Citation, Claim, Entry, Resolved, Score, Source, SourceStatus, Story, Visit
from monitor.ports import Fetcher, Parser, Store

NEIGHBOURS = 10  # entries shown on each side of the threshold (set)
STORED_MAX = 5000  # stored entries weighed for them: 8 s of one core (set)


@dataclass(frozen=True, slots=True)
class Plan:
    """What `add` found out: enough to print, and to write."""

    article: Article
    story: Story
    resolved: tuple[Resolved, ...]
    profile: dict[str, list[str]]
    claims: tuple[Claim, ...]
    own: Resolved | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `monitor add`."""
        return {
            "story": {
                "id": self.story.id, "title": self.story.title,
                "published_at": to_text_or_none(self.article.published_at),
            },
            "sources": [
                _row(found) for found in self.resolved
            ],
            "own": _row(self.own) if self.own else None, "profile": self.profile,
            "claims": [
                {
                    "kind": claim.kind, "text": claim.text, "value": claim.value, "unit": claim.unit or None,
                    "quote": claim.quote, "by": claim.date_to or None,
                }
                for claim in self.claims
            ],
        }  # fmt: skip

    @property
    def outlets(self) -> tuple[Resolved, ...]:
        """All that were looked for: those that are cited or given, then the article's own."""
        return (*self.resolved, self.own) if self.own else self.resolved

    def with_outlets(self, found: Sequence[Resolved]) -> Plan:
        """The plan with these in the place of `outlets`, in their order."""
        count = len(self.resolved)
        return replace(self, resolved=tuple(found[:count]), own=found[count] if self.own else None)

    def sources(self) -> list[dict[str, str]]:
        """The source tables to write: every outlet with a feed, validated or not; the article's own where it answers.

        One that is configured already is named by its id.
        """
        own = [self.own] if self.own and self.own.validated else []
        return [
            {"id": found.source_id, "name": found.name, "url": found.feed, "homepage": found.homepage,
             "kind": found.kind}
            for found in (*self.resolved, *own)
            if found.feed
        ]  # fmt: skip


def _row(found: Resolved) -> dict[str, Any]:
    return {
        "name": found.name, "cited": [{"title": c.title, "url": c.url or None} for c in found.cited],
        "homepage": found.homepage or None, "feed": found.feed or None, "how": found.how,
        "validated": found.validated, "error": found.error, "kind": found.kind, "source": found.source_id or None,
    }  # fmt: skip


async def plan(
    article: Article, story_id: str, resolve: Callable[[str, Sequence[Citation]], Awaitable[Resolved]],
    given: Sequence[Awaitable[Resolved]] = (), own: Awaitable[Resolved] | None = None,
) -> Plan:  # fmt: skip
    """Resolve the cited outlets, those `given` beside them and the article's `own`; compile profile and claims."""
    grouped: dict[str, list[Citation]] = {}
    for citation in article.cited:
        grouped.setdefault(citation.outlet, []).append(citation)
    cited = (resolve(name, citations) for name, citations in grouped.items())
    resolved = await asyncio.gather(*cited, *given, *([own] if own else []))
    own_outlet = resolved.pop() if own else None
    story = Story(story_id, article.title, article)
    made, said = await asyncio.to_thread(_reading, story)
    return Plan(article, story, tuple(resolved), made, said, own_outlet)


async def taught(plan: Plan, story: Story) -> Plan:
    """The plan with its story as a person changed it."""
    profile, said = await asyncio.to_thread(_reading, story)
    return replace(plan, story=story, profile=profile, claims=said)


def _reading(story: Story) -> tuple[dict[str, list[str]], tuple[Claim, ...]]:
    """What the seed says, for people to see. An event loop must not wait for it."""
    seed = story.seed
    said = claims.extract(seed.text, seed.published_at, title=seed.title, source="seed")
    return relevance.describe(relevance.profile(story)), said


def neighbours(plan: Plan, store: Store | None, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """The entries on both sides of the threshold, nearest first: what this watch would and would not tell.

    Of the feeds that were just found, and of what is stored, where there is a state.
    """
    matcher = relevance.Matcher([relevance.profile(plan.story)])
    seen = {entry.url or entry.title: (entry, now) for found in plan.outlets for entry in found.entries}
    for made in store.decisions(limit=STORED_MAX) if store else ():
        entry = Entry(id=made.entry_id, url=made.url, title=made.title)
        seen.setdefault(made.url or made.title, (entry, made.at))
    scored = []
    for entry, at in seen.values():
        matches = matcher.score(entry, min(entry.published_at or at, at))
        scored.append((matches[0].score if matches else visit.zero(plan.story), entry))
    above = sorted((pair for pair in scored if pair[0].follow_up), key=lambda pair: pair[0].value)
    below = sorted((pair for pair in scored if not pair[0].follow_up), key=lambda pair: -pair[0].value)
    return {"above": _rows(above[:NEIGHBOURS]), "below": _rows(below[:NEIGHBOURS])}


def _rows(pairs: Iterable[tuple[Score, Entry]]) -> list[dict[str, Any]]:
    return [
        {"score": score.value, "title": entry.title, "reasons": [json_views.reason(why) for why in score.reasons]}
        for score, entry in pairs
    ]


async def check_sources(
    fetcher: Fetcher, parser: Parser, sources: Iterable[Source], now: datetime, seen: Callable[[], None]
) -> list[dict[str, Any]]:
    """Visit every source once, from nothing: `[{"source","url","error","detail","entries"}]`, in their order."""

    async def one(source: Source) -> dict[str, Any]:
        fetched = await fetcher.fetch(Visit(source, SourceStatus(source.id), now, unconditional=True))
        error, detail, entries = fetched.error, fetched.detail, 0
        if error is None:
            feed = await parser.parse(fetched, kind=source.kind)
            error, detail, entries = feed.error, feed.detail, len(feed.entries)
        seen()
        return {"source": source.id, "url": source.url, "error": error, "detail": detail or None, "entries": entries}

    return list(await asyncio.gather(*(one(source) for source in sources)))


def coverage(story: Story, sources: Mapping[str, Source]) -> dict[str, Any]:
    """`{"story","sources","not_covered"}`: what it reads, and the outlets cited that it does not."""
    read = [sources[name] for name in story.source_ids or sources if name in sources]
    names = {name for source in read for name in _names(source)}
    cited = dict.fromkeys(citation.outlet for citation in story.seed.cited)
    return {
        "story": story.id, "sources": [source.id for source in read],
        "not_covered": [outlet for outlet in cited if outlet.casefold() not in names],
    }  # fmt: skip


def _names(source: Source) -> list[str]:
    """What a source may be cited as: its own name, and the outlet's whose name or address it has."""
    known = [outlets.find(text) for text in (source.name, source.homepage, source.url) if text]
    return [source.name.casefold(), *(outlet.name.casefold() for outlet in known if outlet)]
