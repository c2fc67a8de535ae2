"""The operator's endpoint: health, figures, the status page, signed links. A thin skin over `operations`."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from monitor.app.build import App
from monitor.errors import ConfigError
from monitor.web import (
    actions,
    add_page,
    alert_page,
    api,
    atom,
    delivery_page,
    drawing,
    health,
    operator_actions,
    reader_actions,
    search_page,
    settings_page,
    source_pages,
    story_changes,
    story_page,
    today_page,
    version_page,
)
from monitor.web.guard import Guard, root_of
from monitor.web.health import Endpoint, PageHealth


def make(app: App, *, probes_only: bool = False) -> Starlette:
    """The ASGI application over a running `App`; ConfigError where its token is configured and missing.

    `probes_only`: what machines ask for, and no pages.
    """
    http = app.config.endpoint
    # Read here and not by the middleware, which Starlette builds at the first request only.
    token = app.config.secret(http.token_env, http.token_file, "token", "http")
    page_health = PageHealth()
    drawn = {} if probes_only else _drawn(page_health)
    routes = [Route("/livez", health.livez), Route("/readyz", health.readyz), Route("/metrics", health.metrics)]
    routes += [] if probes_only else _routes(drawn)
    _require_free(app, routes)
    web = Starlette(
        routes=routes, middleware=[Middleware(Guard, app=app, token=token)],
        exception_handlers={HTTPException: drawing.refused, Exception: drawing.broken},
    )  # fmt: skip
    web.state.app, web.state.page_health, web.state.drawn = app, page_health, drawn
    web.state.plans = add_page.Plans()
    return web


def _drawn(page_health: PageHealth) -> dict[str, Endpoint]:
    """What is drawn for people; its failures are noted."""
    endpoints = {
        "/": today_page.today, "/stories/{story}": story_page.story, "/alerts/{alert}": alert_page.alert,
        "/sources": source_pages.sources, "/sources/{source}": source_pages.source,
        "/deliveries": delivery_page.deliveries, "/search": search_page.search, "/settings": settings_page.settings,
        "/words": settings_page.words, "/add": add_page.add,
        "/entries/{key}/versions/{number:int}": version_page.version,
        "/feed/{story}.atom": atom.feed, "/share/{token}": story_page.shared,
    }  # fmt: skip
    return {route: page_health.watched(route, endpoint) for route, endpoint in endpoints.items()}


def _routes(drawn: dict[str, Endpoint]) -> list[Route]:
    """What people use: pages, forms, signed links."""
    forms = {
        "/read": reader_actions.mark_read, "/alerts/{alert}/unread": reader_actions.mark_unread,
        "/alerts/{alert}/feedback": actions.feedback, "/alerts/{alert}/redeliver": operator_actions.redeliver,
        "/deliveries/redeliver": operator_actions.redeliver_dead,
        "/channels/{channel}/{word}": operator_actions.channel,
        "/sources/visit": operator_actions.visit_all, "/sources/{source}/visit": operator_actions.visit,
        "/sources/{source}/pause": operator_actions.pause, "/sources/{source}/resume": operator_actions.resume,
        "/stories": add_page.plan, "/stories/{story}": story_changes.save_story,
        "/stories/{story}/subscribe": actions.subscribe, "/stories/{story}/visit": operator_actions.visit_story,
        "/stories/{story}/{word}": story_changes.story_word, "/settings/reader": reader_actions.choose,
        "/entries/{key}/feedback": reader_actions.overrule,
    }  # fmt: skip
    return [
        *(Route(f"/{name}", drawing.serve_static) for name in drawing.STATIC),
        *(Route(route, endpoint, methods=["POST"]) for route, endpoint in forms.items()),
        *api.routes(),
        Route("/sources.opml", atom.opml),
        Route("/feed/{story}.opml", atom.opml),
        Route("/follow/{token}", atom.follow),
        *(Route(route, endpoint) for route, endpoint in drawn.items()),
        Route("/feedback/{token}", actions.signed_feedback, methods=["GET", "POST"]),
        Route("/unsubscribe/{token}", actions.unsubscribe, methods=["GET", "POST"]),
    ]


def _require_free(app: App, routes: list[Route]) -> None:
    """A public path may be taken off by the proxy or not: then /stories would be the path, or a page of ours."""
    first = root_of(app.config.document.http.public_url).split("/")[1:2]
    if first and first[0] in {route.path.split("/")[1] for route in routes} - {""}:
        where = app.config.where("http", "public_url")
        raise ConfigError(f"{where}: the path begins as a page of ours does; write another one than /{first[0]}")
