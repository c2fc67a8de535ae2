"""A scripted story, told by outlets that copy, paraphrase, cite, deny and confirm: the sheet an editor would keep."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core import ids
from monitor.core.novelty import claims, similarity
from monitor.core.novelty import verdict as novelty
from monitor.model import Article, Claim, Entry, Novelty, Source, StoryReport, StoryState
from tests.data_at import shared

AT = datetime(2024, 10, 1, tzinfo=UTC)


def tell(members: list[StoryReport], hours: float, source: str, title: str, text: str = "", key: str = "") -> Novelty:
    """Compare one more report with those before, and remember it."""
    key = key or f"e{len(members)}"
    at = AT + timedelta(hours=hours)
    entry = Entry(id=key, url=f"https://{source.lower().replace(' ', '')}.example/{key}", title=title, summary=text)
    found = novelty.compare(entry, key, Source(source, source, ""), at, "story", StoryState("story", tuple(members)))
    members.append(
        StoryReport(key, source, source, found.development, found.verdict, at, title, text, entry.url, found.origin)
    )
    return found


# hours, source, title, text, verdict, which earlier line it repeats or confirms, origin
SHEET = [
    (0, "Daily NK", "N. Korea plans to send 800 to 1,000 workers to occupied Ukraine",
     "A source in North Korea told Daily NK that labourers were being picked.", "development", None,
     "Daily NK's source in North Korea"),
    (3, "Gamma Times", "Pyongyang to dispatch up to 1,000 labourers to Donbas",
     "Gamma Times has it from the capital, citing Daily NK.", "repeat", 0, "Daily NK's source in North Korea"),
    (5, "Beta Post", "North Korean workers headed for Ukraine, report says",
     "According to Gamma Times, up to 1,000 labourers will go.", "repeat", 0, "Daily NK's source in North Korea"),
    (30, "Beta Post", "North Korea has not sent workers to Ukraine yet", "", "development", None, ""),
    (200, "Alpha News", "North Korea sends 10,000 troops to Russia, Seoul says", "", "development", None,
     "South Korea's government"),
    (201, "Beta Post", "10,000 N. Korean soldiers sent to Russia: Seoul", "", "repeat", 4, "South Korea's government"),
    (202, "Delta Wire", "N. Korea dispatches ten thousand servicemen to Russia, South Korea's spy agency says", "",
     "repeat", 4, "South Korea's spy agency"),
    (203, "Gamma Times", "Ukraine confirms North Korean troops arrived in Russia", "", "confirmation", 4,
     "Ukraine's government"),
    (204, "Alpha News", "NATO confirms North Korean soldiers are in Russia", "", "repeat", 4, "NATO"),
    (206, "Beta Post", "Kremlin dismisses reports of North Korean troops as fake news", "", "development", None,
     "The Kremlin"),
    (207, "Alpha News", "Moscow denies that North Korean soldiers are in Russia", "", "repeat", 9,
     "Russia's government"),
    (230, "Alpha News", "North Korea sends 12,000 troops to Russia, Seoul says", "", "development", None,
     "South Korea's government"),
    (400, "Echo Daily", "North Korea sends 12,000 troops to Russia, Seoul says", "", "repeat", 11,
     "South Korea's government"),
    (600, "Beta Post", "North Korea to send 1,000 sappers to clear mines in Kursk: Shoigu", "", "development", None,
     "Russia's government"),
    (603, "Gamma Times", "Russia says 1,000 North Korean combat engineers will demine Kursk region", "", "repeat", 13,
     "Russia's government"),
    (605, "Alpha News", "Kim agrees to dispatch 1,000 sappers and 5,000 construction troops to Kursk, Shoigu says", "",
     "development", None, "Russia's government"),
    (640, "Gamma Times", "North Korea sends 1,000 sappers to clear mines in Kursk", "", "development", None,
     ""),
    (900, "Alpha News", "Zelenskiy: North Korea could send 30,000 more soldiers to Russia", "", "development", None,
     "Ukraine's government"),
    (902, "Beta Post", "North Korea may deploy another 30,000 troops, Ukraine warns", "", "repeat", 17,
     "Ukraine's government"),
    (906, "Gamma Times", "Zelenskyy: North Korea could send 50,000 more soldiers to Russia", "", "development", None,
     "Ukraine's government"),
    (908, "Beta Post", "Kim Yo Jong denies plan to send troops, calls Kyiv's claim nonsense", "", "development", None,
     "North Korea's government"),
    (909, "Gamma Times", "North Korean leader's sister rejects Zelensky claim of 50,000 soldiers", "", "repeat", 20,
     "North Korea's government"),
]  # fmt: skip


def test_the_sheet() -> None:
    members: list[StoryReport] = []
    made, meant = [], []
    for hours, source, title, text, verdict, same_as, origin in SHEET:
        found = tell(members, hours, source, title, text)
        made.append((title, found.verdict, found.development, found.origin))
        key = f"e{len(members) - 1}"
        development = ids.development_id("story", key, 1) if same_as is None else members[same_as].development
        meant.append((title, verdict, development, origin))
    assert made == meant


def test_the_first_report_is_a_development_of_its_own_name() -> None:
    found = tell([], 0, "Alpha News", "Ferry sinks off the cape")
    assert (found.verdict, found.folded_into_key) == ("development", "")
    assert found.development == ids.development_id("story", "e0", 1)


def test_reasons_name_what_is_shared() -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", "Pyongyang sends 5,000 sappers to Kursk")
    found = tell(members, 3, "Beta Post", "5,000 sappers from North Korea go to Kursk")
    assert found.verdict == "repeat" and found.folded_into_key == "e0"
    evidence = found.reasons[0].evidence
    assert "Alpha News 3 h earlier" in evidence
    assert all(word in evidence for word in ("sappers", "kursk", "5,000"))
    changed = tell(members, 4, "Beta Post", "6,000 sappers from North Korea go to Kursk")
    assert changed.reasons[0].evidence == "new: 5,000 troops became 6,000 troops"


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("Nine more guests in hospital after Vess wedding", "Three guests die after Vess wedding", "development"),
        ("Ferry with 300 aboard sinks off the cape", "Ship carrying 300 people goes down near cape", "repeat"),
        ("Death toll from ferry disaster rises to 12", "Death toll from ferry disaster rises to 15", "development"),
        ("Talks on border to begin in May", "Minister denies any talks on border are to begin", "development"),
        ("Union plans to strike at the port", "Union cancels strike at the port", "development"),
        ("Parliament to vote on grain law", "Parliament votes on grain law", "development"),
        ("Rebels leave the mountain town", "Rebels have not left the mountain town", "development"),
        ("Minister meets farmers over grain", "Volcano erupts on southern island", "development"),
        ("Bank lends 1.5 billion euros to railway", "Railway gets €1.5bn loan from bank", "repeat"),
        (
            "Grain law passes, 3,000 farmers protest",
            "Some three thousand farmers protest as grain law passes",
            "repeat",
        ),
    ],
)
def test_pairs_hours_apart(before: str, after: str, verdict: str) -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", before)
    assert tell(members, 2, "Beta Post", after).verdict == verdict


@pytest.mark.parametrize(
    ("hours", "after", "verdict"),
    [
        (2, "Ballet company fires its choreographer", "repeat"),
        (40, "Ballet company fires its choreographer", "development"),
        (2, "Ballet company's choreographer in hospital", "development"),
    ],
)
def test_the_same_step_soon_on_a_quiet_day_needs_no_word_in_common(hours: int, after: str, verdict: str) -> None:
    members: list[StoryReport] = []
    tell(members, 240, "Alpha News", "Complaints against Ravnsborg grow")
    tell(members, 300, "Alpha News", "Theatre dismisses Ravnsborg without notice")
    assert tell(members, 300 + hours, "Beta Post", after).verdict == verdict


def test_what_was_to_come_has_come_only_where_both_are_of_one_matter() -> None:
    one = similarity.shape("Parliament to vote on ferry tax", "")
    other = similarity.shape("Senate to vote on school budget", "")
    come = similarity.shape("Parliament votes on ferry tax", "")
    assert similarity.difference(come, [one]) is not None
    assert similarity.difference(come, [other]) is None


@pytest.mark.parametrize(
    ("lead", "verdict"),
    [
        ("The baker denied having watered milk.", "repeat"),
        ("The baker promised new milk.", "development"),
    ],
)
def test_a_denial_that_first_lines_told_is_told(lead: str, verdict: str) -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", "Sorrel speaks to parents of Delmar", lead)
    assert tell(members, 2, "Beta Post", "Sorrel denies watering milk of Delmar").verdict == verdict


@pytest.mark.parametrize(
    ("hours", "after", "lead", "verdict"),
    [
        (20, "Delmar: white powder was no flour", "A laboratory found chalk in the cans.", "repeat"),
        (30, "Delmar: white powder was no flour", "A laboratory found chalk in the cans.", "development"),
        (20, "Delmar: white powder was no flour", "", "development"),
        (20, "Headmistress buys two goats", "They graze behind the gym.", "development"),
    ],
)
def test_within_a_day_first_lines_alike_repeat_the_only_news(hours: int, after: str, lead: str, verdict: str) -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", "Baker is asked about thin drink of pupils")
    tell(members, 300, "Alpha News", "Tests of pupils' drink are there", "The laboratory found chalk in three cans.")
    assert tell(members, 300 + hours, "Beta Post", after, lead).verdict == verdict


def test_copies_stay_repeats_for_weeks_and_paraphrases_for_days() -> None:
    title = "General praises sappers for clearing the river bank"
    for hours, other, verdict in (
        (24 * 20, title, "repeat"),
        (24 * 40, title, "development"),
        (24 * 5, "Praise from a general for sappers on the river", "development"),
    ):
        members: list[StoryReport] = []
        tell(members, 0, "Alpha News", title)
        assert tell(members, hours, "Beta Post", other).verdict == verdict, (hours, other)


def test_a_late_landing_repeats_what_is_newer() -> None:
    members: list[StoryReport] = []
    tell(members, 5, "Alpha News", "Pyongyang sends 5,000 sappers to Kursk")
    found = tell(members, 1, "Beta Post", "North Korea sends 5,000 sappers to Kursk")
    assert found.verdict == "repeat" and "4 h later" in found.reasons[0].evidence


def test_an_entry_is_not_compared_with_itself() -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", "Ferry sinks off the cape", key="same")
    assert tell(members, 1, "Alpha News", "Ferry sinks off the cape", key="same").verdict == "development"


def test_only_the_first_second_origin_confirms_and_a_citing_one_never() -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", "Convoy crosses the border, Kyodo reports")
    citing = tell(members, 1, "Beta Post", "Convoy crosses the border, Washington says", "According to Kyodo, it left.")
    assert citing.verdict == "repeat"
    assert tell(members, 2, "Gamma Times", "Convoy crosses the border: Tokyo").verdict == "confirmation"
    assert tell(members, 3, "Delta Wire", "Convoy crosses the border: Beijing").verdict == "repeat"


def test_a_silent_outlet_neither_confirms_nor_is_confirmed_by_a_named_origin() -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", "Convoy crosses the border")
    assert tell(members, 1, "Beta Post", "Convoy crosses the border, Kyodo reports").verdict == "repeat"
    members = []
    tell(members, 0, "Alpha News", "Convoy crosses the border, Kyodo reports")
    assert tell(members, 1, "Beta Post", "Convoy crosses the border at night").verdict == "repeat"


@pytest.mark.parametrize(
    "title",
    ["북한, 러시아에 공병 파병", "КНДР отправила саперов в Россию", "La Corée du Nord envoie des soldats en Russie",
     "Nordkorea schickt Soldaten nach Russland", "北朝鮮、ロシアに兵士派遣", "Corea del Norte envía soldados a Rusia"],
)  # fmt: skip
def test_the_same_in_another_language_is_a_repeat(title: str) -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", "North Korea sends sappers to Russia")
    assert tell(members, 3, "Beta Post", title).verdict == "repeat"


@pytest.mark.parametrize(
    ("rewritten", "known"),
    [
        ("Ministry fires the four port inspectors after the ferry's loss", True),
        ("Divers find the bow door of the ferry 300 metres from the wreck", False),
        ("Port inspectors deny that they were fired over the ferry's loss", False),
        ("Inquiry into the sinking of the ferry widens to the whole fleet", False),
    ],
)
def test_the_first_outlet_to_rewrite_its_report_tells_what_happened(rewritten: str, known: bool) -> None:
    def member(key: str, source: str, title: str) -> StoryReport:
        return StoryReport(
            key, source, source, "d1", "repeat", AT, title, "", f"https://{source}.example/{key}", source
        )

    mine = member("e1", "times", "Inquiry opens into the sinking of the ferry off Vess")
    others = (member("e2", "cable", "Four port inspectors fired after loss of ferry"),)
    memory, now = StoryState("story", (mine, *others)), AT + timedelta(hours=3)
    teller = novelty.told_elsewhere(mine, Entry(title=rewritten), now, memory)
    assert teller == (others[0] if known else None)
    assert novelty.told_elsewhere(mine, Entry(title=rewritten), now + timedelta(days=9), memory) is None


def test_claims_are_handed_on_and_compared() -> None:
    told = Claim(
        "quantity", "troops to be sent", "30,000 troops", "30,000", "troops", 30000, 30000, source="Alpha News"
    )
    said = Claim("quantity", "troops to be sent", "50,000 troops", "50,000", "troops", 50000, 50000, source="Beta Post")
    entry = Entry(title="Zelensky: 50,000 troops to be sent")
    found = novelty.compare(
        entry, "e1", Source("b", "Beta Post", ""), AT, "story", StoryState("story", claims=(told,)), claims=(said,)
    )
    assert found.claims == (said,)
    assert [(delta.before, delta.after) for delta in found.deltas] == [("30,000", "50,000")]


def test_the_same_arguments_give_the_same_answer() -> None:
    def play() -> list[Novelty]:
        members: list[StoryReport] = []
        return [tell(members, row[0], row[1], row[2], row[3]) for row in SHEET]

    first = play()
    similarity.shape.cache_clear()
    assert play() == first


def test_of_ten_headlines_alike_but_for_their_figure_the_same_one_is_told_again() -> None:
    """A toll that rose ten times is told ten times; what another outlet makes of any of them is no news."""
    titles = [f"Death toll of the ferry wreck rises to {toll}" for toll in range(11, 21)]
    members = tuple(
        StoryReport(
            f"e{n}", "s", "Paper", f"d{n}", "development", AT + timedelta(hours=n), title, "", "", "Paper",
        )
        for n, title in enumerate(titles)
    )  # fmt: skip
    memory, at = StoryState("story", members), AT + timedelta(hours=10)
    for n, title in enumerate(titles):
        found = novelty.compare(Entry(title=title), "new", Source("o", "Other", ""), at, "story", memory)
        assert (found.verdict, found.development) == ("repeat", f"d{n}"), title
    risen = Entry(title="Death toll of the ferry wreck rises to 23")
    assert novelty.compare(risen, "new", Source("o", "Other", ""), at, "story", memory).verdict == "development"


def test_thousands_of_members_cost_little_more_than_hundreds() -> None:
    nouns = ("troops", "sappers", "convoy", "missile", "talks", "base", "port", "border", "treaty", "drill", "medal",
             "bridge", "fleet", "camp", "train")  # fmt: skip
    members = tuple(
        StoryReport(
            f"e{n}", "s", "Paper", f"d{n // 5}", "repeat", AT + timedelta(minutes=20 * n),
            f"North Korea {nouns[n % 15]} {nouns[n // 15 % 15]} report {n % 97} Russia {nouns[n * 7 % 15]}",
            "A line of text.", "", "Paper",
        )
        for n in range(3000)
    )  # fmt: skip
    few, many = (_cost(StoryState("story", members[-count:])) for count in (300, 3000))
    assert many < 4 * few, f"{few * 1000:.1f} ms for 300, {many * 1000:.1f} ms for 3,000"


def _cost(memory: StoryState) -> float:
    """Seconds of processor time that one more report takes, the best of six."""
    taken = []
    for n in range(6):
        entry = Entry(title=f"North Korea moves sappers to bridge {n} in Kursk")
        started = time.process_time()
        novelty.compare(entry, "new", Source("s", "Paper", ""), memory.members[-1].at, "story", memory)
        taken.append(time.process_time() - started)
    return min(taken)


def test_the_own_story_is_told_once_each() -> None:
    """Given the labels' acceptance: at least eleven of twelve developments told, at most one told again in no doubt."""
    path = shared("data/topic/nk_stream.labels.jsonl")
    entries = {}
    for line in shared("data/topic/nk_stream.entries.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        entries[row["id"]] = row
    members: list[StoryReport] = []
    told: dict[str, int] = {}
    for line in path.read_text("utf-8").splitlines():
        label = json.loads(line)
        if label["follow_up"]:
            row = entries[label["entry"]]
            hours = (datetime.fromisoformat(row["at"]) - AT).total_seconds() / 3600
            found = tell(members, hours, row["source"], row["title"])
            told[label["development"]] = told.get(label["development"], 0) + (
                found.verdict == "development" and not (found.doubtful and told.get(label["development"]))
            )
    assert len(told) == 12
    assert sum(times > 0 for times in told.values()) >= 11, told
    assert sum(max(0, times - 1) for times in told.values()) <= 1, told


@pytest.mark.parametrize(
    ("second", "text", "verdict"),
    [
        ("Ferry sinks off Ostend with twelve aboard, ministry confirms", "", "confirmation"),
        ("Ferry sinks off Ostend with twelve aboard, coast guard says", "", "confirmation"),
        ("Ferry sinks off Ostend with twelve aboard, say police in Ostend", "", "repeat"),
        ("Ferry sinks off Ostend with twelve aboard, police say", "", "repeat"),
        ("Ferry sinks off Ostend with twelve aboard", "", "repeat"),
        ("Ferry sinks off Ostend with twelve aboard - Reuters", "", "repeat"),
        ("Ferry sinks off Ostend with twelve aboard, ministry says", "It spoke, according to Alpha News.", "repeat"),
    ],
)  # fmt: skip
def test_a_second_party_that_says_so_confirms(second: str, text: str, verdict: str) -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", "Ferry sinks off Ostend with twelve aboard, Ostend police say")
    assert tell(members, 2, "Beta Post", second, text).verdict == verdict


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("Thai army says border post was shelled", "Thailand says border post was shelled", "repeat"),
        ("Thai army says border post was shelled", "Thailand confirms that border post was shelled", "confirmation"),
        ("Thai army says border post was shelled", "Thai government says border post was shelled", "confirmation"),
        ("Thai army says border post was shelled", "Cambodia says border post was shelled", "confirmation"),
        ("Border post was shelled, Thai army says", "Border post was shelled as Cambodia demands talks", "repeat"),
    ],
)
def test_a_country_by_its_name_alone_is_no_second_party_beside_its_army(first: str, second: str, verdict: str) -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", first)
    assert tell(members, 2, "Beta Post", second).verdict == verdict


