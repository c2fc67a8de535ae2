"""A page that moves on: told while it speaks of the story, and never of anything else."""

from __future__ import annotations

from pathlib import Path

from tests.watched import Watched, run


def test_a_live_page_is_told_only_while_it_speaks_of_the_story(tmp_path: Path) -> None:
    async def act(watched: Watched) -> None:
        def told() -> list[tuple[str, str]]:
            return [(alert.kind, alert.title) for alert, _ in reversed(watched.app.store.alerts()) if alert.entry_key]

        first = "Live: divers reach the ferry Aldermoor off Vess"
        assert (await watched.published(first))["verdict"] == "development"
        for elsewhere in (
            "Live: storm closes 40 schools in the north",
            "Live: storm closes 60 schools, minister resigns",
        ):
            made = await watched.reworded(elsewhere)
            assert (made["follow_up"], made["verdict"]) == (False, None)
            assert "moved on to another matter" in made["reasons"][-1]["evidence"]
        assert told() == [("story.development", first)]
        back = "Live: owner of the ferry Aldermoor arrested in Vess"
        assert (await watched.reworded(back))["verdict"] == "revision"
        assert told() == [("story.development", first), ("story.revision", back)]

    run(tmp_path, act)


def test_an_article_stays_on_its_story_however_it_is_worded(tmp_path: Path) -> None:
    async def act(watched: Watched) -> None:
        await watched.published("Ferry Aldermoor sank off Vess with 300 on board, inquiry opened")
        made = await watched.reworded("280 on board, committee hears")
        assert (made["follow_up"], made["verdict"]) == (True, "revision")

    run(tmp_path, act)
