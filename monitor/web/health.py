"""Routes for machines: liveness, readiness, figures."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from monitor.app.build import App
from monitor.errors import StoreError
from monitor.metrics import CONTENT_TYPE
from monitor.operations import reports

STALLED_AFTER = timedelta(seconds=90)  # without a tick, after which we are not ready: ninety of them (set)


async def livez(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """200 while visits are started, everything can be kept and pages can be drawn; 503 with the cause otherwise."""
    app: App = request.app.state.app
    causes = [cause for cause in (app.daemon.blocked, app.daemon.starved) if cause]
    progress = app.daemon.progress_at
    if progress is not None and app.pipeline.clock.now() - progress > STALLED_AFTER:
        causes.append(f"no visit was looked for since {progress.isoformat(timespec='seconds')}")
    causes += await request.app.state.page_health.causes(request, request.app.state.drawn)
    return JSONResponse({"ready": not causes, "causes": causes}, 503 if causes else 200)


async def metrics(request: Request) -> Response:
    """Prometheus exposition format."""
    app: App = request.app.state.app
    try:
        app.metrics.refresh(*await asyncio.to_thread(reports.counts, app.store, app.sources))
    except StoreError:
        app.metrics.errors.inc()
    return Response(app.metrics.text(), media_type=CONTENT_TYPE)
