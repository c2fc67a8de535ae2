"""What PostgreSQL adds to the promises of a store: many holders, a server that goes away, an order of its own."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from monitor import errors
from monitor.model import Worker
from monitor.stores import open_store
from monitor.stores.postgres import END_SILENT, SESSION, PostgresSession
from tests.loopback import free_port
from tests.stores.made import LEASE, NOW, alert, claim, delivery, outcome, sighting, source

KEEPALIVES = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
WAITS_FOR = "SELECT state, wait_event FROM pg_stat_activity WHERE pid = %s"


def test_many_hold_one_state_and_number_its_deliveries_without_a_gap(postgres_url: str) -> None:
    stores = [open_store(postgres_url) for _ in range(4)]
    stores[0].sync_sources([source()], NOW)

    def tell(first: int) -> None:
        for number in range(first, 40, 4):
            stores[first].add_alert(alert(str(number)), [delivery(alert(str(number)))])

    threads = [threading.Thread(target=tell, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    claimed = [each for store in stores for each, _ in claim(store, NOW, 10, LEASE, 10)]
    assert len({each.id for each in claimed}) == len(claimed) == 10
    numbers = sorted(each.seq for _, made in stores[0].alerts(limit=100) for each in made)
    assert numbers == list(range(1, 41))
    for store in stores:
        store.close()


def test_one_at_a_time_decides_about_a_story_and_others_go_on(postgres_url: str) -> None:
    ours, theirs = (open_store(postgres_url) for _ in range(2))
    ours.sync_sources([source()], NOW)
    seen: list[int] = []

    def decide() -> None:
        with theirs.deciding(["bridge"]) as held:
            seen.append(held["bridge"])

    with ours.deciding(["bridge"]) as held:
        assert held == {"bridge": 0}
        waiting = threading.Thread(target=decide)
        waiting.start()
        with theirs.deciding(["harbour"]) as other:
            assert other == {"harbour": 0}, "another story waits for nobody"
        with theirs.deciding(["bridge", "harbour"], wait=False) as free:
            assert free == {"harbour": 0}
        ours.record([outcome(1)])
        assert theirs.alerts() == [], "nothing shows before the block ends"
        assert not seen
    waiting.join()
    assert seen == [1], "who waited knows that the story has moved on"
    assert len(theirs.alerts()) == 1
    for store in (ours, theirs):
        store.close()


def test_a_decision_takes_five_ways_to_the_server_and_looking_an_entry_up_one(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is waited for, while rows are held: the hold, what is there, what was told, the numbers, the commit."""
    ways: list[str] = []
    for name in ("_run", "answers", "change_many"):
        act = getattr(PostgresSession, name)
        monkeypatch.setattr(PostgresSession, name, lambda *of, act=act, name=name: (ways.append(name), act(*of))[1])
    store = open_store(postgres_url)
    store.sync_sources([source()], NOW)
    for number in (1, 2):
        ways.clear()
        with store.deciding(["bridge"]):
            store.record([outcome(number)])
    assert len(ways) == 5, ways
    ways.clear()
    first, second = store.known_entries("herald", [*sighting(1).aliases, *sighting(2).aliases, "t:3"])
    assert ways == ["_run", "_run"], "one, and the end of the block"
    assert {first.aliases, second.aliases} == {frozenset(sighting(n).aliases) for n in (1, 2)}
    store.close()


def test_who_loses_the_story_records_nothing(postgres_url: str) -> None:
    """The server ends the session that holds the story, at any point of a decision: what it decided is not written."""
    ours, theirs = (open_store(postgres_url) for _ in range(2))
    ours.sync_sources([source()], NOW)
    for recorded in (False, True):
        with pytest.raises(errors.StoreError), ours.deciding(["bridge"]) as held:
            assert held == {"bridge": 0}
            if recorded:
                ours.record([outcome(1)])
            end_sessions(postgres_url, "state = 'idle in transaction'")
            with theirs.deciding(["bridge"]) as taken:
                assert taken == {"bridge": 0}, "others go on at once"
            ours.record([outcome(1)])
        assert theirs.alerts() == []
    with ours.deciding(["bridge"]):
        ours.record([outcome(1)])
    assert len(theirs.alerts()) == 1
    for store in (ours, theirs):
        store.close()


