"""A story's id that is given to another article by hand: said in the log, by `doctor` and on the settings page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publisher import SEED, Answer, Publisher, Watch, feed

OTHER = "Tessvale dam shows cracks after a week of rain\n\nEngineers found cracks in the dam, the water authority said."


class Rewritten(Watch):
    """A watch whose story may be given another article."""

    seed = SEED

    def config_text(self) -> str:
        return super().config_text().replace(SEED, self.seed)


@pytest.mark.parametrize(
    ("seed", "read", "named"), [(OTHER, True, True), (OTHER, False, False), (f"{SEED}\nMore of it.", True, False)]
)
async def test_an_id_that_another_article_had_is_named(
    tmp_path: Path, paper: Publisher, seed: str, read: bool, named: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not where nothing was seen of the first, nor where the article was but edited."""
    from monitor.app import reused_ids

    watch = Rewritten(tmp_path, {"a": paper.url("/a")})
    paper.paths["/a"] = Answer(feed(1, 2))
    if read:
        await watch.poll()
    else:
        await watch.restart()
    watch.seed = seed
    for _ in range(2):
        await watch.restart()
        assert watch.app is not None
        stories = watch.app.pipeline.watchlist.stories
        said = reused_ids.replaced(watch.app.store, stories, watch.clock.at)
        assert list(said) == (["all"] if named else [])
    if named:
        assert "stood for another article until 2026-06-01 (“Everything that happens anywhere”)" in said["all"]
        assert "give the new one an id of its own" in said["all"]
    await watch.close()
