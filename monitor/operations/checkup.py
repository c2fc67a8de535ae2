"""What `check` finds beside the feeds: channels out of reach, links that lead nowhere, sources that nobody reads."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from monitor.core.documents.feeds import HTML_PAGE
from monitor.model import Source, Story
from monitor.ports import Channel

# Seconds that a channel may take to answer. Set here: a mail host that holds back its greeting does so for less than a
# minute (RFC 5321 allows five), and whoever runs `check` is waiting.
PROBE_S = 60.0


async def probe(channels: Mapping[str, Channel]) -> dict[str, str]:
    """Try every channel as far as one can without sending; what failed by channel id, "" where nothing did."""

    async def one(channel: Channel) -> str:
        try:
            async with asyncio.timeout(PROBE_S):
                return await channel.probe()
        except TimeoutError:
            return f"no answer within {PROBE_S:.0f} s"

    return dict(zip(channels, await asyncio.gather(*map(one, channels.values())), strict=True))


def unread(sources: Mapping[str, Source], stories: Sequence[Story]) -> list[dict[str, Any]]:
    """Sources that no story reads: visited for nothing, most likely because every story names its sources."""
    pinned = [story.id for story in stories if story.source_ids]
    if len(pinned) < len(stories) or not stories:
        return []
    read = {name for story in stories for name in story.source_ids}
    lacking = [name for name in sources if name not in read]
    how = f"add it to `sources` of {' or '.join(pinned[:3])}"
    return [
        {"problem": "source_unread", "subject": name, "detail": f"no story reads the source {name}; {how}"}
        for name in lacking
    ]


def twins(sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    """Feeds that are named twice: each is visited once, under one id."""
    return [
        {
            "problem": "source_twice", "subject": each.id,
            "detail": f"{each.id} is the same feed as {each.same_as} and visited once, as {each.same_as}; remove one",
        }
        for each in sources.values()
        if each.same_as
    ]  # fmt: skip


def pages(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sources whose address is that of a page for people: there is a way to read those, too."""
    how = 'write the address of its feed, or kind = "page", which reads the headlines of a page'
    return [
        {
            "problem": "source_page", "subject": row["source"],
            "detail": f"{row['source']} answers with a page, and is configured as a feed: {how}",
        }
        for row in rows
        if row["error"] == "not_a_feed" and row["detail"] == HTML_PAGE
    ]  # fmt: skip


def same_articles(stories: Sequence[Story]) -> list[dict[str, Any]]:
    """Stories of one article that are told in the same places: everything comes twice there."""
    first: dict[tuple[str, str], Story] = {}
    found = []
    for story in stories:
        other = first.setdefault((story.seed.title, story.seed.text), story)
        apart = story.channel_ids and other.channel_ids and not {*story.channel_ids} & {*other.channel_ids}
        if other is not story and not apart:
            detail = f"{story.id} watches the same article as {other.id}: what happens is told twice; remove one"
            found.append({"problem": "story_twice", "subject": story.id, "detail": detail})
    return found


def links(channel_types: Collection[str], public_url: str) -> list[dict[str, Any]]:
    """Mail is read elsewhere: its links need an address, and one-click unsubscribe (RFC 8058) one with https."""
    if "email" not in channel_types or public_url.startswith("https://"):
        return []
    if public_url:
        what = "one-click unsubscribe in mails needs an https address there (RFC 8058)"
        return [{"problem": "public_url_plain", "subject": "http.public_url", "detail": f"{public_url}: {what}"}]
    what = "is empty: links in mails, and the one that unsubscribes, lead nowhere for their readers"
    detail = f'http.public_url {what}; write an address such as "https://monitor.example.org"'
    return [{"problem": "public_url_empty", "subject": "http.public_url", "detail": detail}]


PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def unheeded(environ: Iterable[str], configured: bool) -> list[str]:
    """Variables by which other programs would go through a proxy, and this one does not: what goes where is configured.

    None where a proxy is `configured`: then whoever wrote it knows.
    """
    names = [] if configured else sorted(name for name in environ if name.upper() in PROXY_VARIABLES)
    if not names:
        return []
    verb = "is set and is" if len(names) == 1 else "are set and are"
    return [f"{', '.join(names)} {verb} not heeded: write [fetch] proxy and [hooks] proxy for what must go that way"]
