"""Unsubscriptions: a row each, heard by all in the transaction that makes them, on every store."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest

from monitor.pipeline import HEARD
from monitor.stores import SqlStore, open_store
from tests.stores.made import HOUR, NOW, alert, delivery, source

ANN, BOB = ("mail", "ann@example.org"), ("mail", "bob@example.org")


def states(store: SqlStore) -> dict[tuple[str, str], str]:
    return {(told.id, row.recipient): row.state for told, rows in store.alerts(limit=100) for row in rows}


def test_a_row_each_and_no_writer_undoes_another(store: SqlStore) -> None:
    store.unsubscribe("bridge", *ANN, NOW, "stopped")
    store.unsubscribe("bridge", *BOB, NOW, "stopped")
    store.unsubscribe("bridge", *ANN, NOW + HOUR, "a second click changes nothing")
    assert store.unsubscriptions() == {("bridge", *ANN), ("bridge", *BOB)}
    store.subscribe("bridge", *ANN, NOW)
    assert store.unsubscriptions() == {("bridge", *BOB)}


def test_what_waits_ends_and_the_others_hear_of_it_in_one_transaction(store: SqlStore) -> None:
    for story in ("bridge", "flood"):
        told = alert("one", story=story)
        store.add_alert(told, [delivery(told, *ANN), delivery(told, *BOB)])
    before = store.setting(HEARD)
    assert store.unsubscribe("bridge", *ANN, NOW, "stopped") == 1
    assert store.setting(HEARD) != before
    assert sorted(states(store).values()) == ["cancelled", "pending", "pending", "pending"]
    heard = store.setting(HEARD)
    store.subscribe("bridge", *ANN, NOW + HOUR)
    assert store.setting(HEARD) != heard
    assert store.unsubscribe("*", *BOB, NOW, "stopped") == 2


def test_a_write_that_fails_leaves_neither_row_nor_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(str(tmp_path / "monitor.db"))
    monkeypatch.setattr("monitor.stores.unsubscriptions.UNCLAIMED", "SELECT ?, ?, ?, ? FROM no_such_table")
    with pytest.raises(Exception, match="no_such_table"):
        store.unsubscribe("bridge", *ANN, NOW, "stopped")
    assert store.unsubscriptions() == set()
    assert store.setting(HEARD) == ""
    store.close()


@pytest.mark.parametrize("stopped", ["bridge", "*"])
def test_who_decides_without_having_heard_sends_nothing_all_the_same(store: SqlStore, stopped: str) -> None:
    store.unsubscribe(stopped, *ANN, NOW, "stopped")
    told, trouble = alert("late"), alert("trouble", story="", source_id="herald", kind="source.trouble")
    store.add_alert(told, [delivery(told, *ANN), delivery(told, *BOB)])
    store.add_alert(trouble, [delivery(trouble, *ANN)])
    assert sorted(states(store)) == sorted([(told.id, BOB[1]), (trouble.id, ANN[1])])


def test_the_json_of_before_becomes_rows(tmp_path: Path, postgres_url: str) -> None:
    old = '[["bridge","mail","ann@example.org"],["*","mail","b\\u00f6b@example.org"],["flood","desk",""]]'
    wanted = {("bridge", *ANN), ("*", "mail", "böb@example.org"), ("flood", "desk", "")}
    path = str(tmp_path / "monitor.db")
    for url in (path, postgres_url):
        store = open_store(url)
        store.sync_sources([source()], NOW)
        store.set_setting("muted", old)
        store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE unsubscriptions")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'unsubscriptions'")
    connection.close()
    with psycopg.connect(postgres_url) as server:
        server.execute("DROP TABLE unsubscriptions")
        server.execute("DELETE FROM schema_steps WHERE name = 'unsubscriptions'")
    for url in (path, postgres_url):
        store = open_store(url)
        assert store.unsubscriptions() == wanted, url
        assert store.setting("muted") == ""
        store.close()


def test_two_pages_on_one_state_keep_each_others(postgres_url: str) -> None:
    one, other = open_store(postgres_url), open_store(postgres_url)
    one.unsubscribe("bridge", *ANN, NOW, "stopped")
    other.unsubscribe("bridge", *BOB, NOW, "stopped")
    assert one.unsubscriptions() == other.unsubscriptions() == {("bridge", *ANN), ("bridge", *BOB)}
    one.close()
    other.close()