def test_a_holder_that_does_nothing_more_is_shut_out(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped or cut off while it holds a story: the server itself ends its transaction, and others go on."""
    silent = "SET idle_in_transaction_session_timeout = '1s'"
    monkeypatch.setattr("monitor.stores.postgres.SESSION", (*SESSION, silent))
    ours, theirs = (open_store(postgres_url) for _ in range(2))
    with pytest.raises(errors.StoreError), ours.deciding(["bridge"]):
        with theirs.deciding(["bridge"]) as held:
            assert held == {"bridge": 0}
        ours.record([outcome(1)])
    assert theirs.alerts() == []
    for store in (ours, theirs):
        store.close()


def test_a_holder_that_stops_in_the_middle_of_a_sentence_is_shut_out(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not idle to the server, and its machine answers: another worker ends it."""
    monkeypatch.setattr("monitor.stores.postgres.END_SILENT", END_SILENT.replace("20 seconds", "0 seconds"))
    ours, theirs = (open_store(postgres_url) for _ in range(2))
    with pytest.raises(errors.StoreError), ours.deciding(["bridge"]):
        wire = ours._database._writing.session._connection.pgconn
        wire.enter_pipeline_mode()
        wire.send_query_params(b"SELECT 1", None)
        wire.send_flush_request()
        wire.flush()
        with psycopg.connect(postgres_url, autocommit=True) as other:
            while other.execute(WAITS_FOR, (wire.backend_pid,)).fetchall() != [("active", "ClientRead")]:
                pass
        theirs.attend(Worker("w", "1", NOW, NOW), NOW)
        with theirs.deciding(["bridge"]) as held:
            assert held == {"bridge": 0}
    for store in (ours, theirs):
        store.close()


def test_every_session_is_looked_after_from_both_ends(postgres_url: str) -> None:
    """Whatever its defaults are: all of it is less than a minute, whoever falls silent."""
    store = open_store(postgres_url)
    with store._database._connected() as connection:
        ours = connection.info.get_parameters()
        theirs = {name: connection.execute(f"SELECT setting FROM pg_settings WHERE name = '{name}'").fetchall()[0][0]
                  for name in ("lock_timeout", "idle_in_transaction_session_timeout", *KEEPALIVES)}  # fmt: skip
    for idle, interval, count, unheard_ms in (
        [int(ours[name.removeprefix("tcp_") if "keep" in name else name]) for name in KEEPALIVES],
        [int(theirs[name]) for name in KEEPALIVES],
    ):
        assert 0 < idle + interval * count < 60
        assert 0 < unheard_ms < 60_000
    assert 0 < int(theirs["idle_in_transaction_session_timeout"]) < int(theirs["lock_timeout"]) < 60_000
    store.close()


def end_sessions(url: str, which: str = "true") -> None:
    """Let the server end sessions of monitor, as an administrator or a failover does."""
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            f" WHERE application_name = 'monitor' AND pid <> pg_backend_pid() AND {which}"
        )


def test_connections_that_break_are_replaced_after_one_failure(postgres_url: str) -> None:
    store = open_store(postgres_url)
    store.set_setting("a", "1")
    with store._database.read(), store._database.read(), store._database.read():
        pass  # three wait to be used again
    end_sessions(postgres_url)
    with pytest.raises(errors.StoreError):
        store.set_setting("a", "2")
    store.set_setting("a", "3")
    assert store.setting("a") == "3"
    store.close()


def test_an_unknown_schema_is_refused_and_none_is_made_for_a_reader(postgres_url: str) -> None:
    with pytest.raises(errors.StoreError, match="There is no state there yet"):
        open_store(postgres_url, readonly=True)
    open_store(postgres_url).close()
    open_store(postgres_url, readonly=True).close()
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("INSERT INTO schema_steps VALUES ('from the future')")
    with pytest.raises(errors.StoreTooNew, match="from the future"):
        open_store(postgres_url)


def test_no_message_has_the_password() -> None:
    for address in (
        "postgresql://monitor:s3cret@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?user=monitor&password=s3cret",
    ):
        with pytest.raises(errors.StoreError) as raised:
            open_store(address)
        assert "s3cret" not in str(raised.value)
        assert "127.0.0.1:1" in str(raised.value)


