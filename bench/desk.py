"""A desk of the last weeks of 2025, replayed over loopback from real recordings: three stories, a dozen outlets.

A local broadcaster's feed as it was recorded, byte for byte, and the headlines that other outlets published meanwhile,
in feeds made of them. `../shared/data` has them, beside the project; its README says whose they are.
"""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench import looks
from monitor import config as configuration
from monitor.app.build import App
from monitor.app.reload import adopt
from monitor.core.times import from_text
from monitor.data import read
from monitor.operations.polling import poll
from monitor.operations.replaying import VirtualClock
from tests.loopback import Newsstand, rss

DATA = Path(__file__).resolve().parents[1] / "../shared/data"
RECORDED = DATA / "recordings/jtw-wgrznews.tar.xz"
HEADLINES = {
    "nk-workers": DATA / "topic/nk_stream.entries.jsonl",
    "parcel-plane": DATA / "topic/long/parcel-plane/labels.jsonl",
    "tower-fire": DATA / "topic/long/tower-fire/labels.jsonl",
}  # fmt: skip
TITLES = {
    "nk-workers": "North Korean workers and soldiers for occupied Ukraine",
    "parcel-plane": "Crash of a cargo plane at Louisville", "tower-fire": "The fire at Wang Fuk Court",
}  # fmt: skip
# From when each is watched: the day after its article.
SINCE = {"nk-workers": "2025-11-04", "parcel-plane": "2025-11-05", "tower-fire": "2025-11-27"}
UNTIL = "2025-12-20"
# Days of which every recorded document is served, one in so many of the others: what bounds the minutes of a replay.
DENSE, ONE_IN = ("20251105", "20251106", "20251127", "20251128"), 5
OUTLETS, WINDOW = 12, 40
LEFT = timedelta(days=6)  # since its reader last looked
BROKEN = "Scour"  # whose feed is not there


def missing() -> str:
    """Which of the recordings is not there, or ""."""
    return next((str(path.name) for path in (RECORDED, *HEADLINES.values()) if not path.exists()), "")


def documents() -> list[tuple[str, bytes]]:
    """The broadcaster's documents that are served: (instant, document)."""
    found = []
    with tarfile.open(RECORDED) as archive:
        for member in archive:
            name = Path(member.name).stem
            if not SINCE["nk-workers"].replace("-", "") <= name < UNTIL.replace("-", "") or not member.isfile():
                continue
            stream = archive.extractfile(member)
            assert stream is not None
            at = f"{name[:4]}-{name[4:6]}-{name[6:11]}:{name[11:13]}:{name[13:15]}Z"
            found.append((at, stream.read()))
    found.sort()
    return [each for n, each in enumerate(found) if n % ONE_IN == 0 or each[0][:10].replace("-", "") in DENSE]


def headlines() -> list[dict[str, str]]:
    """What the outlets with the most of them published, oldest first."""
    rows: list[dict[str, str]] = []
    for path in HEADLINES.values():
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            name = row.get("entry") or row["id"]
            rows.append({"source": row["source"], "id": name, "url": name, "at": row["at"], "title": row["title"]})
    rows = [row for row in rows if row["at"] < UNTIL]
    most = dict(Counter(row["source"] for row in rows).most_common(OUTLETS))
    return sorted((row for row in rows if row["source"] in most), key=lambda row: row["at"])


def text(stand: Newsstand, names: dict[str, str], port: int, at: str = "") -> str:
    """The configuration at an instant: a story is watched once its article is out."""
    sources = "".join(
        f'[[source]]\nid = "{name}"\nname = "{title}"\nurl = "{stand.url}/{name}.xml"\n'
        for name, title in names.items()
    )
    stories = "".join(
        f"[[story]]\nid = '{name}'\ntitle = '{TITLES[name]}'\nseed_text = '''{article(name)}'''\n"
        for name, since in SINCE.items()
        if since <= (at or SINCE["nk-workers"])
    )
    return f"""
[fetch]
allow_private = ["127.0.0.1:{stand.port}"]
host_spacing = "0s"
follow_pages = false
[hooks]
allow_private = ["127.0.0.1:{stand.port}"]
[http]
listen = "127.0.0.1:{port}"
{sources}{stories}
[[channel]]
id = "terminal"
type = "console"
[[channel]]
id = "newsroom"
type = "webhook"
url = "{stand.url}/hook"
"""


def article(story: str) -> str:
    """The article that a story begins with."""
    if story == "nk-workers":
        return read("demo_story.txt")
    return (HEADLINES[story].parent / "seed.txt").read_text("utf-8").replace("'''", "’’’")


@contextmanager
def replayed() -> Iterator[tuple[App, str]]:
    """The desk as it stood on its last day; its endpoint is being served."""
    rows, served = headlines(), documents()
    names = {row["source"].replace(".", "-"): row["source"] for row in rows}
    names |= {"wgrz": "WGRZ", "scour": BROKEN}
    stand, clock = Newsstand(), VirtualClock(from_text(served[0][0]))

    async def act(app: App) -> None:
        watched = 0
        for number, (at, document) in enumerate(served):
            clock.at = from_text(at)
            stand.hook_status = 503 if number >= len(served) - 2 else 204
            stand.feeds["/wgrz.xml"] = document
            stand.feeds |= feeds([row for row in rows if row["at"] <= at], names)
            if sum(since <= at for since in SINCE.values()) != watched:
                watched = sum(since <= at for since in SINCE.values())
                written = text(stand, names, app.config.document.http.port, at)
                await adopt(app, configuration.parse(written, app.config.path, {}))
            await poll(
                app.pipeline, app.sources, everything=True, concurrency=1
            )  # one after the other: always the same
        as_left(app)

    try:
        with looks.desk(partial(text, stand, names), clock, act) as shown:
            yield shown
    finally:
        stand.close()


def as_left(app: App) -> None:
    """What its reader has read: all until some days ago, but for an article that was rewritten."""
    store, kept = app.store, app.pipeline.clock.now() - LEFT
    told = [alert for alert, _ in store.alerts(limit=10_000)]
    store.mark_read([alert.id for alert in told if alert.at < kept], kept)
    for alert in told:
        if alert.kind == "story.revision":
            store.mark_unread(alert.id)


def feeds(rows: list[dict[str, str]], names: dict[str, str]) -> dict[str, bytes]:
    """Each outlet's feed: its newest entries, newest first."""
    by_outlet: dict[str, list[dict[str, str]]] = {title: [] for title in names.values() if "." in title}
    for row in rows:
        by_outlet[row["source"]].append(row)
    return {f"/{name.replace('.', '-')}.xml": rss(name, own[-WINDOW:][::-1]) for name, own in by_outlet.items()}
