"""The read-only JSON API under /api/v1, and its description (OpenAPI 3.1), both from one table of questions."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from monitor import __version__
from monitor.app.settings import public_url
from monitor.errors import MonitorError, NotFound
from monitor.operations.questions import QUESTIONS, Context, Question, ask
from monitor.web.drawing import read
from monitor.web.guard import app_of

ROOT = "/api/v1"
_PLACE = re.compile(r"{(\w+)}")


def routes() -> list[Route]:
    """A route for each question, and one for the description."""
    return [
        *(Route(ROOT + question.path, _endpoint(question)) for question in QUESTIONS),
        Route(f"{ROOT}/openapi.json", openapi),
    ]


def _endpoint(question: Question) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        app = app_of(request)
        context = Context(app.store, app.pipeline.watchlist, app.sources, app.pipeline.clock.now())
        given = dict(request.query_params) | dict(request.path_params)
        try:
            return JSONResponse(await read(ask, question, context, given))
        except NotFound as error:
            return JSONResponse({"error": str(error)}, 404)
        except MonitorError as error:
            return JSONResponse({"error": str(error)}, 400)

    return answer


async def openapi(request: Request) -> Response:
    """The description of the API."""
    return JSONResponse(description(public_url(app_of(request).config)))


def description(base: str) -> dict[str, Any]:
    """OpenAPI 3.1 of every question, as served at `base`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "monitor", "version": __version__, "summary": "What a watch has seen, told and held back."},
        "servers": [{"url": base + ROOT}],
        "security": [{}, {"bearer": []}, {"basic": []}],
        "components": {"securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"}, "basic": {"type": "http", "scheme": "basic"},
        }},
        "paths": {question.path: {"get": _operation(question)} for question in QUESTIONS},
    }  # fmt: skip


def _operation(question: Question) -> dict[str, Any]:
    placed = set(_PLACE.findall(question.path))
    return {
        "operationId": question.name, "summary": question.about,
        "parameters": [
            {
                "name": each.name, "in": "path" if each.name in placed else "query", "required": each.required,
                "description": each.about, "schema": {"type": each.kind},
            }
            for each in question.parameters
        ],
        "responses": {
            "200": {"description": "The answer.", "content": {"application/json": {"schema": {}}}},
            "400": {"description": "A parameter is missing or cannot be read."},
            "404": {"description": "There is no such thing."},
        },
    }  # fmt: skip
