"""The operator's endpoint: health, figures, the status page, signed links. A thin skin over `operations`."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from monitor.app import App
from monitor.web import actions, atom, health, pages
from monitor.web.guard import Guard
from monitor.web.page_health import PageHealth


def make(app: App) -> Starlette:
    """The ASGI application over a running `App`; ConfigError where its token is configured and missing."""
    http = app.config.document.http
    # Read here and not by the middleware, which Starlette builds at the first request only.
    token = app.config.secret(
        http.token_env, http.token_file, ("http", "token_env" if http.token_env else "token_file")
    )
    page_health = PageHealth()
    drawn = {
        route: page_health.watched(route, endpoint)
        for route, endpoint in (
            ("/", pages.status), ("/stories/{story}", pages.story), ("/alerts/{alert}", pages.alert),
            ("/feed/{story}.atom", atom.feed),
        )
    }  # fmt: skip
    routes = [
        Route("/livez", health.livez),
        Route("/readyz", health.readyz),
        Route("/metrics", health.metrics),
        Route("/style.css", health.style),
        Route("/stories", actions.add_story, methods=["POST"]),
        Route("/stories/{story}/subscribe", actions.subscribe, methods=["POST"]),
        Route("/alerts/{alert}/feedback", actions.feedback, methods=["POST"]),
        Route("/alerts/{alert}/redeliver", actions.redeliver, methods=["POST"]),
        Route("/sources/{source}/pause", actions.pause, methods=["POST"]),
        Route("/sources/{source}/resume", actions.resume, methods=["POST"]),
        *(Route(route, endpoint) for route, endpoint in drawn.items()),
        Route("/feedback/{token}", actions.signed_feedback, methods=["GET", "POST"]),
        Route("/unsubscribe/{token}", actions.unsubscribe, methods=["GET", "POST"]),
    ]
    web = Starlette(
        routes=routes, middleware=[Middleware(Guard, app=app, token=token)],
        exception_handlers={HTTPException: pages.refused, Exception: pages.broken},
    )  # fmt: skip
    web.state.app, web.state.page_health, web.state.drawn = app, page_health, drawn
    return web
