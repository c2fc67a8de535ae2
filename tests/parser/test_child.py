"""What a parsing child reads twice: long entries only."""

from __future__ import annotations

import pytest

from monitor.model import Entry
from monitor.parser import child

ASKED = {"kind": "feed", "now": "2025-05-05T12:00:00+00:00", "url": "https://feed.example/rss", "content_type": "",
         "read_before": [], "source": "feed"}  # fmt: skip
ITEM = "<item><title>{0}</title><link>https://feed.example/{0}</link><description>{1}</description></item>"


def test_only_long_entries_are_rehearsed_the_longest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Entry] = []
    monkeypatch.setattr("monitor.core.decisions.rehearsal.read", read.append)
    items = [ITEM.format("short", "Rain. "), ITEM.format("long", "Rain. " * 200), ITEM.format("longer", "Rain. " * 300)]
    child.read(ASKED, f"<rss><channel>{''.join(items)}</channel></rss>".encode())
    assert [entry.title for entry in read] == ["longer", "long"]
