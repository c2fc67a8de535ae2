"""A state that an earlier version wrote opens, whole, and what it holds is weighed and found like anything newer."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from monitor.core.language.search_terms import query
from monitor.stores import SqlStore, migrations, open_store
from tests.stores.made import DAY, HOUR, NOW, outcome

# Every row as version 0.1.0 wrote it after six steps of the schema: two sources, five entries, three of them told.
ROWS: dict[str, list[list[Any]]] = json.loads(Path(__file__).with_name("state_with_six_steps.json").read_text())


@pytest.fixture(params=["file", "postgres"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqlStore:
    url = str(tmp_path / "old.db") if request.param == "file" else str(request.getfixturevalue("postgres_url"))
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", dict([*migrations.STEPS.items()][:6]))
        old = open_store(url)
    with old._database.write() as session:
        for table, rows in ROWS.items():
            values = [[base64.b64decode(v["b"]) if isinstance(v, dict) else v for v in row] for row in rows]
            if values:
                session.change_many(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)
    old.close()
    return open_store(url)


def test_all_of_it_is_there_and_new_questions_are_answered(upgraded: SqlStore) -> None:
    store = upgraded
    assert len(store.alerts()) == 3
    assert [row.word for row in store.feedback()] == ["important"]
    assert store.unread_counts() == {}, "what was told before anybody could mark it is read"
    assert store.near_misses(["bridge"], 0.15) == [], "not weighed yet"
    assert store.weigh(100) == 5
    assert store.weigh(100) == 0
    assert [made.title for made in store.near_misses(["bridge"], 0.15)] == ["Report 8"]
    assert store.found(query("report"))[0] == 0
    assert store.waiting() == 5
    assert (store.index(3), store.index(3), store.index(3)) == (3, 2, 0)
    assert store.found(query("report"))[0] == 5
    store.record([outcome(20, at=NOW + DAY)])
    assert store.unread_counts() == {("bridge", "story.development"): 1}
    assert store.days(NOW)["herald"][f"{NOW + DAY:%Y-%m-%d}"] == (1, 0, 1)
    store.close()


def test_nothing_told_before_reads_were_kept_comes_back_as_unread(upgraded: SqlStore) -> None:
    store = upgraded
    (first, unread), *_ = store.told()
    assert not unread
    store.mark_unread(first.id)
    assert [alert.id for alert, _ in store.told(unread=True)] == [first.id]
    store.mark_read([first.id], NOW + HOUR)
    assert store.told(unread=True) == []
    store.close()


def test_a_step_that_says_so_only_adds() -> None:
    """What workers of the version before neither read nor write, and can leave out when they write a row."""
    adds = re.compile(r"CREATE (TABLE|INDEX) |ALTER TABLE \w+ ADD COLUMN \w+ [A-Z]+ NOT NULL DEFAULT ")
    steps = [step for name, step in migrations.STEPS.items() if name.startswith("+")]
    assert steps and all(adds.match(statement) for step in steps for statement in step)
    assert migrations.unsafe(["first", "+later", "taken away"]) == ["taken away"]


def test_the_schema_is_read_as_single_statements() -> None:
    steps = migrations.STEPS
    assert next(iter(steps)) == "first" and all(steps.values())
    for statement in (statement for step in steps.values() for statement in step):
        assert re.match(r"CREATE |ALTER |INSERT |DELETE |DROP |\{words", statement), statement
        assert ";" not in statement and "--" not in statement, statement
