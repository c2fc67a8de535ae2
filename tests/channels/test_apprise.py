"""Apprise behind the fence: its own client reaches private addresses only where `[hooks] allow_private` lists them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import build
from monitor.metrics import Metrics
from monitor.model import Receipt, SendRequest
from tests.loopback import Mailbox, Newsstand
from tests.stores.made import alert, delivery

pytest.importorskip("apprise")


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    made = Newsstand()
    yield made
    made.close()


async def sent(folder: Path, url: str, allow: str = "") -> Receipt:
    text = f'[hooks]\nallow_private = [{allow}]\n[[channel]]\nid = "any"\ntype = "apprise"\nurl_env = "URL"\n'
    app = build(config.parse(text, folder / "config.toml", {"URL": url}), None, Metrics(), exclusive=False)
    try:
        told = alert("bridge")
        return await app.pipeline.channels["any"].send(SendRequest(delivery(told, "any"), told))
    finally:
        await app.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001"])
@pytest.mark.parametrize("scheme", ["json", "xml", "form"])
async def test_private_addresses_are_refused_by_the_rule_of_hooks(
    tmp_path: Path, stand: Newsstand, host: str, scheme: str
) -> None:
    receipt = await sent(tmp_path, f"{scheme}://{host}:{stand.port}/hook")
    assert stand.hooks == []
    assert receipt.outcome == "retry"
    assert receipt.detail.startswith("blocked_address: ")
    assert "not listed in [hooks] allow_private" in receipt.detail


async def test_what_is_listed_is_delivered(tmp_path: Path, stand: Newsstand) -> None:
    receipt = await sent(tmp_path, f"json://127.0.0.1:{stand.port}/hook", f'"127.0.0.1:{stand.port}"')
    assert receipt.outcome == "delivered", receipt.detail
    assert len(stand.hooks) == 1


async def test_mail_by_apprise_is_fenced_in_too(tmp_path: Path) -> None:
    box = Mailbox()
    try:
        url = f"mailto://127.0.0.1:{box.port}?from=a@example.org&to=b@example.org&mode=insecure"
        receipt = await sent(tmp_path, url)
        assert (receipt.outcome, box.messages) == ("retry", [])
        assert "blocked_address" in receipt.detail
    finally:
        box.close()
