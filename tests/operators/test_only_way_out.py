"""Real proxies as the only way out: a source and a hook reach the world through tinyproxy and through microsocks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import monitor
from tests.loopback import Newsstand, free_port, rss
from tests.operators.servers import NOBODY, folder, program, running

CONFIG = """
[service]
state = "s.db"
[http]
enabled = false
[fetch]
host_spacing = "0s"
follow_pages = false
allow_private = ["127.0.0.1:{port}"]
proxy_env = "WAY"
[hooks]
allow_private = ["127.0.0.1:{port}"]
proxy_env = "WAY"
[[source]]
id = "a"
url = "http://127.0.0.1:{port}/feed.xml"
[[channel]]
id = "desk"
type = "webhook"
url_env = "HOOK"
"""


@contextmanager
def tinyproxy(port: int) -> Iterator[tuple[str, Path]]:
    path = program("tinyproxy", "tinyproxy")
    with folder("tinyproxy-") as place:
        lines = [
            f"Port {port}", "Listen 127.0.0.1", "Allow 127.0.0.1", "BasicAuth desk s3cret", f'LogFile "{place}/log"',
            "LogLevel Connect", "Timeout 20", "DisableViaHeader Yes",
        ]  # fmt: skip
        lines += [f"User {NOBODY}"] if os.geteuid() == 0 else []
        (place / "conf").write_text("\n".join(lines) + "\n")
        with running([path, "-d", "-c", str(place / "conf")], port):
            yield f"http://desk:s3cret@127.0.0.1:{port}", place / "log"


@contextmanager
def microsocks(port: int) -> Iterator[tuple[str, Path]]:
    path = program("microsocks", "microsocks")
    with running([path, "-i", "127.0.0.1", "-p", str(port), "-u", "desk", "-P", "s3cret"], port):
        yield f"socks5://desk:s3cret@127.0.0.1:{port}", Path(os.devnull)


@pytest.mark.parametrize("proxy", [tinyproxy, microsocks])
def test_visits_and_hooks_go_through_it(tmp_path: Path, proxy: object) -> None:
    stand = Newsstand()
    stand.feeds["/feed.xml"] = rss("Feed", [])
    (tmp_path / "config.toml").write_text(CONFIG.format(port=stand.port))
    try:
        with proxy(free_port()) as (way, log):  # type: ignore[operator]
            environ = {"WAY": way, "HOOK": f"{stand.url}/hook"}
            polled = monitor("poll", "--all", "--json", "--config", tmp_path / "config.toml", **environ)
            assert (polled.document["visited"], polled.document["failed"]) == (1, 0), polled.err
            sent = monitor("test-alert", "desk", "--config", tmp_path / "config.toml", **environ)
            assert (sent.code, len(stand.hooks)) == (0, 1), sent.out + sent.err
            wrong = environ | {"WAY": way.replace("s3cret", "wr0ng")}
            checked = monitor("check", "--json", "--config", tmp_path / "config.toml", HTTPS_PROXY=way, **environ)
            assert (checked.code, checked.document["notices"]) == (0, []), checked.out + checked.err
            refused = monitor("test-alert", "desk", "--config", tmp_path / "config.toml", **wrong)
            assert refused.code == 1 and "wr0ng" not in refused.out + refused.err
            if log.is_file():
                text = log.read_text()
                assert f"GET http://127.0.0.1:{stand.port}/feed.xml" in text
                assert f"POST http://127.0.0.1:{stand.port}/hook" in text
        gone = monitor("poll", "--all", "--json", "--config", tmp_path / "config.toml", **environ)
        assert gone.document["failed"] == 1
        (row,) = monitor("sources", "--json", "--config", tmp_path / "config.toml", **environ).document
        assert row["error"] == "connect" and "the proxy" in row["detail"] and "s3cret" not in row["detail"]
    finally:
        stand.close()


def test_variables_that_are_not_heeded_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[service]\nstate = 's.db'\n")
    variables = {"HTTPS_PROXY": "http://u:canary@127.0.0.1:9", "all_proxy": "socks5://127.0.0.1:9"}
    checked = monitor("check", "--config", tmp_path / "config.toml", **variables)
    assert "HTTPS_PROXY, all_proxy are set and are not heeded: write [fetch] proxy" in checked.out
    assert "canary" not in checked.out + checked.err
    assert "not heeded" not in monitor("check", "--config", tmp_path / "config.toml").out
