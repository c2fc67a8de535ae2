"""`monitor mcp`: the questions of the API as tools for an assistant (Model Context Protocol over standard input)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitor.cli.context import complete, read_config, reading
from monitor.cli.output import ConfigOption
from monitor.errors import ConfigError, MonitorError
from monitor.runtime.clocks import SystemClock

if TYPE_CHECKING:
    from monitor.operations.questions import Context, Question


def mcp(config: ConfigOption = None) -> None:
    """Answer an assistant's questions over standard input and output: read-only, as the API does."""
    try:
        import mcp.server.stdio
        import mcp_types as types
        from mcp.server import Server
    except ImportError as error:
        raise ConfigError(f"this verb needs the extra: pip install 'monitor[mcp]' ({error})") from error
    from monitor import __version__
    from monitor.app.settings import stories
    from monitor.config.ways import sources
    from monitor.operations.questions import QUESTIONS, Context, ask
    from monitor.pipeline import Watchlist

    settings = read_config(config)
    questions = {question.name: question for question in QUESTIONS}

    async def serve() -> None:
        with reading(settings, needed=True) as store:
            watchlist = Watchlist(stories(settings))
            watchlist.learn(store)
            context = Context(store, watchlist, sources(settings), SystemClock().now())

            async def tools(_: Any, __: Any) -> types.ListToolsResult:
                return types.ListToolsResult(tools=[
                    types.Tool(name=each.name, description=each.about, input_schema=schema(each)) for each in QUESTIONS
                ])  # fmt: skip

            async def call(_: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
                text, wrong = answered(questions.get(asked.name), context, asked.arguments or {}, ask)
                return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=wrong)

            server = Server("monitor", version=__version__, on_list_tools=tools, on_call_tool=call)
            async with mcp.server.stdio.stdio_server() as (read, write):
                await server.run(read, write, server.create_initialization_options())

    complete(serve())


def schema(question: Question) -> dict[str, Any]:
    """The parameters of a question as JSON Schema."""
    return {
        "type": "object", "additionalProperties": False,
        "properties": {each.name: {"type": each.kind, "description": each.about} for each in question.parameters},
        "required": [each.name for each in question.parameters if each.required],
    }  # fmt: skip


def answered(question: Question | None, context: Context, given: dict[str, Any], ask: Any) -> tuple[str, bool]:
    """The answer as JSON text, or the sentence that says what is wrong."""
    if question is None:
        return "there is no such question", True
    try:
        return json.dumps(ask(question, context, given)), False
    except MonitorError as error:
        return str(error), True
