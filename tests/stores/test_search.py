"""Search over what was seen, over every store: both databases find the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.core.language.search_terms import query
from monitor.model import Entry
from monitor.stores import SqlStore
from tests.stores.made import DAY, NOW, entry, outcome, sighting, status

TEXTS = {
    1: Entry(id="1", title="North Korea sends 30,000 more troops", summary="To Kursk, Kyiv says.", url="https://a/1"),
    2: Entry(id="2", title="Troop train derails in Saxony", summary="Nobody was hurt; 30 aboard.", url="https://a/2"),
    3: Entry(id="3", title="Zürich stimmt über Brücken ab", summary="Die Brücke am See.", url="https://a/3"),
    4: Entry(id="4", title="朝鮮、兵士3万人を派遣", summary="ウクライナが発表した。", url="https://a/4"),
    5: Entry(id="5", title="Украина: 30 000 солдат", summary="Сообщает разведка.", url="https://a/5"),
}  # fmt: skip


@pytest.fixture
def filled(store: SqlStore) -> SqlStore:
    seen = tuple(sighting(number, NOW + number * DAY, entry=text) for number, text in TEXTS.items())
    store.record([replace(outcome(), sightings=seen, entries_new=5)])
    assert store.waiting() == 5
    assert store.index(100) == 5
    assert store.waiting() == 0
    return store


def numbers(store: SqlStore, text: str, **chosen: object) -> list[int]:
    _, hits = store.found(query(text), **chosen)  # type: ignore[arg-type]
    keys = {sighting(number).key: number for number in TEXTS}
    return [keys[hit.key] for hit in hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("troops", [2, 1]), ("TROOP", [2, 1]), ("troop kursk", [1]), ('"more troops"', [1]), ('"troops more"', []),
        ("30,000", [5, 1]), ("troop -train", [1]), ("tro*", [2, 1]), ("zurich", [3]), ("Brucke", [3]), ("兵士", [4]),
        ("ウクライナ", [4]), ("солдат", [5]), ("30", [5, 2, 1]), ("-train", [5, 4, 3, 2, 1]), ("", [5, 4, 3, 2, 1]),
        ('tro"op', []), ("nothing", []), ("' OR 1=1 --", []), ('"', [5, 4, 3, 2, 1]), ("kyiv* say*", [1]),
        ("NEAR(troops kursk)", []), ("words:troops", []), ("a:* & !b | (c", []), ("kur\\*", [1]),
    ],
)  # fmt: skip
def test_words_find_the_same_in_every_database(filled: SqlStore, text: str, expected: list[int]) -> None:
    assert numbers(filled, text) == expected


def test_sources_and_days_narrow_down(filled: SqlStore) -> None:
    assert numbers(filled, "", since=NOW + 3 * DAY) == [5, 4, 3]
    assert numbers(filled, "", since=NOW + 3 * DAY, until=NOW + 5 * DAY) == [4, 3]
    assert numbers(filled, "troops", sources=["herald"]) == [2, 1]
    assert numbers(filled, "troops", sources=["post"]) == []
    count, hits = filled.found(query(""), limit=2)
    assert (count, len(hits)) == (5, 2)


def test_a_changed_entry_is_found_by_its_new_words_only(filled: SqlStore) -> None:
    old = sighting(2, entry=TEXTS[2])
    (previous,) = filled.known_entries("herald", old.aliases)
    text = replace(TEXTS[2], title="Goods train derails in Saxony")
    new = replace(old, entry=text, revision=2, previous=previous)
    filled.record([replace(outcome(), status=status(at=NOW + DAY), sightings=(new,))])
    filled.index(100)
    assert numbers(filled, "troop") == [1]
    assert numbers(filled, "goods") == [2]
    assert filled.found(query("saxony"))[0] == 1


def test_what_stories_made_of_it_comes_with_it(store: SqlStore) -> None:
    store.record([outcome(1, 2)])
    store.index(10)
    _, hits = store.found(query("report"))
    assert [(hit.story, hit.verdict, round(hit.nearness, 2)) for hit in hits] == [("bridge", "development", 0.4)] * 2


def test_words_of_rows_that_are_gone_are_swept_out_in_the_end(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.stores.search.STALE_MIN", 1)
    words, swept = type(store._database.full_text), list[bool]()
    clear = words.clear
    monkeypatch.setattr(words, "clear", lambda *given: (swept.append(True), clear(*given)))
    for number in range(4):
        previous = next(iter(store.known_entries("herald", sighting(1).aliases)), None)
        changed = sighting(1, entry=entry(1, f"word{number}"), revision=number + 1, previous=previous)
        store.record([replace(outcome(), status=status(at=NOW + number * DAY), sightings=(changed,))])
        store.index(10)
    while store.index(10):
        pass
    assert len(swept) == 1, "five rows came for one entry"
    assert store.found(query("word3"))[0] == 1
    assert store.found(query("word2"))[0] == 0
