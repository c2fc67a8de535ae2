"""One click in a mail program stops a story for that reader, for good, and the same link starts it again (RFC 8058)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from monitor.web import make
from tests.loopback import Mailbox
from tests.watched import Watched, run

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FOREIGN = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}
TITLES = [
    "Divers reach the wreck of the ferry Aldermoor off Vess",
    "Aldermoor inquiry will hear 30 sailors, says Vess harbour office",
    "Captain of the Aldermoor denies that the bow door was open",
    "Owners of the ferry Aldermoor file for bankruptcy in Vess",
    "Parliament votes to raise the wreck of the Aldermoor next spring",
]


def channel(mailbox: Mailbox, more: str = "") -> str:
    return f"""[http]
public_url = "https://monitor.example"
[[channel]]
id = "mail"
type = "email"
host = "127.0.0.1"
port = {mailbox.port}
tls = "none"
from = "monitor@example.org"
to = ["ann@example.org", "bob@example.org"]
{more}
"""


async def click(watched: Watched, link: str, **form: str) -> httpx.Response:
    """What a mail provider's server, or a browser that came from a mail, does with the link."""
    transport = httpx.ASGITransport(app=make(watched.app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
        path = "/" + link.strip("<>").split("/", 3)[3]
        if not form:
            return await client.get(path)
        return await client.post(path, data=form, headers=FOREIGN)


def test_one_click_stops_a_story_for_one_reader_until_it_is_taken_back(tmp_path: Path) -> None:
    mailbox = Mailbox()

    def arrived() -> list[str]:
        """Who got mail since the last look."""
        found = sorted(str(message["To"]).split("@")[0] for message in mailbox.messages)
        mailbox.messages.clear()
        return found

    async def act(watched: Watched) -> None:
        arrived()
        await watched.published(TITLES[0])
        (mine,) = (message for message in mailbox.messages if message["To"] == "ann@example.org")
        link = mine["List-Unsubscribe"]
        assert link.startswith("<https://monitor.example/unsubscribe/"), "an encoded word is no address"
        assert mine["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert arrived() == ["ann", "bob"]
        shown = await click(watched, link)
        assert "Stop" in shown.text
        await watched.published(TITLES[1])
        assert arrived() == ["ann", "bob"], "to look is not to click"
        assert (await click(watched, link, **ONE_CLICK)).status_code == 200
        await watched.published(TITLES[2])
        assert arrived() == ["bob"]
        await watched.restart()
        await watched.published(TITLES[3])
        assert arrived() == ["bob"]
        assert (await click(watched, link, **ONE_CLICK)).status_code == 200, "a second click changes nothing"
        assert "Start again" in (await click(watched, link)).text
        await click(watched, link, again="1")
        await watched.published(TITLES[4])
        assert arrived() == ["ann", "bob"]

    try:
        run(tmp_path, act, channel(mailbox))
    finally:
        mailbox.close()


@pytest.mark.parametrize("every", [False, True])
def test_what_waits_is_not_sent_after_the_click(tmp_path: Path, every: bool) -> None:
    """A held alert is of before; the reader has asked for no more all the same. "*" stops every story."""
    mailbox = Mailbox()

    async def act(watched: Watched) -> None:
        await watched.published(TITLES[0])
        pipeline, store = watched.app.pipeline, watched.app.store
        rows = [(alert, d) for alert, deliveries in store.alerts(story_id="ferry") for d in deliveries]
        assert {d.state for _, d in rows} == {"held"}
        alert, mine = next((alert, d) for alert, d in rows if d.recipient == "ann@example.org")
        digest = replace(alert, kind="story.digest", story_id="", entry_key="")
        link = pipeline.links(mine, digest if every else alert)["unsubscribe"]
        await click(watched, link, **ONE_CLICK)
        states = {d.recipient: d.state for _, deliveries in store.alerts(story_id="ferry") for d in deliveries}
        assert states == {"ann@example.org": "cancelled", "bob@example.org": "held"}
        await watched.published(TITLES[1])
        fresh = [d.recipient for d in store.alerts(story_id="ferry", limit=1)[0][1]]
        assert fresh == ["bob@example.org"]

    try:
        run(tmp_path, act, channel(mailbox, 'mode = "digest"\ndigest_at = "00:01"'))
    finally:
        mailbox.close()
