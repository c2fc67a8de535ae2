"""One pass ends, whoever hangs: a publisher, or the host that is to carry the alerts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from monitor import config
from monitor.app import build
from monitor.metrics import Metrics
from monitor.model import Alert, Delivery, Receipt, SendRequest
from monitor.operations import polling
from tests.net.hostile import HostileOrigin


class Hangs:
    """A channel whose host takes what is sent and never answers."""

    async def send(self, send_request: SendRequest) -> Receipt:
        await send_request.hand_over()
        await asyncio.Event().wait()
        raise AssertionError

    async def close(self) -> None:
        """Nothing to release."""


async def test_a_pass_ends_within_its_limit_and_leaves_in_doubt_what_is(tmp_path: Path) -> None:
    async with HostileOrigin() as origin:
        text = f"""
[fetch]
allow_private = ["{origin.permit}"]
[[source]]
id = "slow"
url = "{origin.url("/hang")}"
"""
        app = build(config.parse(text, tmp_path / "config.toml", {}), None, Metrics(), exclusive=False)
        app.pipeline.channels = {"mail": Hangs()}
        now = datetime.now(UTC)
        alert = Alert(id="a1", kind="story.development", at=now, title="Dam breaks")
        app.store.add_alert(alert, [Delivery("d1", "a1", "mail", "", created_at=now, next_at=now)])
        async with asyncio.timeout(60):  # without a limit of its own, longer than this
            figures = await polling.poll(app.pipeline, app.sources, everything=True, limit_s=polling.LAST_S + 3)
        assert (figures["visited"], figures["delivered"]) == (0, 0)
        state = app.store.alerts(alert_id="a1")[0][1][0]
        assert state.attempts == 1
        assert app.store.statuses(["slow"])["slow"].failures == 0, "a visit given up is booked against nobody"
        await app.close()
