"""No two holders of a shared state wait for each other in a circle: PostgreSQL would end one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from monitor.model import Delivery, Receipt
from monitor.stores import SqlStore, open_store
from tests.stores.made import LEASE, NOW, alert, book, claim, delivery

BLOCKED = "SELECT COUNT(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"


@pytest.fixture
def stores(postgres_url: str) -> Iterator[list[SqlStore]]:
    made = [open_store(postgres_url) for _ in range(2)]
    yield made
    for store in made:
        store.close()


class Holder:
    """A session that holds rows, and knows how many wait for it."""

    def __init__(self, url: str, statement: str) -> None:
        self.session, self._asking = psycopg.connect(url), psycopg.connect(url, autocommit=True)
        self._pid = self.session.info.backend_pid
        self.session.execute(statement.encode())

    def wait_for(self, count: int) -> None:
        while self._asking.execute(BLOCKED, (self._pid,)).fetchall() != [(count,)]:
            pass

    def let_go(self) -> None:
        self.session.commit()
        self.session.close()
        self._asking.close()


@contextmanager
def beside(*acts: Callable[[], object]) -> Iterator[None]:
    """Do these in threads of their own during the block; what they raise is raised at its end."""
    faults: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def hold(store: SqlStore, *story_ids: str) -> Callable[[], None]:
    def act() -> None:
        with store.deciding(story_ids) as held:
            assert held.keys() == set(story_ids)

    return act


def test_stories_that_are_new_to_some_and_held_by_others(stores: list[SqlStore], postgres_url: str) -> None:
    """One finds bridge, dam and mine missing and waits for their writers; meanwhile dam is there for another."""
    new = "INSERT INTO stories (story_id, version) VALUES ('{}', 0)"
    dam, mine = Holder(postgres_url, new.format("dam")), Holder(postgres_url, new.format("mine"))
    with beside(hold(stores[0], "bridge", "dam", "mine")):
        dam.wait_for(1)
        dam.let_go()
        mine.wait_for(1)
        with beside(hold(stores[1], "bridge", "dam")):
            until_two_wait(postgres_url)
            mine.let_go()


def until_two_wait(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as asking:
        waiting = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted"
        while asking.execute(waiting).fetchall()[0][0] < 2:
            pass


def test_who_switches_a_channel_on_while_its_answers_are_booked(stores: list[SqlStore], postgres_url: str) -> None:
    """Both hold the channel before its deliveries, of which one gave way: it was not sent after all."""
    ours, theirs = stores
    for number in ("1", "2"):
        ours.add_alert(alert(number), [delivery(alert(number))])
    for one, _ in claim(ours, NOW, 2, LEASE, 2):
        book(ours, one, Receipt("retry", "busy"), NOW)
    first, second = sorted((each for each, _ in claim(ours, NOW + LEASE, 2, LEASE, 2)), key=lambda each: each.id)
    held = Holder(postgres_url, f"SELECT 1 FROM deliveries WHERE id = '{second.id}' FOR UPDATE")
    answered: list[tuple[Delivery, Receipt | None]] = [(first, None), (second, Receipt("delivered"))]
    with beside(lambda: ours.settle_and_claim(answered, NOW + LEASE, 0, LEASE, 2)):
        held.wait_for(1)
        with beside(lambda: theirs.set_channel("desk", "", NOW + LEASE)):
            until_two_wait(postgres_url)
            held.let_go()
    assert [each.disabled for each in ours.channels()] == [""]


def test_leases_that_ran_out_are_booked_by_who_has_the_channel(stores: list[SqlStore]) -> None:
    """Who books answers of one channel touches no other."""
    ours = stores[0]
    for channel in ("desk", "mail"):
        ours.add_alert(alert("1"), [delivery(alert("1"), channel)])
    assert len(claim(ours, NOW, 5, LEASE, 5)) == 2
    later = NOW + 2 * LEASE
    assert ours.channels_due(later) == ["desk", "mail"]
    ours.settle_and_claim((), later, 5, LEASE, 5, lambda channel_id: channel_id == "mail")
    states = {each.channel_id: each.state for _, made in ours.alerts() for each in made}
    assert states == {"desk": "pending", "mail": "retrying"}
    assert ours.channels_due(later) == ["desk"]


def test_several_alerts_of_one_story_hold_no_place_while_they_wait_for_another(
    stores: list[SqlStore], postgres_url: str
) -> None:
    ours, theirs = stores
    for channel in ("a", "b"):
        ours.add_alert(alert("first"), [delivery(alert("first"), channel)])
    held = Holder(postgres_url, "SELECT 1 FROM destinations WHERE channel_id = 'a' FOR UPDATE")
    brief, overdue = alert("brief"), alert("overdue")
    routed = [delivery(brief, "b"), delivery(overdue, "a"), delivery(overdue, "b")]
    with beside(lambda: ours.add_alerts([brief, overdue], routed, NOW)):
        held.wait_for(1)
        theirs.add_alert(alert("other"), [delivery(alert("other"), "b")])
        held.let_go()
    assert len(ours.alerts()) == 4


def test_who_books_for_several_channels_holds_all_of_them_in_their_order(
    stores: list[SqlStore], postgres_url: str
) -> None:
    """A lease of channel a ran out, an answer came from b: b is free while a is waited for."""
    ours, theirs = stores
    for channel in ("a", "b"):
        ours.add_alert(alert("1"), [delivery(alert("1"), channel)])
    answered = [(each, Receipt("delivered")) for each, _ in claim(ours, NOW, 2, LEASE, 1) if each.channel_id == "b"]
    held = Holder(postgres_url, "SELECT 1 FROM channels WHERE channel_id = 'a' FOR UPDATE")
    with beside(lambda: ours.settle_and_claim(answered, NOW + 2 * LEASE, 0, LEASE, 1)):
        held.wait_for(1)
        theirs.set_channel("b", "", NOW)
        held.let_go()
    states = {each.channel_id: each.state for _, made in ours.alerts() for each in made}
    assert states == {"a": "retrying", "b": "delivered"}


def test_a_new_place_is_held_after_its_channel(stores: list[SqlStore], postgres_url: str) -> None:
    """As who routes an alert there writes them."""

    def tell() -> None:
        with stores[0].telling("desk", ""):
            pass

    held = Holder(postgres_url, "INSERT INTO channels (channel_id, disabled) VALUES ('desk', '')")
    with beside(tell):
        held.wait_for(1)
        held.session.execute("SET lock_timeout = '5s'")
        held.session.execute("INSERT INTO destinations (channel_id, recipient, last_seq, last_due_at)"
                             " VALUES ('desk', '', 0, '')")  # fmt: skip
        held.let_go()
