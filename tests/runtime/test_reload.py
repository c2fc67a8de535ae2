"""A new configuration while everything runs: beside the endpoint, one at a time, and no more often than needed."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from monitor import config, serve
from monitor.app import generation
from monitor.app.build import App, build
from monitor.app.reload import adopt
from monitor.errors import ConfigError
from monitor.metrics import Metrics
from monitor.stores import open_store
from monitor.web import make

TEXT = """
[[source]]
id = "feed"
url = "https://feed.example/rss"
[[story]]
id = "dam"
title = "Dam breaks in the north"
seed_text = '''Dam breaks in the north

A dam broke in the north of the country on Monday and flooded two villages, the governor said on Tuesday.
'''
"""


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Somebody else is writing to the state, and takes his time."""
    with closing(sqlite3.connect(state, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    path = tmp_path / "config.toml"
    path.write_text(TEXT)
    made = build(config.load(path, {}), None, Metrics(), exclusive=False)
    yield made
    await made.close()


async def test_a_locked_state_never_stops_the_endpoint(app: App, tmp_path: Path) -> None:
    reloads = serve.Reloads(app)
    app.config.path.write_text(TEXT.replace('"feed"', '"other"'))
    transport = httpx.ASGITransport(app=make(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
        with locked(next(tmp_path.rglob("*.db"))):
            reloads.ask()
            assert reloads.task
            await asyncio.sleep(0.5)  # long enough for it to stand before the lock
            assert (await client.get("/livez")).status_code == 200
            assert not reloads.task.done()
            assert set(app.sources) == {"feed"}
        await reloads.task
    assert set(app.sources) == {"other"}


async def test_what_is_asked_for_meanwhile_is_answered_by_one_more(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    load = config.load

    def counted(*given: Any) -> config.Config:
        loads.append(given)
        return load(*given)

    monkeypatch.setattr(config, "load", counted)
    reloads = serve.Reloads(app)
    for _ in range(20):
        reloads.ask()
        await asyncio.sleep(0)
    assert reloads.task
    await reloads.task
    assert 1 <= len(loads) <= 2


async def test_learning_is_shared_by_all_who_wait_for_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt = []
    monkeypatch.setattr(type(app.pipeline.watchlist), "hear", lambda watchlist, store: learnt.append(store))
    async with app.pipeline.deciding:
        waiting = [asyncio.create_task(app.pipeline.learn()) for _ in range(20)]
        await asyncio.sleep(0)
        assert learnt == []
    await asyncio.gather(*waiting)
    assert len(learnt) == 1
    await app.pipeline.learn()
    assert len(learnt) == 2, "who asks later is not answered with what was read before"


async def test_all_workers_go_by_what_the_process_with_the_pages_lays_down(tmp_path: Path, postgres_url: str) -> None:
    """A worker that has but the address of the state watches what all watch; what it cannot have in force is said."""
    state = f'[service]\nstate = "{postgres_url}"\n'
    apps = []
    for name, text in ("pages", state + TEXT), ("worker", state + "[http]\nlisten = '127.0.0.1:9999'\n"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.toml").write_text(text)
        loaded = config.load(tmp_path / name / "config.toml", {})
        apps.append(await asyncio.to_thread(build, loaded, None, Metrics(), exclusive=True))
    leader, worker = apps
    leader.leads = True
    assert await serve.agree(worker) == "", "nothing was laid down yet"
    assert worker.sources == {}
    for text in (TEXT, TEXT.replace('"feed"', '"other"').replace('"dam"', '"flood"')):
        leader.config.path.write_text(state + text)
        await serve.reload(leader)
        assert await serve.agree(worker) == ""
        assert worker.sources == leader.sources == worker.daemon.sources
        assert [story.id for story in worker.pipeline.watchlist.stories] == [
            story.id for story in leader.pipeline.watchlist.stories
        ]
    assert list(worker.sources) == ["other"]
    assert worker.config.document.http.listen == "127.0.0.1:9999", "what is its own stays"
    await serve.reload(worker)
    assert list(worker.sources) == ["other"], "its own file does not come before what all go by"
    leader.config.path.write_text(state + TEXT + "[[channel]]\nid = 'd'\ntype = 'webhook'\nurl_env = 'HERE'\n")
    fresh = config.load(leader.config.path, {"HERE": "https://hook.example/"})
    await adopt(leader, fresh)
    assert "HERE" in await serve.agree(worker)
    assert list(worker.sources) == ["other"]
    for app in apps:
        await app.close()


async def test_what_is_being_laid_down_is_waited_for(tmp_path: Path, postgres_url: str) -> None:
    (tmp_path / "config.toml").write_text(f'[service]\nstate = "{postgres_url}"\n' + TEXT)
    settings = config.load(tmp_path / "config.toml", {})
    with closing(await asyncio.to_thread(open_store, postgres_url)) as store:
        generation.lay_down(store, settings)
        assert generation.laid_down(store, settings) is None
        store.set_setting(generation.TEXT, "# the next one")
        assert generation.laid_down(store, replace(settings, text="")) is None
        store.set_setting(generation.DIGEST, generation.digest("# the next one"))
        fresh = generation.laid_down(store, settings)
        assert fresh and fresh.state_url() == postgres_url and not fresh.document.source


async def test_what_is_included_is_laid_down_with_it(tmp_path: Path, postgres_url: str) -> None:
    """A worker has none of the files, and goes by them all the same."""
    state = f'[service]\nstate = "{postgres_url}"\n'
    (tmp_path / "config.toml").write_text(state + 'include = ["more.toml"]\n' + TEXT)
    (tmp_path / "more.toml").write_text(TEXT.replace('"feed"', '"other"').replace('"dam"', '"flood"'))
    settings = config.load(tmp_path / "config.toml", {})
    bare = config.parse(state, tmp_path / "elsewhere" / "config.toml", {})
    with closing(await asyncio.to_thread(open_store, postgres_url)) as store:
        generation.lay_down(store, settings)
        assert generation.laid_down(store, settings) is None
        fresh = generation.laid_down(store, bare)
        assert fresh and [source.id for source in fresh.document.source] == ["feed", "other"]
        assert generation.laid_down(store, fresh) is None
        (tmp_path / "more.toml").write_text("# nothing more")
        generation.lay_down(store, config.load(tmp_path / "config.toml", {}))
        changed = generation.laid_down(store, fresh)
        assert changed and [source.id for source in changed.document.source] == ["feed"]


PROGRAM = '[judge]\ncommand = ["/usr/bin/judge", "--fast"]\n'


async def test_a_program_is_run_only_where_the_workers_own_file_names_it(tmp_path: Path, postgres_url: str) -> None:
    text = f'[service]\nstate = "{postgres_url}"\n'
    without, with_it = (config.parse(text + more, tmp_path / "config.toml", {}) for more in ("", PROGRAM))
    with closing(await asyncio.to_thread(open_store, postgres_url)) as store:
        generation.lay_down(store, config.parse(text + PROGRAM + TEXT, tmp_path / "theirs.toml", {}))
        with pytest.raises(ConfigError, match=r"runs .*/usr/bin/judge.*config\.toml here does not name"):
            generation.laid_down(store, without)
        fresh = generation.laid_down(store, with_it)
        assert fresh and fresh.document.judge.command == ("/usr/bin/judge", "--fast")
