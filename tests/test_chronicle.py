"""Three years of a story, three outlets, an editor's sheet: exactly these alerts, no other, each once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import App, build
from monitor.core.times import from_text
from monitor.metrics import Metrics
from monitor.model import Alert
from monitor.operations.polling import poll
from monitor.operations.replaying import VirtualClock
from tests.loopback import Newsstand, rss
from tests.stories.chronicle import OUTLETS, SEED, STEPS, Step


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    made = Newsstand()
    yield made
    made.close()


def configuration(folder: Path, stand: Newsstand) -> config.Config:
    sources = "".join(
        f'[[source]]\nid = "{name}"\nname = "{title}"\nurl = "{stand.url}/{name}.xml"\n'
        for name, title in OUTLETS.items()
    )
    return config.parse(
        f'[fetch]\nallow_private = ["127.0.0.1:{stand.port}"]\nhost_spacing = "0s"\nfollow_pages = false\n{sources}'
        f"[[story]]\nid = 'nk'\ntitle = 'North Koreans for occupied Ukraine'\nseed_text = '''{SEED}'''\n"
        "[[channel]]\nid = 'terminal'\ntype = 'console'\nstyle = 'line'\n",
        folder / "config.toml",
        {},
    )


async def play(app: App, clock: VirtualClock, stand: Newsstand) -> list[tuple[Step, list[Alert]]]:
    feeds: dict[str, dict[str, dict[str, str]]] = {name: {} for name in OUTLETS}
    heard = []
    for step in STEPS:
        clock.at = from_text(step.at)
        for outlet, name, title, text in step.published:
            first_at = feeds[outlet].get(name, {"at": step.at})["at"]
            feeds[outlet][name] = {"id": name, "title": title, "text": text, "at": first_at,
                                   "url": f"https://{outlet}.example/{name}"}  # fmt: skip
        for outlet, title in OUTLETS.items():
            stand.feeds[f"/{outlet}.xml"] = rss(title, list(feeds[outlet].values())[::-1])
        await poll(app.pipeline, app.sources, everything=True)
        told = [alert for alert, _ in app.store.alerts(since=clock.at) if alert.at == clock.at]
        heard.append((step, told[::-1]))
    return heard


def said(alert: Alert) -> dict[str, list[str]]:
    """What an alert says, in the words of the sheet."""
    return {
        "origin": [alert.origin],
        "origins": [f"{alert.origins} of {1 + len(alert.also_reported_by)}"],
        "phase": [alert.phase or ""],
        "claim": [f"{delta.subject}: {delta.before} -> {delta.after}" for delta in alert.deltas],
        "change": [f"{change.kind}: {change.before} -> {change.after}" for change in alert.changes],
        "carrying": [report.title for report in alert.still_carrying],
        "note": list(alert.notes),
    }


def mistaken(step: Step, told: list[Alert]) -> Iterator[str]:
    """Where the alerts of a step differ from the sheet."""
    for alert, wanted in zip_longest(told, step.alerts):
        if alert is None or wanted is None:
            yield f"{step.at} wanted {wanted}, got {alert and (alert.kind, alert.title)}"
        elif not alert.kind.startswith(wanted.kind) or wanted.words not in alert.title:
            yield f"{step.at} wanted {wanted}, got {alert.kind}: {alert.title}"
        else:
            found = said(alert)
            for name, value in wanted.facts.items():
                if not any(value in each for each in found[name]):
                    yield f"{step.at} wanted {name} = {value}, got {found[name]}"
            if "claim" not in wanted.facts and alert.deltas:
                yield f"{step.at} wanted no claim to change, got {found['claim']}"


def test_an_editor_would_have_sent_exactly_these(tmp_path: Path, stand: Newsstand) -> None:
    async def act() -> list[tuple[Step, list[Alert]]]:
        clock = VirtualClock(from_text(STEPS[0].at))
        app = build(configuration(tmp_path, stand), None, Metrics(), exclusive=True, clock=clock)
        try:
            return await play(app, clock, stand)
        finally:
            await app.close()

    wrong = [each for step, told in asyncio.run(act()) for each in mistaken(step, told)]
    print(*wrong, sep="\n")
    assert not wrong
    assert sum(len(step.alerts) for step in STEPS) >= 25
    assert sum(len(step.published) for step in STEPS) >= 50
