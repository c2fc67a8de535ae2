"""Asks the reader's own judge about near misses and for a sentence on what a digest will tell; keeps its answers.

Nothing waits for it but a digest, for as long as its timeout; nothing is told or held back for what it says.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.presentation import opinions
from monitor.core.presentation.phrases import NEAR_MARGIN
from monitor.errors import JudgeError
from monitor.model import Decision
from monitor.pipeline import Pipeline
from monitor.ports import Judge, setting_names

AGE_MAX = timedelta(days=2)  # how old a near miss may be that is asked about (set)
ASKED_MAX = 5  # questions of one round, so that a slow judge is asked the newest again soon (set)
DIGESTS_MAX = 3  # different digests of one round that get a sentence: each may take the whole timeout (set)
REST = timedelta(minutes=15)  # after a failure, before the judge is asked again (set)


@dataclass(slots=True)
class SecondLook:
    """Who is asked, how often a day, and when it failed last."""

    judge: Judge
    name: str
    asks_max: int
    day: str = ""
    asked: int = 0
    rest_until: datetime | None = None
    problem: str = ""
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def near_misses(self, pipeline: Pipeline) -> int:
        """Ask about near misses that have no opinion yet; how many were asked about."""
        count = 0
        async with self.asking:
            for made in await asyncio.to_thread(self._open, pipeline):
                story = next(story for story in pipeline.watchlist.stories if story.id == made.story_id)
                known = await asyncio.to_thread(pipeline.store.entry, made.entry_key)
                answer = await self._ask(opinions.near_miss(story, known.entry), pipeline) if known else None
                if answer is None:
                    break
                await asyncio.to_thread(_keep, pipeline, made, opinions.read(answer, self.name))
                count += 1
        return count

    async def sentences(self, pipeline: Pipeline) -> dict[tuple[str, str], str]:
        """By channel and recipient, one sentence on what a digest that is due will tell; none where none is had."""
        due = await asyncio.to_thread(pipeline.store.due_digests, pipeline.clock.now())
        found: dict[str, str] = {}
        for _, _, held in due:
            question = opinions.digest([alert for _, alert in held])
            if question not in found and len(found) < DIGESTS_MAX:
                found[question] = opinions.sentence(await self._ask(question, pipeline) or "")
        said = {(channel, to): found.get(opinions.digest([alert for _, alert in held])) for channel, to, held in due}
        return {place: opinions.signed(sentence, self.name) for place, sentence in said.items() if sentence}

    def _open(self, pipeline: Pipeline) -> list[Decision]:
        now, stories = pipeline.clock.now(), [story.id for story in pipeline.watchlist.stories if not story.paused]
        near = pipeline.store.near_misses(stories, NEAR_MARGIN, now - AGE_MAX, limit=opinions.KEPT_MAX)
        had = {name: opinions.from_kept(pipeline.store.setting(setting_names.opinions(name))) for name in stories}
        return [made for made in near if made.entry_key not in had[made.story_id]][:ASKED_MAX]

    async def _ask(self, question: str, pipeline: Pipeline) -> str | None:
        now = pipeline.clock.now()
        if self.day != f"{now:%Y-%m-%d}":
            self.day, self.asked = f"{now:%Y-%m-%d}", 0
        if self.asked >= self.asks_max or (self.rest_until and now < self.rest_until):
            return None
        self.asked += 1
        try:
            answer = await self.judge.ask(opinions.RULES, question)
        except JudgeError as error:
            self.problem, self.rest_until = str(error), now + REST
            return None
        self.problem = ""
        return answer


def _keep(pipeline: Pipeline, made: Decision, opinion: opinions.Opinion) -> None:
    name = setting_names.opinions(made.story_id)
    had = opinions.from_kept(pipeline.store.setting(name))
    pipeline.store.set_setting(name, opinions.kept(had | {made.entry_key: opinion}))
