"""Five hundred developments in one visit: all recorded, a few told singly, the rest in one digest they point to."""

from __future__ import annotations

import asyncio
from pathlib import Path

from monitor import config
from monitor.app.build import build
from monitor.metrics import Metrics
from monitor.operations.polling import poll
from tests.loopback import Newsstand, rss

WORDS = [chr(97 + n) * 4 + "wood" for n in range(18)]


def headline(number: int) -> str:
    """Headlines that have nothing in common but their story."""
    one, two = WORDS[number % len(WORDS)], WORDS[(number // len(WORDS)) % len(WORDS)]
    return f"{one}{number} {two}{number * 7} council{number * 3}"


def test_a_burst_is_told_in_one_digest(tmp_path: Path) -> None:
    stand = Newsstand()
    entries = [{"id": str(n), "title": headline(n), "at": "2026-11-01T10:00:00Z"} for n in range(501)]
    settings = config.parse(
        f"""[fetch]
allow_private = ["127.0.0.1:{stand.port}"]
host_spacing = "0s"
[[source]]
id = "feed"
url = "{stand.url}/feed.xml"
[[story]]
id = "all"
title = "Everything"
threshold = 0
seed_text = '''Everything that happens anywhere in the wood

A story that takes every entry of its sources.
'''
[[channel]]
id = "terminal"
type = "console"
style = "line"
""",
        tmp_path / "config.toml",
        {},
    )

    async def act() -> None:
        app = build(settings, None, Metrics(), exclusive=True)
        try:
            stand.feeds["/feed.xml"] = rss("Feed", entries[:1])
            await poll(app.pipeline, app.sources, everything=True)
            stand.feeds["/feed.xml"] = rss("Feed", entries)
            await poll(app.pipeline, app.sources, everything=True)
            told = {alert.id: alert for alert, _ in app.store.alerts(limit=1000)}
            made = app.store.decisions(story_id="all", limit=1000)
        finally:
            await app.close()
        kinds = [alert.kind for alert in told.values()]
        (digest,) = (alert for alert in told.values() if alert.kind == "story.digest")
        assert kinds.count("story.development") + kinds.count("story.reawakened") == 25
        pointing = [decision for decision in made if decision.alert_id == digest.id]
        assert len(digest.items) == len(pointing) > 400
        assert len(made) == 501
        assert all((decision.alert_id or decision.folded_into) for decision in made if not decision.baseline)
        assert {decision.alert_id for decision in made if decision.alert_id} <= set(told)

    try:
        asyncio.run(act())
    finally:
        stand.close()
