"""One pass ends, whoever hangs: a publisher, or the host that is to carry the alerts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import build
from monitor.errors import ConfigError
from monitor.metrics import Metrics
from monitor.model import Alert, Delivery, Receipt, SendRequest
from monitor.operations import polling
from tests.channels.misbehaving import SmtpHost
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
        assert (figures["visited"], figures["left"], figures["delivered"]) == (0, 1, 0)
        state = app.store.alerts(alert_id="a1")[0][1][0]
        assert state.attempts == 1
        assert app.store.statuses(["slow"])["slow"].failures == 0, "a visit given up is booked against nobody"
        await app.close()


# Where a mail host falls silent, and how many copies of the mail it may have by then.
SILENT = {"greeting": 0, "rcpt": 0, "data": 0, "dot": 1}


@pytest.mark.parametrize("stage", SILENT)
async def test_a_mail_host_that_falls_silent_is_given_up_and_booked_as_what_it_may_have(
    tmp_path: Path, stage: str
) -> None:
    host = SmtpHost(scripts=({stage: "hang"},))
    await host.start()
    text = f"""
[[channel]]
id = "mail"
type = "email"
host = "127.0.0.1"
port = {host.port}
tls = "none"
from = "monitor@example.org"
to = ["desk@example.org"]
"""
    app = build(config.parse(text, tmp_path / "config.toml", {}), None, Metrics(), exclusive=False)
    now = datetime.now(UTC)
    alert = Alert(id="a1", kind="story.development", at=now, title="Dam breaks")
    app.store.add_alert(alert, [Delivery("d1", "a1", "mail", "desk@example.org", created_at=now, next_at=now)])
    async with asyncio.timeout(25):  # the channel itself would wait for minutes, as RFC 5321 wants
        figures = await polling.poll(app.pipeline, app.sources, limit_s=polling.LAST_S + 2)
    row = app.store.alerts(alert_id="a1")[0][1][0]
    assert (figures["delivered"], row.state, row.attempts) == (0, "retrying", 1)
    assert row.unknown == SILENT[stage] == len(host.messages), "in doubt is what the host may have, and nothing else"
    await app.close()
    await host.stop()


async def test_the_limit_is_a_setting(tmp_path: Path) -> None:
    read = config.parse("[fetch]\npoll_limit = '5m'\n", tmp_path / "config.toml", {})
    assert read.document.fetch.poll_limit == 300
    assert config.parse("", tmp_path / "config.toml", {}).document.fetch.poll_limit == polling.POLL_S
    with pytest.raises(ConfigError, match="at least"):
        config.parse("[fetch]\npoll_limit = '30s'\n", tmp_path / "config.toml", {})