SEED = Article(
    "Six dead as ferry sinks off Aldermoor", "The ferry Sunniva sank off Aldermoor on Tuesday. Six people died.",
    "https://gazette.example/a", published_at=AT,
)  # fmt: skip


def toll(title: str, *before: str, hours: float = 8.0) -> Novelty:
    """What a headline is after others, with the claims of all."""
    ledger = claims.extract(SEED.text, AT, title=SEED.title)
    members: tuple[StoryReport, ...] = ()
    for number, said in enumerate((*before, title)):
        at, new = AT + timedelta(hours=hours + number), claims.extract("", AT, title=said)
        entry = Entry(id=str(number), title=said)
        memory = StoryState("story", members, ledger)
        found = novelty.compare(
            entry, str(number), Source(f"s{number}", f"s{number}", ""), at, "story", memory, seed=SEED, claims=new
        )
        ledger += new
        members += (
            StoryReport(
                str(number), f"s{number}", f"s{number}", found.development, found.verdict, at, said, "", "", ""
            ),
        )
    return found


def test_a_count_that_changed_is_no_repeat_however_small() -> None:
    assert toll("Death toll in Aldermoor ferry sinking rises to 9").verdict == "development"
    assert (
        toll("Ferry sinking: death toll rises to 9", "Death toll in Aldermoor sinking rises to 9").verdict == "repeat"
    )


