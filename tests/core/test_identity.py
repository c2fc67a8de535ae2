"""Identity survives what publishers do to guids, addresses, titles and order, and is not fooled by reuse."""

from __future__ import annotations

import random
import tarfile
import time
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.identity import Replay
from monitor.core import identity
from monitor.core.documents import feeds
from monitor.model import Entry, KnownEntry, Sighting
from tests.data_at import shared

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
FIRST = Entry(
    id="https://paper.example/news/4711", url="https://paper.example/news/4711/bridge-opens",
    title="New bridge over the river opens to traffic", summary="The mayor cut the ribbon on Saturday morning.",
    published_at=AT - timedelta(hours=2),
)  # fmt: skip
OTHER = Entry(
    id="https://paper.example/news/4800", url="https://paper.example/news/4800/school",
    title="Council closes two village schools", summary="Parents protest against the plan.",
    published_at=AT - timedelta(hours=1),
)  # fmt: skip


def known(sightings: list[Sighting]) -> list[KnownEntry]:
    return [
        KnownEntry(s.key, "paper", s.entry, s.revision, s.at, s.at, frozenset(s.aliases) | _had(s)) for s in sightings
    ]


def _had(sighting: Sighting) -> frozenset[str]:
    return sighting.previous.aliases if sighting.previous else frozenset()


def resolve(*entries: Entry, after: list[Sighting] | None = None, at: datetime = AT) -> list[Sighting]:
    return identity.Document(entries).resolve("paper", known(after or []), at)


def one_after(changed: Entry, *beside: Entry) -> tuple[Sighting, Sighting]:
    """The sighting of FIRST, then that of its changed form in the next document."""
    before = resolve(FIRST, OTHER)
    after = resolve(changed, *beside, after=before, at=AT + timedelta(hours=1))
    return before[0], after[0]


@pytest.mark.parametrize(
    "changed",
    [
        replace(FIRST, id="https://paper.example/news/4711#3"),
        replace(FIRST, id="a-quite-different-guid"),
        replace(FIRST, id=""),
        replace(FIRST, url="http://www.paper.example/news/4711/bridge-opens/?utm_source=rss&at_medium=feed#top"),
        replace(FIRST, url="https://paper.example/news/4711/bridge-opened-by-mayor"),
        replace(FIRST, url=""),
        replace(FIRST, published_at=AT + timedelta(days=3)),
        replace(FIRST, published_at=None),
        replace(FIRST, title=unicodedata.normalize("NFD", FIRST.title)),
        replace(FIRST, title="  New bridge   over the river opens to traffic "),
        replace(FIRST, id="changed", url="https://paper.example/elsewhere"),
        replace(FIRST, id="", url="https://m.paper.example/news/4711/bridge-opens"),
        replace(FIRST, summary=""),
    ],
    ids=lambda entry: "",
)
def test_the_same_entry_under_another_name(changed: Entry) -> None:
    before, after = one_after(changed, OTHER)
    assert after.key == before.key
    assert after.revision == 1


@pytest.mark.parametrize(
    "changed",
    [
        replace(FIRST, title="River bridge opens after two years of delay"),
        replace(FIRST, title="Mayor cuts ribbon"),
        replace(FIRST, summary="The mayor cut the ribbon on Sunday morning."),
        replace(FIRST, text="A longer report of the opening that was not there before."),
    ],
)
def test_changed_words_are_a_new_revision_of_the_same_entry(changed: Entry) -> None:
    before, after = one_after(changed, OTHER)
    assert (after.key, after.revision) == (before.key, 2)
    assert after.previous is not None and after.previous.entry == FIRST


def test_a_guid_used_again_for_another_article_is_a_new_entry() -> None:
    reused = replace(OTHER, id=FIRST.id)
    (before,) = resolve(FIRST)
    (after,) = resolve(reused, after=[before])
    assert after.is_new and after.key != before.key
    both = resolve(reused, after=[before, after], at=AT + timedelta(hours=2))
    assert both[0].key == after.key
    back = resolve(FIRST, after=[before, after], at=AT + timedelta(hours=2))
    assert back[0].key == before.key


