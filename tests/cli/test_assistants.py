"""`monitor mcp` as an assistant uses it: the official client over a pipe."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from monitor.operations.questions import QUESTIONS
from tests.web.test_api import TEXT, opened


async def test_an_assistant_asks(tmp_path: Path) -> None:
    app = opened(tmp_path)
    await app.close()
    (tmp_path / "config.toml").write_text(TEXT.format(http=""))
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "monitor", "mcp", "--config", str(tmp_path / "config.toml")]
    )
    async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == [question.name for question in QUESTIONS]
        found = await session.call_tool("search", {"text": "report", "decision": "near"})
        (row,) = json.loads(found.content[0].text)
        assert (row["story"], row["score"]) == ("bridge", 0.42)
        wrong = await session.call_tool("timeline", {"story": "none"})
        assert wrong.is_error
        assert "no story" in wrong.content[0].text