def test_a_large_count_that_changed_is_no_repeat_of_what_does_not_state_it() -> None:
    """A recall is widened within the hour in which a prosecutor looks into it."""
    at = AT + timedelta(hours=30)
    seed = replace(
        SEED, title="Harrow recalls 4,200 buses", text="Harrow recalls 4,200 school buses over their brakes."
    )
    ledger = claims.extract(seed.text, AT, title=seed.title)
    told = StoryReport("p", "p", "p", "d-p", "development", at, "Prosecutor looks into bus maker Harrow", "", "", "")
    title, text = "Bus recall widened to 6,900 vehicles", "The authority said that 6,900 school buses are affected."
    found = novelty.compare(
        Entry(id="w", title=title, summary=text), "w", Source("w", "w", ""), at, "story",
        StoryState("story", (told,), ledger), seed=seed, claims=claims.extract(text, at, title=title),
    )  # fmt: skip
    assert found.verdict == "development" and "became 6,900" in found.reasons[0].evidence


@pytest.mark.parametrize("days", [1, 6, 40])
def test_who_only_says_what_the_article_said_tells_it_again_however_late(days: int) -> None:
    assert toll("Six dead as ferry sinks", hours=24.0 * days).verdict == "repeat"


def test_an_article_that_corrects_another_is_a_correction_of_its_development() -> None:
    first = toll("Captain of sunken ferry arrested")
    said = toll("Retraction: captain of ferry arrested", "Captain of sunken ferry arrested")
    assert said.verdict == "correction" and said.development == first.development and not said.doubtful
    copied = ("Captain of sunken ferry arrested", "Retraction: captain of ferry not arrested")
    assert toll("Retraction: captain of ferry not arrested", *copied).verdict == "repeat"


