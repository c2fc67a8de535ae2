"""nginx before a running daemon, under a path that it takes off and under one that it passes on; promtool behind."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.loopback import free_port
from tests.operators.servers import folder, listens, program, running

NGINX = """
daemon off;
pid {folder}/pid;
error_log {folder}/error;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    location /desk/ {{ proxy_pass http://127.0.0.1:{inner}; }}
    location /taken/off/desk/ {{ proxy_pass http://127.0.0.1:{inner}/; }}
  }}
}}
"""
CONFIG = """
[service]
state = "s.db"
log_level = "error"
[fetch]
allow_private = []
[http]
listen = "127.0.0.1:{inner}"
public_url = "http://news.lan/desk/"
[[source]]
id = "a"
url = "http://127.0.0.1/feed.xml"
"""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of nginx and of the daemon behind it."""
    path, inner, port = program("nginx", "nginx-light"), free_port(), free_port()
    home = tmp_path_factory.mktemp("front")
    (home / "config.toml").write_text(CONFIG.format(inner=inner))
    words = [sys.executable, "-m", "monitor", "run", "--config", str(home / "config.toml")]
    with folder("nginx-") as place, subprocess.Popen(words) as daemon:
        (place / "conf").write_text(NGINX.format(folder=place, port=port, inner=inner))
        try:
            assert listens(inner)
            with running([path, "-c", str(place / "conf"), "-e", str(place / "error")], port):
                yield f"http://127.0.0.1:{port}", f"http://127.0.0.1:{inner}"
        finally:
            daemon.terminate()


@pytest.mark.parametrize("prefix", ["/desk", "/taken/off/desk"])
def test_pages_work_whole_under_a_path(front: tuple[str, str], prefix: str) -> None:
    """nginx as its manual has it sends the inner Host; a browser on plain http says Origin and nothing else."""
    with httpx.Client(base_url=front[0], timeout=20) as browser:
        page = browser.get(f"{prefix}/")
        assert page.status_code == 200
        links = re.findall(r'(href|action)="(/[^"]*)"', page.text)
        assert links and all(link.startswith("/desk/") for _, link in links), links
        for kind, link in set(links):
            if kind == "href":
                assert browser.get(link).status_code == 200, link
        found = re.search(r'name="token" value="([^"]+)"', page.text)
        assert found
        for origin, status in (("http://news.lan", 303), ("http://evil.example", 403), ("null", 403)):
            post = {"url": f"{prefix}/sources/a/pause", "data": {"token": found[1]}, "headers": {"origin": origin}}
            answer = browser.post(**post)  # type: ignore[arg-type]
            assert answer.status_code == status, origin
        assert (
            browser.post(f"{prefix}/sources/a/pause", data={"token": found[1]}, headers={"origin": "http://news.lan"})
            .headers["location"]
            .removeprefix(front[0])
            .startswith("/desk/")
        )


def test_the_figures_pass_promtool(front: tuple[str, str]) -> None:
    path = program("promtool", "prometheus")
    figures = httpx.get(f"{front[1]}/metrics", timeout=20).text
    done = subprocess.run(
        [path, "check", "metrics"], input=figures, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert "process_cpu_seconds_total" in figures and "monitor_build_info{" in figures
