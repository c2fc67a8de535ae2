"""The commands of the guides, run as a reader would type them, one after another, on a watch of one's own."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Answer, monitor
from tests.data_at import ROOT
from tests.loopback import Newsstand
from tests.watched import TERMINAL, Watched

SHELL = re.compile(r"^ *```sh\n(.*?)^ *```", re.M | re.S)
STEP, OTHER = "Inquiry into the sinking of the Aldermoor begins in Vess", "Captain of a ferry arrested at airport"
COPY, MISS = (
    "Inquiry into the sinking of the Aldermoor begins at Vess",
    "Ferry prices rise in the north, 1,204 cars wait",
)


def commands(page: str) -> list[list[str]]:
    """Every `monitor ...` of a page's shell blocks, as words."""
    blocks = SHELL.findall((ROOT / "docs" / page).read_text("utf-8"))
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("monitor ")]


class Desk:
    """A watch with two alerts, a repeat and a miss; no daemon runs on it."""

    def __init__(self, folder: Path, stand: Newsstand, channels: str = TERMINAL) -> None:
        self.folder, self.stand, self.channels = folder, stand, channels
        asyncio.run(self._begin())

    async def _begin(self) -> None:
        watched = Watched(self.folder, self.stand, self.channels)
        await watched.published("A day without news")
        made = [await watched.published(title) for title in (STEP, OTHER, COPY, MISS)]
        assert [row["verdict"] for row in made] == ["development", "development", "repeat", None]
        self.alert, self.other, *_ = (row["alert"] for row in made)
        self.repeat, self.miss = made[2]["entry"], made[3]["entry"]
        await watched.app.close()

    def run(self, words: list[str], **names: str) -> Answer:
        """A command with these placeholders filled in."""
        places = {"ALERT": self.alert, "OTHER": self.other, "ENTRY": self.miss} | names
        filled = [places.get(word, word) for word in words]
        return monitor(*filled, "--config", str(self.folder / "config.toml"))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    stand = Newsstand()
    monkeypatch.chdir(tmp_path)
    yield Desk(tmp_path, stand)
    stand.close()


def test_the_first_hour(desk: Desk) -> None:
    Path("article.txt").write_text("Bridge at Melk falls\n\n3 May 2026\n\nThe bridge at Melk fell into the river.\n")
    asked = commands("watch-your-article.md")
    assert len(asked) >= 8
    for words in asked:
        if words[0] == "run":
            continue  # as tests/runtime/test_daemon.py does
        words = [word.replace("https://post.example/feed/", f"{desk.stand.url}/feed.xml") for word in words]
        words = [word.replace("ferry", "melk") if words[0] == "add" else word for word in words]
        answer = desk.run(words)
        assert answer.code == 0, (words, answer)
    assert 'id = "melk"' in Path("config.toml").read_text()
    assert MISS in desk.run(["timeline", "ferry"]).out, "what was missed stands in the timeline"
    assert MISS in desk.run(["search", '"1,204"']).out


def test_a_copy_is_made_and_put_back(desk: Desk) -> None:
    for words in commands("upgrade-backup-restore.md"):
        words = [word.replace("/backup/", f"{desk.folder}/") for word in words]
        if words[0] == "restore":
            state = desk.folder / "state" / "monitor.db"
            state.rename(desk.folder / "damaged.db")
        answer = desk.run(words)
        assert answer.code == 0, (words, answer)
    assert STEP in desk.run(["timeline", "ferry"]).out
