"""A configuration in many files: sources and stories of all of them, each file named where something is wrong in it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor import config
from monitor.cli import app
from monitor.config import edit
from monitor.errors import ConfigError

MAIN = """[service]
include = ["feeds/*.toml", "stories.toml"]
[[source]]
id = "first"
url = "https://first.example/rss"
[[channel]]
id = "desk"
type = "console"
"""
STORY = "[[story]]\nid = '{0}'\ntitle = '{0}'\nsources = ['b']\nseed_text = 'A dam broke in the north on Monday.'\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "feeds").mkdir()
    for name in ("b", "a"):
        feed = f"[[source]]\nid = '{name}'\nurl = 'https://{name}.example/rss'\n"
        (tmp_path / "feeds" / f"{name}.toml").write_text(feed)
    (tmp_path / "stories.toml").write_text(STORY.format("dam") + "# the second\n" + STORY.format("flood"))
    (tmp_path / "config.toml").write_text(MAIN)
    return tmp_path / "config.toml"


def test_sources_and_stories_of_all_files_are_one_configuration(path: Path) -> None:
    loaded = config.load(path, {})
    assert [source.id for source in loaded.document.source] == ["first", "a", "b"]
    assert [story.id for story in loaded.document.story] == ["dam", "flood"]
    assert loaded.where("source", 2, "url") == f"{path.parent}/feeds/b.toml line 3, [[source]] 3: url"
    assert [loaded.file_of(name).name for name in ("dam", "nobody")] == ["stories.toml", "config.toml"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("feeds/c.toml", "[[source]]\nid = 'a'\nurl = 'https://c.example/'\n", r"c\.toml line 2, .*'a' is used twice"),
        ("feeds/c.toml", "[[source]]\nid = 'c'\nurl = 'https://c.example/'\nnme = 'x'\n", r"c\.toml line 4, .*nme"),
        ("feeds/c.toml", "[[channel]]\nid = 'c'\n", r"c\.toml: \[channel\]: write \[\[source\]\] and"),
        ("feeds/c.toml", "source = 'c'\n", r"c\.toml: \[source\]"),
        ("feeds/c.toml", "[[source]\n", r"c\.toml: "),
        ("feeds/c.toml", "#" * (config.included.FILE_BYTES_MAX + 1), r"c\.toml is over 1 MiB"),
        ("config.toml", "[service]\ninclude = ['none/*.toml']\n", "no file is named 'none"),
        ("config.toml", "[service]\ninclude = ['/etc/*.toml']\n", "write a path below"),
        ("config.toml", "[service]\ninclude = 'feeds'\n", "line 2, .*include"),
        ("config.toml", "[service]\ninclude = ['config.toml']\n", r"\[service\]: write"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(path: Path, name: str, text: str, said: str) -> None:
    (path.parent / name).write_text(text)
    with pytest.raises(ConfigError, match=said):
        config.load(path, {})


def test_a_story_is_paused_in_the_file_in_which_it_stands(path: Path) -> None:
    before = (path.parent / "stories.toml").read_text()
    assert CliRunner().invoke(app, ["pause", "flood", "--config", str(path)]).exit_code == 0
    assert (path.parent / "stories.toml").read_text() == before + "paused = true\n"
    assert path.read_text() == MAIN
    assert [story.paused for story in config.load(path, {}).document.story] == [False, True]
    wrong = before + "titel = 'Flood'\n"
    with pytest.raises(ConfigError, match=r"stories\.toml line .*titel"):
        config.load(path, {}).rewritten(path.parent / "stories.toml", wrong)


def test_what_another_file_names_is_not_added_again(path: Path) -> None:
    loaded = config.load(path, {})
    feeds = [("A", "https://a.example/rss", ""), ("First", "https://new.example/rss", "")]
    assert edit.add_sources(path, feeds, loaded.listed()) == [{"id": "first-2", "url": "https://new.example/rss"}]
    sources = [{"id": "b", "name": "B", "url": "https://b.example/rss"}]
    story = {"title": "Dam", "seed_text": "A dam broke."}
    added = edit.append_watch(path, sources, story, loaded.listed(), ["dam", "flood"])
    assert added == {"story": "dam-2", "sources": ["b"]}
    assert len(config.load(path, {}).document.source) == 4


def test_a_watch_is_put_among_its_like_and_nothing_else_moves(tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[1] / "config.toml").read_text()
    path = tmp_path / "config.toml"
    path.write_text(shipped)
    for title in ("Dam breaks", "Ferry sinks"):
        source = {"name": f"{title} News", "url": f"https://{title[:3].lower()}.example/rss"}
        edit.append_watch(path, [source], {"title": title, "seed_text": f"{title}\n\nIt was on Monday."})
    written = path.read_text()
    steps = list(difflib.ndiff(shipped.splitlines(), written.splitlines()))
    assert not [step for step in steps if step[0] == "-"]
    stories, channels = written.index("# --- stories"), written.index("# --- channels")
    assert written.index('id = "ferry-sinks-news"') < stories < written.index('id = "ferry-sinks"') < channels
    for table in re.finditer(r"\[\[(source|story)\]\]", written):
        assert written[: table.start()].endswith("\n\n"), "a blank line before each"
    assert 'seed_text = """\nFerry sinks\n\nIt was on Monday.\n"""' in written
    assert [story.seed_text for story in config.load(path, {}).document.story][1:] == [
        "Dam breaks\n\nIt was on Monday.\n", "Ferry sinks\n\nIt was on Monday.\n",
    ]  # fmt: skip


def test_a_file_that_would_be_refused_is_not_written(path: Path) -> None:
    many = [(f"Paper {n}", f"https://paper-{n}.example/{'x' * 2000}", "") for n in range(600)]
    with pytest.raises(ConfigError, match="would be over 1 MiB"):
        edit.add_sources(path, many)
    assert path.read_text() == MAIN
