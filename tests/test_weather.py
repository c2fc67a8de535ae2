"""Every kind of bad weather at once, from outside: one configuration, `monitor poll`, and what `sources` says then.

Each origin has a loopback address of its own, so that none waits for another; beside them a feed that is well.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.channels.misbehaving import contexts
from tests.cli.command import monitor
from tests.net.hostile import FEED, Canary, HostileOrigin, Tarpit, says, whole
from tests.net.test_faults import CASES
from tests.net.test_redirects import FORBIDDEN

BODIES: dict[str, tuple[bytes, str | None]] = {
    "html": (b"<!doctype html><html><title>502</title></html>", "not_a_feed"),
    "captcha": (b"<html><title>Just a moment...</title></html>", "challenge"),
    "login": (b"<html><form><input type='password'></form></html>", "challenge"),
    "image": (b"\x89PNG\r\n\x1a\n" * 50, "not_a_feed"),
    "spaces": (b" \n" * 100, "not_a_feed"),
    "cut": (FEED[:-40], "truncated"),
    "cut-within": (FEED[:-80], "truncated"),
    "json": (b'{"items": []}', "not_a_feed"),
    "json-cut": (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "parse"),
    "laughs": (
        b"<!DOCTYPE r [<!ENTITY a 'lol'>" + b"".join(
            b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
        ) + b"]><rss version='2.0'><channel><title>&j;</title></channel></rss>", "parse"
    ),
    "attributes": (
        b"<rss version='2.0'><channel " + b" ".join(b"a%d='x'" % n for n in range(100_000)) + b"></channel></rss>",
        "parse",
    ),
    "path": (b"/etc/passwd", "not_a_feed"),
    "empty-feed": (b"<rss version='2.0'><channel><title>t</title></channel></rss>", None),
    "wrong-type": (FEED, None),
    "latin": (FEED.replace(b"Ferry", b"F\xe4hre"), None),
}  # fmt: skip
SHORT = "timeout = '6s'\nconnect_timeout = '3s'\nidle_timeout = '4s'\nfollow_pages = false\nhost_spacing = '0s'\n"


@dataclass
class Weather:
    """What was served and what came of it."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    expected: dict[str, str | None] = field(default_factory=dict)
    first: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, list[float]] = field(default_factory=dict)
    canaries: list[int] = field(default_factory=list)


class Stage:
    """Origins in a loop of their own, beside the product's."""

    def __init__(self) -> None:
        """Start the loop."""
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def enter(self, server: Any) -> Any:
        """Start a server."""
        return asyncio.run_coroutine_threadsafe(self.stack.enter_async_context(server), self.loop).result(10)

    def close(self) -> None:
        """Stop all."""
        asyncio.run_coroutine_threadsafe(self.stack.aclose(), self.loop).result(20)
        self.loop.call_soon_threadsafe(self.loop.stop)


@contextmanager
def trusting_our_authority(file: Path) -> Iterator[None]:
    """As an operator would: by SSL_CERT_FILE."""
    (authority,) = contexts()["client"].get_ca_certs(binary_form=True)
    file.write_text(ssl.DER_cert_to_PEM_cert(authority))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(file))
        yield


