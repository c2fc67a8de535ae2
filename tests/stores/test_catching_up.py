"""A destination that was away: what waited for it goes as soon as it answers again, oldest first, and nothing twice."""

from __future__ import annotations

import pytest

from monitor.model import Receipt
from monitor.stores import SqlStore
from tests.stores.made import LEASE, MINUTE, NOW, alert, book, claim, delivery

AWAY, TAKEN = Receipt("retry", "connect: refused"), Receipt("delivered", "200", 200)


def failed(store: SqlStore, recipients: tuple[str, ...], *names: str, receipt: Receipt = AWAY) -> None:
    """Alerts that were tried once, and failed."""
    for name in names:
        told = alert(name)
        store.add_alert(told, [delivery(told, recipient=each) for each in recipients])
        for row, _ in claim(store, NOW, 10, LEASE, 9):
            book(store, row, receipt, NOW)


def left_for_long(store: SqlStore, *names: str, recipients: tuple[str, ...] = ("",)) -> None:
    """As after a day of failures: the next step is half a day off."""
    failed(store, recipients, *names)
    for hours in (2, 4, 8, 13, 19):
        for row, _ in claim(store, NOW + hours * 60 * MINUTE, 10, LEASE, 9):
            book(store, row, AWAY, NOW + hours * 60 * MINUTE)


def answers(store: SqlStore, recipient: str = "", name: str = "new") -> None:
    told = alert(name)
    store.add_alert(told, [delivery(told, recipient=recipient)])
    ((row, _),) = [each for each in claim(store, NOW + 20 * 60 * MINUTE, 10, LEASE, 9) if each[0].alert_id == told.id]
    book(store, row, TAKEN, NOW + 20 * 60 * MINUTE)


def waiting(store: SqlStore) -> dict[str, object]:
    return {
        row.alert_id + row.recipient: row.next_at
        for _, rows in store.alerts(limit=100)
        for row in rows
        if row.state == "retrying"
    }


@pytest.mark.parametrize("recipient", ["", "desk@example.org"])
def test_what_waited_goes_as_soon_as_the_place_answers(store: SqlStore, recipient: str) -> None:
    left_for_long(store, "1", "2", "3", recipients=(recipient,))
    assert min(waiting(store).values()) > NOW + 20 * 60 * MINUTE  # type: ignore[type-var]
    answers(store, recipient)
    assert set(waiting(store).values()) == {NOW + 20 * 60 * MINUTE}
    found = claim(store, NOW + 20 * 60 * MINUTE, 10, LEASE, 9)
    assert [row.seq for row, _ in found] == [1, 2, 3]


def test_another_recipient_says_nothing_of_this_one(store: SqlStore) -> None:
    left_for_long(store, "1", recipients=("a@example.org", "b@example.org"))
    before = waiting(store)
    answers(store, "a@example.org")
    after = waiting(store)
    changed = [key for key in before if before[key] != after[key]]
    assert changed == [key for key in before if key.endswith("a@example.org")]


def test_what_was_tried_a_moment_ago_waits_its_time(store: SqlStore) -> None:
    """It fails for what it says: each alert that arrives would have it tried again."""
    failed(store, ("",), "1")
    before = waiting(store)
    told = alert("new")
    store.add_alert(told, [delivery(told)])
    ((row, _),) = claim(store, NOW, 10, LEASE, 9)
    book(store, row, TAKEN, NOW)
    assert waiting(store) == before


def test_a_mail_that_may_have_arrived_is_repeated_as_seldom_as_ever(store: SqlStore) -> None:
    failed(store, ("desk@example.org",), "1", receipt=Receipt("unknown", "timeout"))
    before = waiting(store)
    told = alert("new")
    store.add_alert(told, [delivery(told, recipient="desk@example.org")])
    ((row, _),) = claim(store, NOW + 20 * MINUTE, 10, LEASE, 9)
    book(store, row, TAKEN, NOW + 20 * MINUTE)
    assert waiting(store) == before
