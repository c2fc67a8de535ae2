"""Three years of a story, three outlets, an editor's sheet: exactly these alerts, no other, each once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import config
from monitor.app import App, build
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
        await poll(app.lane, app.sources, everything=True)
        told = [alert for alert, _ in app.store.alerts(since=clock.at) if alert.at == clock.at]
        heard.append((step, told[::-1]))
    return heard


def mistaken(step: Step, alert: Alert) -> Iterator[tuple[str, object]]:
    """What of the sheet's facts an alert gets wrong."""
    facts = step.facts
    deltas = [(delta.subject, delta.before, delta.after) for delta in alert.deltas]
    carrying = [report.title for report in alert.still_carrying]
    if "phase" in facts and alert.phase != facts["phase"]:
        yield "phase", alert.phase
    if "origin" in facts and alert.origin != facts["origin"]:
        yield "origin", alert.origin
    if "delta" in facts and deltas != [facts["delta"]]:
        yield "delta", deltas
    if "after" in facts and [after for _, _, after in deltas] != [facts["after"]]:
        yield "after", deltas
    if "carrying" in facts and not any(str(facts["carrying"]) in title for title in carrying):
        yield "carrying", carrying


def test_an_editor_would_have_sent_exactly_these(tmp_path: Path, stand: Newsstand) -> None:
    async def act() -> list[tuple[Step, list[Alert]]]:
        clock = VirtualClock(from_text(STEPS[0].at))
        app = build(configuration(tmp_path, stand), None, Metrics(), exclusive=True, clock=clock)
        try:
            return await play(app, clock, stand)
        finally:
            await app.close()

    heard = asyncio.run(act())
    wrong = []
    for step, told in heard:
        got = [(alert.kind, alert.title) for alert in told]
        if len(got) != len(step.alerts) or any(
            not kind.startswith(wanted) or words not in title
            for (kind, title), (wanted, words) in zip(got, step.alerts, strict=False)
        ):
            wrong.append((step.at, "wanted", step.alerts, "got", got))
        for alert in told:
            wrong += [(step.at, name, found) for name, found in mistaken(step, alert)]
    print(*wrong, sep="\n")
    assert not wrong
    assert len(STEPS) >= 25