def test_a_correction_is_of_who_told_the_figure_that_it_takes_back() -> None:
    members: list[StoryReport] = []
    schools = tell(
        members, 0, "Courier", "Five more schools turn off taps", "Levels of up to 61 micrograms were found."
    )
    tell(members, 90, "Courier", "Order not to drink water lifted in Thorn", "Some 4,000 homes may use their taps.")
    said = tell(members, 100, "Courier", "Correction: water in Thorn", "We gave 61 micrograms for a school. It was 16.")
    assert (said.verdict, said.development) == ("correction", schools.development)


def test_a_toll_that_rises_is_in_no_doubt() -> None:
    first, second = (
        "Fourth patient dies in trial of ALS drug velinersen",
        "Death toll in velinersen trial of ALS drug rises to 5",
    )
    told = StoryReport("e0", "Alpha", "Alpha", "d0", "development", AT, first, "", "", "")
    ledger = claims.extract("", AT, title=first, source="Alpha")
    entry, at = Entry(id="e1", title=second), AT + timedelta(hours=3)
    fresh = claims.extract("", at, title=second, source="Beta")
    state = StoryState("story", (told,), claims=ledger)
    found = novelty.compare(entry, "e1", Source("Beta", "Beta", ""), at, "story", state, claims=fresh)
    assert (found.verdict, found.doubtful) == ("development", False)
    assert found.reasons[0].evidence == "new: Fourth became 5"


