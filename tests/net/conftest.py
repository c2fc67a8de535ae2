"""A hostile origin, and fetchers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.model import Page, Source, SourceStatus, Visit
from monitor.net.fetch import FetchSettings, HttpFetcher
from monitor.net.guard import Guard, Resolver
from tests.net.hostile import HostileOrigin

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MakeFetcher = Callable[..., HttpFetcher]
# For what is to run into a limit; whatever is to be answered has time, however slow the machine is.
HASTY = {"timeout_s": 0.8, "connect_s": 0.5, "idle_s": 0.4}


async def read_page(body: bytes, url: str, content_type: str) -> Page:
    """The simplest extraction there is."""
    return Page(url=url, at=AT, title=content_type, text=body.decode("utf-8", "replace"))


def visit(url: str, *, unconditional: bool = False, **fields: Any) -> Visit:
    """A visit to `url`; fields of the source and of its status by name."""
    source = {name: fields.pop(name) for name in ("username", "password") if name in fields}
    status = SourceStatus("s", **{name: fields[name] for name in fields})
    return Visit(Source("s", "S", url, **source), status, AT, unconditional)


@pytest.fixture
async def origin() -> AsyncIterator[HostileOrigin]:
    """One misbehaving origin."""
    async with HostileOrigin() as server:
        yield server


@pytest.fixture
async def make() -> AsyncIterator[MakeFetcher]:
    """Makes fetchers: `make(*permits, resolver=None, **settings)`; all are closed at the end."""
    made: list[HttpFetcher] = []

    def fetcher(*permits: str, resolver: Resolver | None = None, **settings: Any) -> HttpFetcher:
        limits: dict[str, Any] = {"spacing_s": 0.0, **settings}
        made.append(HttpFetcher(Guard(permits, resolver=resolver), FetchSettings(**limits), read_page))
        return made[-1]

    yield fetcher
    for one in made:
        await one.close()
