"""A name is looked up once a minute, and again where that failed."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from monitor.net import resolver


@pytest.mark.parametrize(("kept_s", "lookups"), [(resolver.KEPT_S, 1), (0.0, 2)])
async def test_an_answer_is_used_again_for_a_while(
    monkeypatch: pytest.MonkeyPatch, kept_s: float, lookups: int
) -> None:
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        if len(asked) == 1:
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return [(0, 0, 0, "", ("192.0.2.7", port)), (0, 0, 0, "", ("192.0.2.7", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(resolver, "KEPT_S", kept_s)
    look_up = resolver.SystemResolver()
    with pytest.raises(socket.gaierror):
        await look_up("feed.example", 443)
    assert [await look_up("feed.example", 443) for _ in range(2)] == [["192.0.2.7"]] * 2
    assert len(asked) == 1 + lookups