def test_a_rewritten_address_with_the_same_number_is_no_reuse() -> None:
    renamed = replace(
        FIRST, id="n-4711220", url="https://paper.example/4711220/crash-closes-tunnel", title="Crash closes tunnel"
    )
    later = replace(
        renamed, url="https://paper.example/4711220/three-hurt-under-hill", title="Three hurt under hill",
        published_at=AT + timedelta(hours=5),
    )  # fmt: skip
    before = resolve(renamed)
    assert resolve(later, after=before)[0].key == before[0].key


def test_fifty_entries_that_share_a_guid_stay_fifty() -> None:
    entries = [
        Entry(
            id="feed", url=f"https://paper.example/{n}", title=f"Report number {n} from the city hall", summary=str(n)
        )
        for n in range(50)
    ]
    before = resolve(*entries)
    assert len({s.key for s in before}) == 50
    shuffled = entries[::-1]
    again = resolve(*shuffled, after=before)
    assert {s.key for s in again} == {s.key for s in before}
    assert not any(s.is_new or s.revision > 1 for s in again)
    alone = resolve(entries[7], after=before)
    assert alone[0].key == before[7].key


def test_fifty_entries_that_share_a_guid_and_have_no_address_stay_fifty() -> None:
    entries = [Entry(id="x", title=f"Report number {n} from the city hall", published_at=AT) for n in range(50)]
    before = resolve(*entries)
    assert len({s.key for s in before}) == 50
    assert not any(s.is_new for s in resolve(*entries, after=before))


def test_guids_that_are_positions_do_not_move_entries() -> None:
    def numbered(*entries: Entry) -> list[Entry]:
        return [replace(entry, id=str(place)) for place, entry in enumerate(entries)]

    third = Entry(url="https://paper.example/3", title="Rain expected over the weekend in the hills", published_at=AT)
    before = resolve(*numbered(FIRST, OTHER))
    after = resolve(*numbered(third, FIRST, OTHER), after=before)
    assert [s.is_new for s in after] == [True, False, False]
    assert [s.key for s in after[1:]] == [s.key for s in before]
    bare = [replace(entry, url="") for entry in (third, FIRST, OTHER)]
    before = resolve(*numbered(*bare[1:]))
    after = resolve(*numbered(*bare), after=before)
    assert [s.is_new for s in after] == [True, False, False]


def test_a_shared_address_is_no_identity() -> None:
    entries = [
        Entry(id=f"talk-{n}", url="https://paper.example/", title=f"Evening talk, part {n}", published_at=AT)
        for n in range(5)
    ]
    before = resolve(*entries)
    assert len({s.key for s in before}) == 5
    assert not any(s.is_new for s in resolve(*entries[::-1], after=before))


def test_an_address_keeps_its_entry_while_the_old_guid_is_still_there() -> None:
    before = resolve(FIRST)
    twin = replace(FIRST, id="second", title="Live: cars cross the new bridge", summary="Pictures.")
    after = resolve(FIRST, twin, after=before)
    assert after[0].key == before[0].key and after[1].is_new


def test_an_address_given_to_another_article_days_later_is_a_new_entry() -> None:
    page = Entry(id="1", url="https://paper.example/weather", title="Storm closes the coast road", published_at=AT)
    later = replace(page, id="2", title="Sunny days ahead for farmers", published_at=AT + timedelta(days=4))
    before = resolve(page)
    assert resolve(later, after=before)[0].is_new


def test_an_item_that_recurs_with_the_same_words_is_new_each_time() -> None:
    week = timedelta(days=7)
    notice = Entry(
        "a", "https://paper.example/a", "Frost warning issued for Friday night", "Stay warm.", published_at=AT
    )
    again = replace(notice, id="b", url="https://paper.example/b", published_at=AT + week)
    before = resolve(notice)
    assert resolve(again, after=before, at=AT + week)[0].is_new
    undated = [replace(entry, published_at=None) for entry in (notice, again)]
    before = resolve(undated[0])
    assert resolve(undated[1], after=before, at=AT + week)[0].is_new
    assert not resolve(undated[1], after=before, at=AT + timedelta(hours=3))[0].is_new


def test_a_document_of_one_entry_does_not_show_that_another_is_gone() -> None:
    bare = replace(FIRST, summary="")
    before = resolve(bare)
    elsewhere = replace(bare, id="changed", url="https://paper.example/elsewhere")
    assert resolve(elsewhere, after=before)[0].is_new
    assert not resolve(elsewhere, OTHER, after=before)[0].is_new


