"""Watch a story: one box for a link or a text, a preview of what would be watched, then one button that saves it.

What was found out is kept here for a while under a number, so that saving asks no outlet again.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor import config as configuration
from monitor.app.add import plan_watch, write_watch
from monitor.app.build import App
from monitor.app.reload import adopt
from monitor.core.presentation import phrases
from monitor.errors import MonitorError
from monitor.model import Feed, Resolved, Source, SourceStatus, Story, Visit
from monitor.operations import setup
from monitor.operations.setup import Plan
from monitor.web.drawing import read, render
from monitor.web.guard import app_of, posted

# Previews kept in this process; each holds the entries of the feeds that were found, some 100 KB.
PLANS_MAX = 20
# What a form can hold (64 KiB) less its other fields; a longer article goes by its address or by `monitor add FILE`.
ARTICLE_CHARS_MAX = 60_000
TERM_CHARS_MAX = 300  # characters of a headline or word that teaches (set; headlines are seldom over 150)
TERMS_MAX = 50  # words and headlines of each kind that a preview may teach (set)


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan, the number that it is kept under, and the article as it was given."""

    number: str
    plan: Plan
    article: str


@dataclass(slots=True)
class Plans:
    """Previews by number, the newest last; and the stories that came of them, for who presses the button twice."""

    kept: OrderedDict[str, Preview] = field(default_factory=OrderedDict)
    saved: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def keep(self, plan: Plan, article: str) -> Preview:
        """Keep a preview under a new number."""
        return self.put(Preview(token_hex(8), plan, article))

    def done(self, number: str, story_id: str) -> None:
        """Note what came of a preview, which is kept no longer."""
        self.kept.pop(number, None)
        self.saved[number] = story_id
        while len(self.saved) > PLANS_MAX:
            self.saved.popitem(last=False)

    def put(self, made: Preview) -> Preview:
        """Keep a preview in place of the one with its number."""
        self.kept[made.number] = made
        while len(self.kept) > PLANS_MAX:
            self.kept.popitem(last=False)
        return made


async def add(request: Request) -> Response:
    """The empty form."""
    return await _page(request)


async def plan(request: Request) -> Response:
    """Read the article and show what would be watched; with `plan`, save what was shown."""
    app, form = await posted(request)
    plans: Plans = request.app.state.plans
    if "plan" in form:
        return await _replan(request, app, plans, form)
    article = form.get("article", "").strip()[:ARTICLE_CHARS_MAX]
    if not article:
        return await _page(request, 400, error="Give the link of an article, or its text.")
    try:
        found = await _planned(app, article)
    except MonitorError as error:
        return await _page(request, 400, article=article, error=str(error))
    return await _preview(request, plans.keep(found, article))


async def _replan(request: Request, app: App, plans: Plans, form: Mapping[str, str]) -> Response:
    """What was shown, saved; or shown again with what the form teaches, and with the feeds that it gives."""
    made = plans.kept.get(form["plan"])
    if made is None and (story_id := plans.saved.get(form["plan"])):
        return RedirectResponse(f"/stories/{story_id}", 303)
    if made is None:
        return await _page(request, 400, error="This preview is no longer kept: read the article again.")
    found, changed = made.plan, _changed(made.plan.story, form)
    if changed:
        found = await setup.taught(found, changed)
    given = {name: form[f"feed-{name}"].strip() for name in _missing(found) if form.get(f"feed-{name}", "").strip()}
    if not given and not changed:
        return await _save(app, plans, made)
    found = await _with_feeds(app, found, given)
    return await _preview(request, plans.put(replace(made, plan=found)))


async def _preview(request: Request, made: Preview) -> Response:
    app = app_of(request)
    near = await read(setup.neighbours, made.plan, app.store, app.pipeline.clock.now())
    return await _page(request, article=made.article, number=made.number, found=made.plan, near=near)


def _changed(story: Story, form: Mapping[str, str]) -> Story | None:
    """The story without a word that it looked for, or taught by a headline; None where the form says neither."""
    ignored, liked, unliked, back = (
        form.get(word, "").strip()[:TERM_CHARS_MAX] for word in ("ignore", "like", "unlike", "back")
    )
    if not (ignored or liked or unliked or back):
        return None

    def changed(terms: tuple[str, ...], new: str) -> tuple[str, ...]:
        kept = [term for term in terms if term not in (ignored, liked, unliked, back)]
        return tuple([*kept, new][-TERMS_MAX:] if new else kept)

    return replace(
        story, ignore=changed(story.ignore, ignored), like=changed(story.like, liked),
        unlike=changed(story.unlike, unliked),
    )  # fmt: skip


async def _planned(app: App, article: str) -> Plan:
    """A link is read by its address; anything else is the text itself, handed over as a file."""
    if article.startswith(("http://", "https://")) and not article[:2000].split("\n", 1)[0].strip().count(" "):
        return await plan_watch(app.config, app.store, article)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as kept:
        await asyncio.to_thread(Path(kept.name).write_text, article, "utf-8", "replace")
        return await plan_watch(app.config, app.store, kept.name)


def _missing(plan: Plan) -> list[str]:
    """The numbers of the outlets that have no feed yet, as fields of the form name them."""
    return [str(number) for number, each in enumerate(plan.outlets) if not each.validated]


async def _with_feeds(app: App, plan: Plan, given: dict[str, str]) -> Plan:
    """The plan with these feeds tried: what does not answer as a feed says so and stays not covered."""
    resolved = [*plan.outlets]
    for number, address in given.items():
        named = resolved[int(number)]
        tried = Source(f"given-{number}", named.name, address)
        now = app.pipeline.clock.now()
        fetched = await app.pipeline.fetcher.fetch(Visit(tried, SourceStatus(tried.id, url=address), now, True))
        feed = await app.pipeline.parser.parse(fetched) if fetched.error is None else Feed(error=fetched.error)
        resolved[int(number)] = Resolved(
            named.name, tuple(named.cited), named.homepage, address, "given", feed.error is None, feed.error,
            feed.title, feed.language, entries=feed.entries,
        )  # fmt: skip
    return plan.with_outlets(resolved)


async def _save(app: App, plans: Plans, made: Preview) -> Response:
    async with app.editing:  # a button that is pressed twice finds the story that the first press made
        if made.number not in plans.saved:
            try:
                written = await asyncio.to_thread(write_watch, app.config, made.plan)
                plans.done(made.number, written["story"])
                await adopt(app, await asyncio.to_thread(configuration.load, app.config.path, app.config.environ))
            except MonitorError as error:
                raise HTTPException(400, str(error)) from error
    return RedirectResponse(f"/stories/{plans.saved[made.number]}", 303)


def _twin(app: App, plan: Plan) -> Story | None:
    """The story that watches this very article already."""
    article = plan.article
    return next(
        (
            story
            for story in app.pipeline.watchlist.stories
            if article.title == story.seed.title or (article.url and article.url == story.seed.url)
        ),
        None,
    )


async def _page(
    request: Request, status: int = 200, *, article: str = "", error: str = "", number: str = "",
    found: Plan | None = None, near: Any = None,
) -> Response:  # fmt: skip
    return await render(
        request, "add.html", status=status, article=article, error=error, number=number, plan=found,
        near=near, twin=_twin(app_of(request), found) if found else None, how=phrases.words("how"),
        default_line=phrases.points(0.5), article_max=ARTICLE_CHARS_MAX,
    )  # fmt: skip
