"""RFC 3339 instants in UTC: as people read them, and as databases sort them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# Characters of a date in words: CLDR's longest forms with weekday, zone and a word such as "Published" stay under this.
WRITTEN_CHARS_MAX = 100
# Of real zones the widest are -12:00 and +14:00.
OFFSET_MIN, OFFSET_MAX = timedelta(hours=-12), timedelta(hours=14)
# In English, whatever the locale.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def to_text(at: datetime) -> str:
    """RFC 3339 with whole seconds ("2026-06-23T10:09:55Z"), or with microseconds where there are any."""
    at = at.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if at.microsecond else "%Y-%m-%dT%H:%M:%SZ")


def to_sortable(at: datetime) -> str:
    """RFC 3339 of one fixed width (always microseconds), so that text order is time order in every database."""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")[:-6] + "Z"


def to_text_or_none(at: datetime | None) -> str | None:
    """`to_text`, or None for None."""
    return None if at is None else to_text(at)


def offset_min(at: datetime | None) -> int:
    """By how many minutes the clock that shows this instant is ahead of UTC; 0 for none."""
    return int(((at and at.utcoffset()) or timedelta(0)) / timedelta(minutes=1))


def midnight(at: datetime) -> datetime:
    """The beginning of its day."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def from_text(text: str) -> datetime:
    """An aware UTC datetime; a text without offset is taken as UTC. ValueError where it is no RFC 3339 instant."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is UTC:  # as we write it
        return at
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
