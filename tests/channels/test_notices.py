"""Channels in trouble: who is told, how often, when one is switched off, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.decisions import periodic
from monitor.core.delivery import retries
from monitor.errors import NotFound
from monitor.model import Alert, ChannelStatus, Delivery, Destination, Receipt, SendRequest
from monitor.operations import control, reports
from monitor.pipeline import Pipeline, Settings, Watchlist
from monitor.runtime.dispatcher import Dispatcher
from monitor.runtime.maintenance import tend
from monitor.stores import SqlStore, open_store
from tests.channels.matrix import ALERT, NOW, Clock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILED, DONE, REFUSED = Receipt("retry", "answered 500", 500), Receipt("delivered", "200", 200), Receipt("refused")


@dataclass
class Peer:
    """A channel that answers as it is told and remembers what it was sent."""

    answer: Receipt = DONE
    sent: list[SendRequest] = field(default_factory=list)

    async def send(self, send_request: SendRequest) -> Receipt:
        """The answer."""
        self.sent.append(send_request)
        return self.answer

    async def close(self) -> None:
        """Nothing."""


@dataclass
class Desk:
    """A lane with channels "bad" and "good", a state, and a clock."""

    store: SqlStore
    names: tuple[str, ...] = ("bad", "good")
    operators: tuple[str, ...] = ()
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        """Join them."""
        self.peers = {name: Peer() for name in self.names}
        watch = Watchlist((), tuple(Destination(name) for name in self.names))
        self.pipeline = Pipeline(
            store=self.store, fetcher=None, parser=None, clock=self.clock, watchlist=watch,
            settings=Settings(operators=self.operators), channels=self.peers,
        )  # type: ignore[arg-type]  # fmt: skip

    def put(self, number: int, channel: str = "bad") -> str:
        """One alert for one channel."""
        alert = replace(ALERT, id=f"a{number}", title=f"Alert {number}")
        self.store.add_alert(alert, [Delivery(f"m{number}", alert.id, channel, "", created_at=self.clock.at)])
        return f"m{number}"

    async def work(self) -> list[Alert]:
        """Deliver what is due, look after the house, deliver what that brought."""
        await Dispatcher(self.pipeline).deliver()
        made = tend(self.pipeline, {})
        await Dispatcher(self.pipeline).deliver()
        return made

    def notices(self) -> list[str]:
        """What the good channel was told of the bad one."""
        return [p.alert.title for p in self.peers["good"].sent if p.alert.kind == "source.trouble"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_store(str(tmp_path / "monitor.db"))
    yield made
    made.close()


async def test_dead_letters_are_told_once_on_another_channel_and_at_most_daily(store: SqlStore) -> None:
    desk = Desk(store)
    desk.peers["bad"].answer = REFUSED
    for number in range(3):
        desk.put(number)
        await desk.work()
        desk.clock.at += HOUR
    assert len(desk.notices()) == 1
    assert "could not deliver 1 alert" in desk.notices()[0]
    desk.clock.at += DAY
    await desk.work()
    assert len(desk.notices()) == 2
    assert "could not deliver 2 alerts" in desk.notices()[1]
    desk.clock.at += 9 * DAY
    assert await desk.work() == []
    assert desk.peers["bad"].sent[-1].alert.kind == "story.development", "the notice is for the others"
    items = [p.alert.items for p in desk.peers["good"].sent][1]
    assert [item.title for item in items] == ["Alert 1", "Alert 2"]


async def test_410_switches_off_at_once_and_resume_sends_what_waited(store: SqlStore) -> None:
    desk = Desk(store)
    desk.peers["bad"].answer = Receipt("refused", "answered 410", 410, disable=True)
    desk.put(1)
    await desk.work()
    desk.put(2)
    for _ in range(3):
        await desk.work()
    assert [p.delivery.id for p in desk.peers["bad"].sent] == ["m1"]
    (notice,) = desk.notices()
    assert "switched off: answered 410" in notice
    (said,) = (
        check for check in control.doctor(store, "", ["bad"], desk.clock.at) if check["check"] == "channels enabled"
    )
    assert said["ok"] is False
    assert "`monitor resume bad`" in said["detail"]
    assert all(check["ok"] for check in control.doctor(store, "://", ["good"], desk.clock.at)), (
        "a channel that was removed is no trouble"
    )
    (said,) = (c for c in control.doctor(store, "://", ["good"], desk.clock.at) if c["check"] == "channels answer")
    assert said["detail"] == "messages still wait for bad, which is not configured", "renamed, it would lose them"
    desk.clock.at += 10 * DAY
    desk.peers["bad"].answer = DONE
    assert control.switch_on(store, "bad", desk.clock.at)["was"] == "answered 410"
    await desk.work()
    assert [p.delivery.id for p in desk.peers["bad"].sent] == ["m1", "m2"]
    desk.peers["bad"].answer = Receipt("refused", "answered 410", 410, disable=True)
    desk.put(3)
    await desk.work()
    await desk.work()
    assert len(desk.notices()) == 2, "off for the second time is told for the second time"


async def test_five_days_of_failures_switch_off_and_lose_nothing(store: SqlStore) -> None:
    desk = Desk(store)
    desk.peers["bad"].answer = FAILED
    began, number = desk.clock.at, 0
    while not store.disabled_channels():
        if desk.clock.at - began >= number * 12 * HOUR:
            number += 1
            desk.put(number)
        await desk.work()
        desk.clock.at += HOUR
    assert timedelta(days=5) <= desk.clock.at - began < timedelta(days=5, hours=13)
    off = [told for told in desk.notices() if "switched off" in told]
    assert len(off) == 1
    assert "every attempt failed for 5 days" in off[0]
    states = {row.state for told, rows in store.alerts() for row in rows if row.channel_id == "bad"}
    assert states == {"dead", "retrying", "pending"}, "what is young waits"
    desk.peers["bad"].answer = DONE
    control.switch_on(store, "bad", desk.clock.at)
    control.redeliver(store, desk.clock.at, None, None, True)
    await desk.work()
    desk.clock.at += 15 * HOUR
    await desk.work()
    assert {row.state for _, rows in store.alerts() for row in rows} == {"delivered"}
    assert {p.delivery.id for p in desk.peers["bad"].sent} == {f"m{n}" for n in range(1, number + 1)}


async def test_what_came_of_each_attempt_can_be_read(store: SqlStore) -> None:
    desk = Desk(store)
    desk.peers["bad"].answer = replace(
        FAILED, elapsed_s=0.25, answer="try later", request="POST to hook.example, 9 bytes"
    )
    desk.put(1)
    await desk.work()
    (row,) = reports.alert(store, "a1")["deliveries"]
    (attempt,) = row["log"]
    assert (attempt["outcome"], attempt["status"], attempt["detail"]) == ("retry", 500, "answered 500")
    assert (attempt["elapsed_s"], attempt["answer"]) == (0.25, "try later")
    assert (attempt["request"], attempt["at"]) == ("POST to hook.example, 9 bytes", "2026-06-01T12:00:00Z")
    with pytest.raises(NotFound):
        reports.alert(store, "none")


async def test_with_nobody_else_to_tell_the_notice_is_kept(store: SqlStore) -> None:
    desk = Desk(store, names=("bad",))
    desk.peers["bad"].answer = REFUSED
    desk.put(1)
    (made,) = await desk.work()
    ((kept, deliveries),) = store.alerts(alert_id=made.id)
    assert (kept.title, deliveries) == ("Channel bad could not deliver 1 alert: ", [])
    assert await desk.work() == []


async def test_operators_that_cannot_hear_are_replaced_by_whoever_can(store: SqlStore) -> None:
    desk = Desk(store, operators=("bad",))
    desk.peers["bad"].answer = REFUSED
    desk.put(1)
    await desk.work()
    assert len(desk.notices()) == 1


async def test_two_dead_channels_do_not_write_each_other_for_ever(store: SqlStore) -> None:
    desk = Desk(store)
    for peer in desk.peers.values():
        peer.answer = REFUSED
    desk.put(1)
    for _ in range(6):
        await desk.work()
        desk.clock.at += 2 * DAY
    assert sum(len(peer.sent) for peer in desk.peers.values()) == 2


@pytest.mark.parametrize(
    ("answers", "off"),
    [
        ([(0, FAILED), (60, FAILED), (121, FAILED)], False),
        ([(hours, FAILED) for hours in range(0, 132, 12)], True),
        ([*((hours, FAILED) for hours in range(0, 72, 12)), (72, DONE), (84, FAILED), (132, FAILED)], False),
        ([*((hours, FAILED) for hours in range(0, 72, 12)), (72, REFUSED), (132, FAILED)], False),
        ([(0, FAILED), (24 * 30, FAILED), (24 * 30 + 1, FAILED)], False),
        ([(0, Receipt("refused", disable=True))], True),
    ],
    ids=["days without a try say nothing", "five days", "one success", "one answer", "a month apart", "410"],
)
def test_a_channel_is_off_after_five_days_in_which_all_failed(answers: list[tuple[int, Receipt]], off: bool) -> None:
    channel, first = ChannelStatus("desk"), Delivery("m", "a", "desk", "")
    for hours, receipt in answers:
        channel = retries.weigh(channel, first, receipt, NOW + hours * HOUR)
    assert bool(channel.disabled) == off
    assert (periodic.channel_notice(channel, [], NOW) is not None) == off
