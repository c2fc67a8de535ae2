"""What a headline denies, and that the opposite of what was told is no repeat of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.novelty import polarity, similarity, verdict
from monitor.model import Entry, Source, StoryReport, StoryState

AT = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "denied"),
    [
        ("Brandt: I have not quit the party", ["quit"]),
        ("Ferry operator won't pay compensation", ["pay"]),
        ("Ministry rejects plan to close Dellmar hospital", ["close"]),
        ("Mayor denies reports that she took bribes", ["took"]),
        ("Not only the mayor quits", []),
        ("Brandt quits the party", []),
    ],
)
def test_what_is_denied_stands_behind_the_denial(title: str, denied: list[str]) -> None:
    assert list(polarity.denied(title)) == denied


@pytest.mark.parametrize(("title", "plain"), [
    ("Court frees jailed reporter", True), ("Union calls off strike", False), ("Mayor may resign", False),
    ("Talks on border to begin in May", True), ("Trial of man accused of killing his neighbour", False),
])  # fmt: skip
def test_who_denies_asks_or_accuses_does_not_say_plainly(title: str, plain: bool) -> None:
    assert similarity.shape(title, "").plain is plain


def test_a_doubt_is_no_denial() -> None:
    doubtful = "Trial of man accused of killing his neighbour"
    assert polarity.affirmed(doubtful) == doubtful


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ("Governor Hale will not seek a third term", "Governor Hale to seek third term after all", True),
        ("Governor Hale will not seek a third term", "Hale rules out third term as governor", False),
        ("Brandt: I have not quit the party", "Brandt quits the party", True),
        ("Brandt: I have not quit the party", "Brandt denies quitting party", False),
        ("Airline denies it knew of faulty seat bolts", "Airline knew of faulty seat bolts, memo shows", True),
        ("Airline denies it knew of faulty bolts", "Airline says it was unaware of faulty bolts", False),
        ("Court refuses to free jailed reporter", "Court frees jailed reporter", True),
        ("Court refuses to free jailed reporter", "Jailed reporter stays in prison, court decides", False),
        ("Ministry rejects plan to close Dellmar hospital", "Ministry to close Dellmar hospital", True),
        ("Ministry rejects plan to close Dellmar hospital", "Plan to close hospital rejected by ministry", False),
        ("Union calls off strike at Port Ansel", "Union not to strike at Port Ansel", False),
        ("Halden appeals against halt of Ridge mine", "Minister Oslo: government will not appeal in mine case", True),
        ("Coach Ferreira says he will not resign", "Ferreira resigns as coach", True),
        ("Coach Ferreira says he will not resign", "Ferreira: no resignation", False),
    ],
)
def test_the_opposite_is_new_and_the_same_denial_is_not(before: str, after: str, *, new: bool) -> None:
    found = verdict.compare(Entry(id="a", title=before), "a", Source("a", "Alpha", ""), AT, "s", StoryState("s"))
    member = StoryReport("a", "a", "Alpha", found.development, found.verdict, AT, before, "", "", found.origin)
    state = StoryState("s", (member,))
    later = AT + timedelta(hours=6)
    after_it = verdict.compare(Entry(id="b", title=after), "b", Source("b", "Beta", ""), later, "s", state)
    assert (after_it.verdict == "development") == new
    assert not new or not after_it.doubtful


def test_after_a_denial_only_who_says_the_same_joins_an_older_step() -> None:
    members: list[StoryReport] = []
    for number, (title, verdict_of) in enumerate(
        (
            ("Halden appeals against halt of Sorrel Ridge mine", "development"),
            ("Halden takes Sorrel Ridge case to top court", "repeat"),
            ("Minister Oslo: government will not appeal in mine case", "development"),
            ("Government will appeal in mine case after all", "development"),
            ("Valdoria government to appeal lithium mine ruling", "repeat"),
        )
    ):
        key, at = f"e{number}", AT + timedelta(hours=number)
        state = StoryState("s", tuple(members))
        found = verdict.compare(Entry(id=key, title=title), key, Source(key, key, ""), at, "s", state)
        assert found.verdict == verdict_of, title
        members.append(StoryReport(key, key, key, found.development, found.verdict, at, title, "", "", found.origin))


def test_a_headline_of_nothing_but_denials_is_read_in_bounds() -> None:
    assert len(list(polarity.denied("denies it quit " * 100_000))) < 100