def test_without_the_driver_one_clear_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "monitor.stores.postgres", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(errors.ConfigError, match=r"pip install 'monitor\[postgres\]'"):
        open_store("postgresql://127.0.0.1/x")


def test_order_is_by_code_point_in_both_databases(postgres_url: str, tmp_path: Path) -> None:
    orders = []
    for url in (postgres_url, str(tmp_path / "monitor.db")):
        store = open_store(url)
        store.sync_sources([source(name) for name in ("b", "a-c", "ab", "a-b", "a")], NOW)
        orders.append([status.source_id for status in store.due(NOW, 10)])
        store.close()
    assert orders[0] == orders[1] == sorted(orders[0])


def test_a_backup_says_what_to_use_instead(postgres_url: str, tmp_path: Path) -> None:
    store = open_store(postgres_url)
    with pytest.raises(errors.StoreError, match="pg_dump"):
        store.backup(str(tmp_path / "copy"))
    assert store.check() == []
    store.close()


def test_a_server_that_takes_no_writes_is_not_a_full_disk(postgres_url: str) -> None:
    """It became a standby under an open connection, or is one when it is met."""
    store = open_store(postgres_url)
    with pytest.raises(errors.StoreReadOnly) as refusal, store._database.write() as session:
        session.change("SET TRANSACTION READ ONLY")
        session.change("INSERT INTO settings (name, value) VALUES ('a', 'b')")
    assert "disk" not in str(refusal.value)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on")
    try:
        with pytest.raises(errors.StoreReadOnly):
            open_store(postgres_url)
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as server:
            server.execute("SET default_transaction_read_only = off")
            server.execute("ALTER ROLE CURRENT_USER RESET default_transaction_read_only")
        store.close()


def test_a_session_that_ended_is_told_from_a_server_that_is_not_there(postgres_url: str) -> None:
    store = open_store(postgres_url)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'monitor'"
            " AND pid <> pg_backend_pid()"
        )
    with pytest.raises(errors.StoreLost, match="terminating connection"):
        store.setting("a")
    assert store.setting("a") == "", "and is begun again"
    store.close()
    with pytest.raises(errors.StoreError) as refusal:
        open_store(postgres_url.replace(f":{urlsplit(postgres_url).port}/", f":{free_port()}/"))
    assert type(refusal.value) is errors.StoreError


def test_of_several_stories_one_is_held_that_is_free(postgres_url: str) -> None:
    """What others hold is passed over, also where only a part of what is wanted together is; nothing else is held."""
    ours, theirs, third = (open_store(postgres_url) for _ in range(3))
    with ours.deciding(["bridge", "dam", "harbour", "mine"]):
        pass
    with theirs.deciding(["bridge", "dam"]):
        for choices, place, held in (
            ([{"bridge"}, {"harbour"}, {"mine"}], 1, {"harbour"}),
            ([{"bridge"}, {"dam", "mine"}, {"harbour", "mine"}], 2, {"harbour", "mine"}),
            ([{"bridge"}, set[str]()], 1, set[str]()),
        ):
            with ours.deciding_one(choices, {}, set()) as found:
                assert found is not None
                assert (found[0], set(found[1])) == (place, held)
                with third.deciding(["harbour", "mine"], wait=False) as free:
                    assert set(free) == {"harbour", "mine"} - held
        for nothing in ([{"bridge"}, {"dam"}], [{"bridge", "mine"}], [{"unheard-of"}]):
            with ours.deciding_one(nothing, {}, set()) as found:
                assert found is None
            with third.deciding(["mine"], wait=False) as free:
                assert set(free) == {"mine"}
    for store in (ours, theirs, third):
        store.close()


def test_giving_back_what_was_free_loses_no_statement_that_is_prepared(postgres_url: str) -> None:
    """psycopg lets the server forget all of them where something is rolled back, those of the same breath as well."""
    ours, theirs = (open_store(postgres_url) for _ in range(2))
    with ours.deciding(["bridge", "dam", "harbour", "mine"]):
        pass
    rows = {f"source-{number}": NOW for number in range(9)}
    with theirs.deciding(["bridge", "dam"]):
        for _ in range(9):
            with ours.deciding_one([{"dam", "mine"}, {"harbour", "mine"}], {}, set()) as found:
                assert found
                ours.give_back(rows, NOW)
                ours.give_back(rows, NOW)
    for store in (ours, theirs):
        store.close()
