"""What a story's texts are made of: seed first, then what its certain follow-ups say, bounded and repeatable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.core.relevance import story_model
from monitor.core.relevance.features import read
from monitor.model import Article, Citation, Entry, Story

AT = datetime(2026, 3, 4, tzinfo=UTC)
STORY = Story(
    "spill", "Spill",
    Article(
        "Tanker Orsolya spills oil off Brekholm",
        "A tanker ran aground on Tuesday. The harbour office of Brekholm closed the sound. Divers look for the leak.",
        published_at=AT,
        cited=(Citation("Coast Post", "Slick nears Lundey bird cliffs"),),
    ),
)  # fmt: skip


def lesson(title: str, day: int) -> story_model.Lesson:
    return story_model.lesson(story_model.compile_seed(STORY), read(Entry(title=title)), AT + timedelta(days=day))


def test_a_lesson_has_whom_hardly_any_news_names_below_its_headline() -> None:
    seed, below = (
        story_model.compile_seed(STORY),
        "Officers spoke to Hallgrimsen, a nephew of the owner, on Monday.",
    )
    taught = story_model.lesson(seed, read(Entry(title="Police question nephew over oil", summary=below)), AT)
    assert set(taught.stems) == {"polic", "question", "nephew", "oil", "hallgrimsen"}


def test_headline_names_and_acts_lead_the_seed() -> None:
    seed = story_model.compile_seed(STORY)
    assert seed.prominence["orsolya"] > seed.prominence["diver"]
    assert {"orsolya", "brekholm"} <= seed.names
    assert abs(sum(seed.shares.values()) - 1) < 1e-9


def test_days_and_months_are_no_names() -> None:
    text = "The Orsolya sank on Tuesday. On a Sunday in March the Orsolya was raised."
    names = story_model.compile_seed(Story("raised", "Ship raised", Article("Ship raised", text))).names
    assert "orsolya" in names and names.isdisjoint({"tuesday", "sunday", "march"})


def test_a_cited_headline_counts() -> None:
    seed = story_model.compile_seed(STORY)
    assert "lundey" in seed.names
    assert seed.shares["slick"] > 0


def test_lessons_weigh_more_the_more_there_are_and_never_all() -> None:
    shares = [story_model.learn([lesson("Slick reaches Lundey", day) for day in range(number)]).share
              for number in (0, 1, 10, 200)]  # fmt: skip
    assert shares == sorted(shares) and shares[0] == 0
    assert shares[-1] == story_model.LEARNT_MAX


def test_the_newest_lessons_count() -> None:
    old, new = [lesson("Slick reaches Lundey", 0)] * 5, [lesson("Captain of Orsolya charged", 9)] * 80
    learnt = story_model.learn([*old, *new])
    assert learnt == story_model.learn(new)
    assert "slick" not in learnt.stems
    assert learnt.names["orsolya"] == story_model.LESSONS_MAX
    assert learnt.acts["charge"] > 0


def test_who_told_the_story_is_no_part_of_it_unless_it_is_about_them() -> None:
    text = "Nine are trapped in the Carrow pit, the Tarn Valley Gazette reported. Pumps run in Wendle."
    cited = (Citation("Tarn Valley Gazette"),)
    told = story_model.compile_seed(Story("mine", "", Article("Nine trapped in pit", text, cited=cited)))
    about = Article("Tarn Valley Gazette to close", text, cited=cited)
    assert {"tarn", "valley", "gazett"}.isdisjoint(told.shares) and "carrow" in told.names
    assert "tarn" in story_model.compile_seed(Story("paper", "", about)).names
