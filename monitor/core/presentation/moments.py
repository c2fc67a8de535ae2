"""Instants as people read them: "10:20" today, "Fri 16:31" this week, "3 Jul 2025" else; in the reader's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from monitor.core import times

MONTHS = tuple(name[:3] for name in times.MONTHS)
DAYS = tuple(name[:3] for name in times.DAYS)
WEEK = timedelta(days=6)  # within which a weekday names a day


def short(at: datetime, now: datetime, zone: tzinfo) -> str:
    """An instant as short as it is clear."""
    there, here = at.astimezone(zone), now.astimezone(zone)
    if there.date() == here.date():
        return f"{there:%H:%M}"
    if timedelta() <= here - there < WEEK:
        return f"{DAYS[there.weekday()]} {there:%H:%M}"
    return f"{there.day} {MONTHS[there.month - 1]} {there.year}"


def full(at: datetime, zone: tzinfo) -> str:
    """ "3 July 2025, 09:15"."""
    there = at.astimezone(zone)
    return f"{there.day} {times.MONTHS[there.month - 1]} {there.year}, {there:%H:%M}"


def day(at: datetime, now: datetime, zone: tzinfo) -> str:
    """ "3 Jul", with the year where it is another."""
    there = at.astimezone(zone)
    year = "" if there.year == now.astimezone(zone).year else f" {there.year}"
    return f"{there.day} {MONTHS[there.month - 1]}{year}"


def dated(on: date) -> str:
    """ "3 Jul 2025", of a day."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def today(now: datetime, zone: tzinfo) -> str:
    """ "Saturday 13 December"."""
    here = now.astimezone(zone)
    return f"{times.DAYS[here.weekday()]} {here.day} {times.MONTHS[here.month - 1]}"


def since(at: datetime, now: datetime, zone: tzinfo) -> str:
    """What follows "since": `when` without its "on"."""
    return when(at, now, zone).removeprefix("on ")


def when(at: datetime, now: datetime, zone: tzinfo) -> str:
    """ "today at 10:20", "yesterday at 18:02", "on Friday at 16:31", "on 3 July 2025"."""
    there, here = at.astimezone(zone), now.astimezone(zone)
    days = (here.date() - there.date()).days
    if days == 0:
        return f"today at {there:%H:%M}"
    if days == 1:
        return f"yesterday at {there:%H:%M}"
    if 1 < days < 7:
        return f"on {times.DAYS[there.weekday()]} at {there:%H:%M}"
    return f"on {there.day} {times.MONTHS[there.month - 1]} {there.year}"


def length(span: timedelta) -> str:
    """ "3 days", "6 h 30 min", "25 min", "40 s"; negative spans count as none."""
    seconds = max(round(span.total_seconds()), 0)
    days, hours, minutes = seconds // 86_400, seconds // 3600, seconds // 60
    if days >= 2:
        return f"{days} days"
    if hours:
        rest = minutes - 60 * hours
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def ago(at: datetime, now: datetime) -> str:
    """ "2 min ago", "in 8 min", "now"."""
    if abs(now - at) < timedelta(seconds=1):
        return "now"
    return f"{length(now - at)} ago" if at < now else f"in {length(at - now)}"


def past(at: datetime, now: datetime) -> str:
    """The same of what has happened: "just now" where a clock ran ahead that was set back since, and not "in 3 h"."""
    return ago(at, now) if at <= now else "just now"