def test_duplicates_within_a_document_are_one_sighting() -> None:
    longer = replace(FIRST, summary=FIRST.summary + " Cars crossed at noon.")
    sightings = resolve(FIRST, longer, replace(FIRST, url=FIRST.url + "?utm_medium=rss"), OTHER)
    assert [s.entry for s in sightings] == [longer, OTHER]
    assert [s.entry for s in resolve(longer, OTHER, FIRST)] == [longer, OTHER]


def test_posts_of_one_page_told_apart_by_the_fragment() -> None:
    page = "https://paper.example/live"
    posts = [Entry(f"{page}#p{n}", f"{page}#p{n}", f"Post {n}: the count goes on in ward {n}") for n in range(4)]
    before = resolve(*posts[:3])
    assert len({s.key for s in before}) == 3
    after = resolve(*posts[1:], after=before)
    assert [s.key for s in after[:2]] == [s.key for s in before[1:]]
    assert after[2].is_new


def test_flapping_stays_one_entry() -> None:
    titles = ("New bridge over the river opens", "Bridge opens, thousands cross")
    seen = resolve(replace(FIRST, title=titles[0]))
    for turn in range(1, 6):
        entry = replace(FIRST, title=titles[turn % 2], id=("a", "b")[turn % 2])
        after = resolve(entry, after=seen, at=AT + timedelta(hours=turn))
        assert after[0].key == seen[0].key
        assert after[0].revision == turn + 1
        seen = after


def test_no_identifier_at_all() -> None:
    bare = Entry(title="Short note", published_at=AT)
    before = resolve(bare)
    assert resolve(replace(bare, published_at=AT + timedelta(hours=3)), after=before)[0].key == before[0].key
    assert resolve(replace(bare, published_at=AT + timedelta(days=2)), after=before)[0].is_new
    assert resolve(Entry()) == []


@pytest.mark.parametrize(
    ("old", "new", "material"),
    [
        ("30,000 men", "50,000 men", True),
        ("A “quoted” word – here", 'A "quoted" word - here', False),
        ("The report said so.", "The  report\nsaid <b>so</b>.", False),
        ("Fire in the port. 12 comments", "Fire in the port. 48 comments", False),
        ("Fire in the port, updated 5 minutes ago", "Fire in the port, updated 1 hour ago", False),
        ("A long first sentence of a summary that is cut", "A long first sentence of...", False),
        ("Café closes", unicodedata.normalize("NFD", "Café closes"), False),
        ("", "Now there is a summary", True),
        ("There was a summary", "", False),
    ],
)
def test_what_makes_a_revision(old: str, new: str, material: bool) -> None:
    assert identity.is_material(replace(FIRST, summary=old), replace(FIRST, summary=new)) is material


def test_hostile_identifiers_do_not_raise() -> None:
    weird = ["http://[", "http://a:99999/", "tag:x,2020:\ud800", "http://" + "a" * 5000, "#", "\x00", "javascript:1"]
    entries = [Entry(id=text, url=text, title=f"t {text}") for text in weird]
    before = resolve(*entries)
    assert len(before) == len(weird)
    assert not any(s.is_new for s in resolve(*entries, after=before))


names = st.sampled_from(["", "1", "2", "https://p.example/1", "https://p.example/1#2", "https://p.example/2?utm_id=3"])
# As the parser makes them: an address is absolute or empty.
addresses = names.filter(lambda name: not name.isdigit())
made = st.builds(
    Entry, id=names, url=addresses,
    title=st.sampled_from(["", "One", "Two words", "Here five words say something", "Others say so"]),
    summary=st.sampled_from(["", "s", "A summary of some length that says a little more than nothing"]),
    published_at=st.sampled_from([None, AT, AT + timedelta(days=3)]),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(made, max_size=7), st.randoms(use_true_random=False))
def test_the_same_document_again_yields_nothing_new(entries: list[Entry], order: random.Random) -> None:
    before = resolve(*entries)
    assert len({s.key for s in before}) == len(before)
    again = resolve(*entries, after=before)
    assert [(s.key, s.revision, s.is_new) for s in again] == [(s.key, 1, False) for s in before]
    order.shuffle(entries)
    shuffled = resolve(*entries, after=before)
    assert sorted(s.key for s in shuffled) == sorted(s.key for s in before)