@pytest.fixture(scope="module")
def weather(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weather]:
    folder, made = tmp_path_factory.mktemp("weather"), Weather()
    stage = Stage()
    with ExitStack() as closing:
        closing.callback(stage.close)
        origin: HostileOrigin = stage.enter(HostileOrigin(host="0.0.0.0"))
        canaries = [stage.enter(Canary("127.0.0.1"))]
        canaries += [stage.enter(Canary(host, canaries[0].port)) for host in ("127.0.0.2", "::1")]
        port, sources, permits = origin.port, dict[str, str](), list[str]()
        for number, (path, error) in enumerate([*CASES, ("/feed", None)]):
            sources[f"case-{number}"] = f"http://127.0.1.{number + 1}:{port}{path}"
            made.expected[f"case-{number}"] = error
        for number, (name, (body, error)) in enumerate(BODIES.items()):
            way = says(
                whole(body).replace(b"application/rss+xml", b"image/png") if name == "wrong-type" else whole(body)
            )
            origin.serve(f"/body-{name}", way)
            sources[f"body-{name}"] = f"http://127.0.2.{number + 1}:{port}/body-{name}"
            made.expected[f"body-{name}"] = error
        for number, (location, error) in enumerate(FORBIDDEN):
            to = location.replace("{port}", str(canaries[0].port)).replace("{good}", f"127.0.3.{number + 1}:{port}")
            wire = quote(to.encode().decode("latin-1"), safe="", encoding="latin-1")
            sources[f"redirect-{number}"] = f"http://127.0.3.{number + 1}:{port}/redirect/302?to={wire}"
            made.expected[f"redirect-{number}"] = error
            direct = error in ("blocked_address", "blocked_scheme") and not location.startswith("//")
            if direct and "secret" not in location and "example.org:80@" not in location:
                sources[f"direct-{number}"] = to
                made.expected[f"direct-{number}"] = error
        closing.enter_context(trusting_our_authority(folder / "authority.pem"))
        for name, error in (("good", None), ("expired", "tls"), ("stranger", "tls"), ("other", "tls")):
            secure = stage.enter(HostileOrigin(tls=contexts()[name]))
            permits.append(secure.permit)
            sources[f"tls-{name}"], made.expected[f"tls-{name}"] = secure.url(), error
        sources["tls-plain"], made.expected["tls-plain"] = f"https://127.0.3.200:{port}/feed", "tls"
        pit = closing.enter_context(Tarpit())
        sources |= {
            "tarpit": f"http://127.0.0.1:{pit.port}/",
            "refused": "http://127.0.1.200:9/",
            "user": "http://a@b.example/",
            "no-name": "http://no-such-name.invalid/",
            "typo": "no address",
            "backslash": "http://b.example\\\\x/",
        }
        made.expected |= {
            "tarpit": "timeout",
            "refused": "blocked_scheme",
            "user": "bad_config",
            "no-name": "dns",
            "typo": "bad_config",
            "backslash": "bad_http",
        }
        allowed = [
            f"127.0.1.0/24:{port}",
            f"127.0.2.0/24:{port}",
            f"127.0.3.0/24:{port}",
            f"127.0.0.1:{pit.port}",
            *permits,
        ]
        tables = "".join(f"[[source]]\nid = '{name}'\nurl = '''{url}'''\n" for name, url in sources.items())
        config = folder / "config.toml"
        config.write_text(f"[fetch]\n{SHORT}allow_private = {allowed}\n{tables}", "utf-8")
        answer = monitor("poll", "--json", "--config", config)
        assert answer.code == 0, answer.err
        made.first = answer.document
        made.rows = {row["id"]: row for row in monitor("sources", "--json", "--config", config).document}
        began = min(asked.at_s for asked in origin.asked)
        for asked in origin.asked:
            made.asked.setdefault(asked.headers["host"].partition(":")[0], []).append(asked.at_s - began)
        made.canaries = [canary.connections for canary in canaries]
        yield made


def test_each_ends_as_its_class_of_error(weather: Weather) -> None:
    found = {name: row["error"] for name, row in weather.rows.items()}
    assert found == weather.expected
    blocked = {name for name, error in weather.expected.items() if error in ("blocked_address", "blocked_scheme")}
    for name, row in weather.rows.items():
        failed = weather.expected[name] is not None
        assert row["state"] == ("blocked" if name in blocked else "failing" if failed else "ok"), row
        assert (row["failures"], row["gaps"]) == (int(failed), 0), row
        assert bool(row["detail"]) is failed, row
        assert (row["last_ok_at"] is None) is failed
        wait = datetime.fromisoformat(row["next_at"]) - datetime.now(UTC)
        assert timedelta(minutes=4) < wait <= timedelta(hours=24), row


def test_the_figures_count_them(weather: Weather) -> None:
    visited = [name for name, row in weather.rows.items() if not row["same_as"]]  # one address, however it is spelt
    errors = [name for name in visited if weather.expected[name]]
    assert (weather.first["visited"], weather.first["failed"]) == (len(visited), len(errors))
    assert weather.first["entries_new"] == 4
    assert sum(row["entries"] for row in weather.rows.values()) == 4
    assert weather.first["alerts"] == 0


def test_nobody_was_spoken_to_who_may_not_be(weather: Weather) -> None:
    assert weather.canaries == [0, 0, 0]


def test_no_one_waits_for_another(weather: Weather) -> None:
    assert max(times[0] for times in weather.asked.values()) < 3
    assert weather.first["seconds"] < 15
