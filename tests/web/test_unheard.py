"""A receiver that is away, or switched off: what the pages and `doctor` say while its messages wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from monitor import config
from monitor.app.build import App, build
from monitor.metrics import Metrics
from monitor.model import Receipt
from monitor.operations import control
from monitor.web import make
from tests.publisher import Clock
from tests.stores.made import LEASE, alert, delivery

CHANNEL = '[[channel]]\nid = "desk"\ntype = "webhook"\nurl = "https://hooks.example/x"\n'
REFUSED = Receipt("retry", "connect: [Errno 111] Connect call failed ('192.0.2.1', 443)")
HOUR = timedelta(hours=1)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    clock = Clock(datetime(2026, 6, 1, 12, tzinfo=UTC))
    made = build(config.parse(CHANNEL, tmp_path / "config.toml", {}), None, Metrics(), exclusive=True, clock=clock)
    yield made
    await made.close()


async def text(app: App, path: str) -> str:
    transport = httpx.ASGITransport(make(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
        return (await client.get(path)).text


def tried(app: App, receipt: Receipt) -> None:
    """One alert, one attempt."""
    at = app.pipeline.clock.now()
    told = alert("1", at)
    app.store.add_alert(told, [delivery(told)])
    app.store.settle_and_claim(
        [(row, receipt) for row, _ in app.store.settle_and_claim((), at, 9, LEASE, 2)], at, 0, LEASE, 2
    )


def wrong(app: App) -> list[str]:
    checks = control.doctor(app.store, "://", ["desk"], app.pipeline.clock.now())
    return [str(each["detail"]) for each in checks if not each["ok"]]


async def test_a_channel_that_takes_nothing_for_an_hour_is_named(app: App) -> None:
    tried(app, REFUSED)
    assert "has taken nothing" not in await text(app, "/")
    assert wrong(app) == []
    app.pipeline.clock.at += HOUR  # type: ignore[attr-defined]
    today = await text(app, "/")
    assert "Channel desk" in today
    assert "has taken nothing since today at 12:00" in today
    (said,) = wrong(app)
    assert "nothing has reached desk since 2026-06-01T12:00:00Z" in said


async def test_a_failure_is_told_in_words_and_as_the_machine_said_it(app: App) -> None:
    tried(app, REFUSED)
    page = await text(app, "/deliveries")
    assert "its server cannot be reached<small" in page
    assert "[Errno 111]" in page
    assert "Being tried" in page


async def test_what_waits_for_a_channel_that_is_off_does_not_go_at_once(app: App) -> None:
    tried(app, REFUSED)
    app.store.set_channel("desk", "switched off by hand", app.pipeline.clock.now())
    app.pipeline.clock.at += HOUR  # type: ignore[attr-defined]
    page = await text(app, "/deliveries")
    assert "until the channel is switched on" in page
    assert "next at once" not in page
    assert "has taken nothing" not in await text(app, "/")


async def test_nothing_arrived_where_nothing_was_sent(app: App) -> None:
    page = await text(app, "/deliveries")
    assert "Nothing was sent yet." in page
    assert "Everything arrived" not in page