@pytest.mark.parametrize("title", [
    "Two traders die of injuries after Oginga hall roof collapse", "Engineer arrested over Oginga hall roof",
])  # fmt: skip
def test_a_grave_step_that_the_article_does_not_tell_is_in_no_doubt(title: str) -> None:
    seed = Article(
        "Glass roof of Kisumu's Oginga market hall falls on traders",
        "Part of the glass roof of the Oginga market hall fell on fish traders, and 14 people were hurt.",
        published_at=AT,
    )
    at = AT + timedelta(hours=23)
    found = novelty.compare(Entry(title=title), "e", Source("s", "s", ""), at, "story", StoryState("story"), seed=seed)
    assert (found.verdict, found.doubtful) == ("development", False)


ORGANS = Article(
    "Somebody puts three church organs in Varde out of tune", "Three organs were found out of tune.", published_at=AT
)


@pytest.mark.parametrize(("before", "title", "verdict"), [
    ("", "Fourth organ found out of tune in Varde", "development"),
    ("", "Somebody puts third church organ in Varde out of tune", "repeat"),
    ("Fourth organ found out of tune in Varde", "Varde: fourth organ out of tune", "repeat"),
    ("Organ in Varde is fourth to be put out of tune", "Fourth organ out of tune in Varde", "repeat"),
    ("Fourth organ found out of tune in Varde", "5th organ found out of tune in Varde", "development"),
    ("Organ makers of Varde report loss for the first quarter", "Organ makers of Varde report a second-quarter loss",
     "repeat"),
    ("Organists of Varde on strike", "Organists of Varde on strike for second day", "repeat"),
    ("Deputy of Varde's organ firm resigns", "Second in command of Varde's organ firm resigns", "repeat"),
])  # fmt: skip
def test_one_more_of_a_series_is_news_and_the_next_quarter_none(before: str, title: str, verdict: str) -> None:
    """By what it counts: whether another day of a strike is news is for the words to say."""
    at, members = AT + timedelta(hours=5), ()
    if before:
        first = StoryReport("m", "A", "A", "d1", "development", at - timedelta(hours=2), before, "", "", "")
        members = (first,)
    found = novelty.compare(
        Entry(id="e", title=title), "e", Source("B", "B", ""), at, "story", StoryState("story", members), seed=ORGANS
    )
    assert found.verdict == verdict, found.reasons


def test_a_figure_is_not_said_to_replace_one_of_another_kind() -> None:
    members: list[StoryReport] = []
    tell(members, 0, "Alpha News", "Two dead and seven missing after Orvane arena collapse")
    news = tell(members, 5, "Beta Post", "Nine dead after Orvane arena collapse").reasons[0].evidence
    assert news == "new: 9 people"
    tell(members, 200, "Alpha News", "Harbour of Dellmar to cost 2 million euros")
    assert tell(members, 202, "Beta Post", "Harbour of Dellmar to cost 3 million euros").reasons[0].evidence == (
        "new: 2 million eur became 3 million eur"
    )
