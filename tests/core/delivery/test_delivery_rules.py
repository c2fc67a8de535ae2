"""Who hears when, and what a receipt makes of a delivery: routes, quiet hours, digests, bursts, retries, links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.delivery import retries, routing, signed_links
from monitor.model import Alert, Delivery, Destination, Receipt

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def alert(kind: str = "story.development", severity: str = "normal", number: int = 0) -> Alert:
    return Alert(
        id=f"a{number}", kind=kind, at=NOW, title="t", story_id="nk", story_title="s", severity=severity,
        entry_key=f"e{number}",
    )  # type: ignore[arg-type]  # fmt: skip


def held(place: Destination, at: datetime, told: Alert | None = None) -> Delivery:
    (made,) = routing.deliveries(told or alert(), [place], (), at)
    return made


def test_routes_by_channel_story_kind_and_severity() -> None:
    desk, mail = Destination("desk"), Destination("mail", "a@example.org")
    assert [d.channel_id for d in routing.deliveries(alert(), [desk, mail], (), NOW)] == ["desk", "mail"]
    assert [d.channel_id for d in routing.deliveries(alert(), [desk, mail], ("mail",), NOW)] == ["mail"]
    for place in (
        Destination("desk", stories=("other",)), Destination("desk", kinds=("revision",)),
        Destination("desk", severity_min="high"),
    ):  # fmt: skip
        assert routing.deliveries(alert(), [place], (), NOW) == ()
    assert routing.deliveries(alert(), [Destination("desk", kinds=("development",), stories=("nk",))], (), NOW)


def test_a_delivery_is_the_same_however_often_it_is_made() -> None:
    place = Destination("mail", "a@example.org")
    assert held(place, NOW).id == held(place, NOW + timedelta(days=1)).id
    assert held(place, NOW).id != held(Destination("mail", "b@example.org"), NOW).id


BERLIN = Destination("mail", "a@example.org", quiet="22:00-07:00", timezone="Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-06-01T21:00:00+00:00", "2026-06-02T05:00:00+00:00"),  # 23:00 in Berlin, summer
        ("2026-06-02T03:00:00+00:00", "2026-06-02T05:00:00+00:00"),
        ("2026-06-02T05:00:00+00:00", None),
        ("2026-03-28T23:30:00+00:00", "2026-03-29T05:00:00+00:00"),  # the night that loses an hour
        ("2026-10-24T22:30:00+00:00", "2026-10-25T06:00:00+00:00"),  # the night that has one twice
    ],
)
def test_quiet_hours_hold_and_release(at: str, until: str | None) -> None:
    made = held(BERLIN, datetime.fromisoformat(at))
    assert made.state == ("held" if until else "pending")
    assert until is None or made.next_at == datetime.fromisoformat(until)


def test_what_is_urgent_passes_through() -> None:
    at_night = datetime(2026, 6, 1, 23, tzinfo=UTC)
    assert held(BERLIN, at_night, alert("story.correction", "high")).state == "pending"
    digest = Destination("mail", "a@example.org", mode="digest")
    assert held(digest, NOW, alert("story.correction", "high")).state == "pending"


def test_one_digest_a_day_also_when_the_clock_changes() -> None:
    place = Destination("mail", "a@example.org", mode="digest", digest_at="02:30", timezone="Europe/Berlin")
    at = datetime(2026, 3, 27, 12, tzinfo=UTC)
    instants = []
    while at < datetime(2026, 11, 1, tzinfo=UTC):
        made = held(place, at)
        assert made.digest
        assert made.next_at is not None
        instants.append(made.next_at)
        at = made.next_at
    days = [instant.astimezone(UTC).date() for instant in instants]
    assert len(set(days)) == len(days) == (days[-1] - days[0]).days + 1


def test_digests_every_few_hours() -> None:
    place = Destination("mail", "a@example.org", mode="digest", digest_every_h=6, timezone="UTC")
    assert held(place, NOW).next_at == datetime(2026, 6, 1, 18, tzinfo=UTC)


def test_a_burst_is_rolled_up_and_nothing_is_discarded() -> None:
    burst = [alert(number=number) for number in range(500)]
    told = routing.cap([*burst, alert("story.correction", "high", 900)])
    assert len(told) == 25 + 1 + 1
    assert told[-1].kind == "story.digest"
    assert len(told[-1].items) == 475
    assert any(one.kind == "story.correction" for one in told)


def attempts(receipt: Receipt, recipient: str = "") -> list[timedelta]:
    """Waits between attempts until the end."""
    row = Delivery("m1", "a1", "desk", recipient, created_at=NOW, next_at=NOW)
    at, waits = NOW, []
    while row.state != "dead":
        row = retries.settle(row, receipt, at)
        if row.next_at:
            waits.append(row.next_at - at)
            at = row.next_at
        assert len(waits) < 60
    return waits


def test_a_webhook_is_tried_for_three_days() -> None:
    waits = [wait.total_seconds() for wait in attempts(Receipt("retry", "answered 500", 500))]
    for wait, step in zip(waits, (5, 60, 300, 1800, 7200, 18_000, 36_000, 43_200), strict=False):
        assert 0.8 * step <= wait <= 1.2 * step
    assert 48 * 3600 < sum(waits) <= 72 * 3600


def test_mail_is_tried_for_four_days() -> None:
    waits = attempts(Receipt("retry", "451 try later", 451), "a@example.org")
    assert timedelta(days=3) < sum(waits, timedelta()) <= timedelta(days=4)


def test_an_unknown_outcome_makes_three_copies_at_most() -> None:
    waits = attempts(Receipt("unknown", "no answer after the dot"), "a@example.org")
    assert len(waits) == 2
    assert waits[0] >= timedelta(minutes=48)
    assert waits[1] >= timedelta(hours=4.8)


def test_final_answers_are_final() -> None:
    row = Delivery("m1", "a1", "desk", "", created_at=NOW)
    assert retries.settle(row, Receipt("delivered"), NOW).state == "delivered"
    assert retries.settle(row, Receipt("refused", "550"), NOW).state == "dead"
    assert retries.settle(row, Receipt("refused", "410", 410, disable=True), NOW).state == "dead"


@pytest.mark.parametrize(("asked_s", "least_s", "most_s"), [(600, 600, 600), (10**9, 86_400, 86_400), (0, 4, 6)])
def test_retry_after_is_obeyed_within_a_day(asked_s: int, least_s: int, most_s: int) -> None:
    row = retries.settle(Delivery("m1", "a1", "desk", "", created_at=NOW), Receipt("retry", "", 429, asked_s), NOW)
    assert row.next_at is not None
    assert least_s <= (row.next_at - NOW).total_seconds() <= most_s


def test_signed_links_cannot_be_made_or_moved() -> None:
    token = signed_links.sign(b"k" * 32, "feedback", "a1", "no")
    assert signed_links.verify(b"k" * 32, "feedback", token) == ("a1", "no")
    assert signed_links.verify(b"k" * 32, "unsubscribe", token) is None
    assert signed_links.verify(b"x" * 32, "feedback", token) is None
    for broken in ("", "x", token[:-3], "A" + token[1:], token + "é", "x" * 5000):
        assert signed_links.verify(b"k" * 32, "feedback", broken) is None
