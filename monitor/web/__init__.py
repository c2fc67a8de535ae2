"""The operator's endpoint: health, figures, the status page, signed links. A thin skin over `operations`."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from monitor.app import App
from monitor.web import actions, atom, health, pages
from monitor.web.guard import Guard


def make(app: App) -> Starlette:
    """The ASGI application over a running `App`; ConfigError where its token is configured and missing."""
    http = app.config.document.http
    # Read here and not by the middleware, which Starlette builds at the first request only.
    token = app.config.secret(
        http.token_env, http.token_file, ("http", "token_env" if http.token_env else "token_file")
    )
    routes = [
        Route("/livez", health.livez),
        Route("/readyz", health.readyz),
        Route("/metrics", health.metrics),
        Route("/style.css", health.style),
        Route("/", pages.status),
        Route("/stories", actions.add_story, methods=["POST"]),
        Route("/stories/{story}", pages.story),
        Route("/stories/{story}/subscribe", actions.subscribe, methods=["POST"]),
        Route("/alerts/{alert}", pages.alert),
        Route("/alerts/{alert}/feedback", actions.feedback, methods=["POST"]),
        Route("/alerts/{alert}/redeliver", actions.redeliver, methods=["POST"]),
        Route("/sources/{source}/pause", actions.pause, methods=["POST"]),
        Route("/sources/{source}/resume", actions.resume, methods=["POST"]),
        Route("/feed/{story}.atom", atom.feed),
        Route("/feedback/{token}", actions.signed_feedback, methods=["GET", "POST"]),
        Route("/unsubscribe/{token}", actions.unsubscribe, methods=["GET", "POST"]),
    ]
    web = Starlette(
        routes=routes, middleware=[Middleware(Guard, app=app, token=token)],
        exception_handlers={HTTPException: pages.refused, Exception: pages.broken},
    )  # fmt: skip
    web.state.app = app
    return web