@settings(max_examples=300, deadline=None)
@given(st.lists(made, max_size=5), st.lists(made, max_size=5))
def test_two_documents_taking_turns_yield_nothing_new(one: list[Entry], other: list[Entry]) -> None:
    replay = Replay("paper")
    for turn, entries in enumerate((one, other)):
        replay.visit(tuple(entries), AT + timedelta(minutes=turn))
    for turn, entries in enumerate((one, other, one, other), start=2):
        assert replay.visit(tuple(entries), AT + timedelta(minutes=turn)) == 0


def test_two_thousand_entries_are_no_burden() -> None:
    entries = [
        Entry(f"https://p.example/{n}", f"https://p.example/{n}?utm_source=x", f"Title number {n} of many words here",
              "A summary of the article. " * 6, published_at=AT)
        for n in range(2000)
    ]  # fmt: skip
    before = resolve(*entries)
    stored = known(before)
    taken = []
    for _ in range(3):
        started = time.process_time()
        again = identity.Document(entries).resolve("paper", stored, AT)
        taken.append(time.process_time() - started)
    assert not any(s.is_new for s in again)
    assert min(taken) < 1.0, f"{min(taken):.3f} s; a tenth of that is usual"


def test_a_real_feed_through_time() -> None:
    """A broadcaster's feed over four days, three documents a day: each guid once, whatever happens to its address."""
    replay, guids, seen = Replay("rnz"), set(), 0
    with tarfile.open(shared("data/recordings/gesab-rnz.tar.xz")) as packed:
        files = sorted((member for member in packed.getmembers() if member.isfile()), key=lambda member: member.name)
        for member in files[:60]:
            stream = packed.extractfile(member)
            assert stream is not None
            at = datetime.strptime(member.name.rsplit("/", 1)[-1][:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            entries = feeds.parse(stream.read(), now=at).entries
            guids |= {entry.id for entry in entries}
            seen += replay.visit(entries, at)
            assert replay.visit(entries, at) == 0
    assert seen == len(replay.entries) == len(guids) > 250


REUSED = [
    ({"id": "top"}, {"id": "top"}),
    ({"id": "top", "url": "https://p.example/"}, {"id": "top", "url": "https://p.example/"}),
    ({"id": "top", "url": "https://p.example/live/latest"}, {"id": "top", "url": "https://p.example/live/latest"}),
    ({"url": "https://p.example/now"}, {"url": "https://p.example/now"}),
]
REWRITTEN = [
    {"id": "7"}, {"id": "7", "url": "https://p.example/2026/dam-breaks-in-the-north"},
    {"id": "7", "url": "https://p.example/news-48213377"}, {"url": "https://p.example/a8Xk3"},
]  # fmt: skip
DAM, MINISTER = "Dam breaks in the north, two missing", "Minister resigns over bribery charges"


@pytest.mark.parametrize(("old", "new"), REUSED)
@pytest.mark.parametrize("dated", [True, False])
def test_a_name_used_again_for_another_matter_is_a_new_entry(
    old: dict[str, str], new: dict[str, str], dated: bool
) -> None:
    later = AT + timedelta(hours=3)
    first = Entry(title=DAM, published_at=AT if dated else None, **old)
    second = Entry(title=MINISTER, published_at=later if dated else None, **new)
    before = resolve(first)
    found = resolve(second, after=before, at=later)
    assert [sighting.is_new for sighting in found] == [True]
    assert [s.is_new for s in resolve(second, after=[*before, *found], at=later)] == [False]


@pytest.mark.parametrize("names", REWRITTEN)
def test_a_rewritten_headline_of_one_instant_or_address_is_the_same_entry(names: dict[str, str]) -> None:
    first = Entry(title=DAM, published_at=AT, **names)
    second = Entry(title="Rescuers search flooded villages", published_at=AT, **names)
    found = resolve(second, after=resolve(first), at=AT + timedelta(hours=3))
    assert [(sighting.is_new, sighting.revision) for sighting in found] == [(False, 2)]
