"""Routes for machines: liveness, readiness, figures.

Ready is who can draw its pages: what failed when people looked counts, and a look of our own, so that /readyz knows it
first.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from monitor import log
from monitor.errors import StoreError
from monitor.metrics import CONTENT_TYPE
from monitor.operations import reports
from monitor.web.guard import app_of

Endpoint = Callable[[Request], Awaitable[Response]]

# A page that failed when somebody looked counts against readiness for this long, unless it is drawn before. Chosen
# here: long enough for a prober that asks every minute or two, short enough that one odd alert takes no service away.
REMEMBERED = timedelta(minutes=5)
# Our own look reads what the pages read, which is more than a probe may cost each time it comes (every few seconds).
LOOK_EVERY = timedelta(minutes=1)
STALLED_AFTER = timedelta(seconds=90)  # without a tick, after which we are not ready: ninety of them (set)
_NAMES = re.compile(r"{(\w+)")


@dataclass(slots=True)
class PageHealth:
    """What could not be drawn, by route, and when; `looked_at` is our own last look."""

    failing: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    looked_at: datetime | None = None
    looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    def watched(self, route: str, endpoint: Endpoint) -> Endpoint:
        """The endpoint, its failures noted until it answers again; what it refuses on purpose is no failure."""

        @wraps(endpoint)
        async def draw(request: Request) -> Response:
            try:
                answer = await endpoint(request)
            except HTTPException:
                raise
            except Exception as error:
                now = app_of(request).pipeline.clock.now()
                self.failing[route] = (now, f"{type(error).__name__}: {error}")
                log.get("page").error("not drawn", route=route, path=request.url.path, error=str(error))
                raise
            self.failing.pop(route, None)
            return answer

        return draw

    async def causes(self, request: Request, pages: dict[str, Endpoint]) -> list[str]:
        """Why pages cannot be drawn, after a look of our own where the last is a minute old; empty where they can."""
        app = app_of(request)
        async with self.looking:
            now = app.pipeline.clock.now()
            if self.looked_at is None or abs(now - self.looked_at) >= LOOK_EVERY:
                await self._look(request, pages)
                self.looked_at = now
        failing = sorted((route, why) for route, (at, why) in self.failing.items() if now - at <= REMEMBERED)
        return [f"the page {route} cannot be drawn: {why}" for route, why in failing]

    async def _look(self, request: Request, pages: dict[str, Endpoint]) -> None:
        """Draw each page once: of the first story, and of the newest alert."""
        app = app_of(request)
        story = next((story.id for story in app.pipeline.watchlist.stories), None)
        try:
            alert = next((alert.id for alert, _ in await asyncio.to_thread(lambda: app.store.alerts(limit=1))), None)
        except Exception as error:  # an alert that cannot be read is a page that cannot be drawn
            self.failing["/alerts/{alert}"] = (app.pipeline.clock.now(), f"{type(error).__name__}: {error}")
            alert = None
        for route, draw in pages.items():
            parameters = {"story": story, "alert": alert, "source": next(iter(app.sources), None)}
            if any(parameters.get(name) is None for name in _NAMES.findall(route)):
                continue
            scope = {**request.scope, "path": route, "path_params": parameters, "query_string": b""}
            try:
                await draw(Request(scope))
            except Exception:  # noqa: S112 - noted by `watched`, which /readyz reads
                continue


async def livez(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """200 while visits are started, everything can be kept and pages can be drawn; 503 with the cause otherwise."""
    app = app_of(request)
    causes = [cause for cause in (app.daemon.blocked, app.daemon.starved) if cause]
    progress = app.daemon.progress_at
    if progress is not None and app.pipeline.clock.now() - progress > STALLED_AFTER:
        causes.append(f"no visit was looked for since {progress.isoformat(timespec='seconds')}")
    causes += await request.app.state.page_health.causes(request, request.app.state.drawn)
    return JSONResponse({"ready": not causes, "causes": causes}, 503 if causes else 200)


async def metrics(request: Request) -> Response:
    """Prometheus exposition format."""
    app = app_of(request)
    try:
        app.metrics.refresh(*await asyncio.to_thread(reports.counts, app.store, app.sources))
    except StoreError:
        app.metrics.errors.inc()
    return Response(app.metrics.text(), media_type=CONTENT_TYPE)
