"""Web servers before a running daemon, each as the page for operators has it, on TLS, under a path; promtool behind."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.data_at import ROOT
from tests.loopback import free_port
from tests.operators.servers import folder, listens, program, running

PAGE = ROOT / "docs/behind-a-proxy-and-in-containers.md"
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
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/both.pem; ssl_certificate_key {folder}/both.pem;
    {shown}
    location /taken/off/monitor/ {{ proxy_pass http://127.0.0.1:{inner}/; }}
  }}
}}
"""
CADDY = """
{{
  admin off
  auto_https off
  default_sni news.lan
  storage file_system {folder}/kept
}}
https://news.lan:{port}, https://127.0.0.1:{port} {{
  bind 127.0.0.1
  tls {folder}/both.pem {folder}/both.pem
  {shown}
  handle_path /taken/off/monitor/* {{
    reverse_proxy 127.0.0.1:{inner}
  }}
}}
"""
APACHE = """
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
LoadModule ssl_module {modules}/mod_ssl.so
ServerName news.lan
ServerRoot {folder}
PidFile {folder}/pid
ErrorLog {folder}/error
DefaultRuntimeDir {folder}
Listen 127.0.0.1:{port}
<VirtualHost *:{port}>
  SSLEngine on
  SSLCertificateFile {folder}/both.pem
  {shown}
  ProxyPass /taken/off/monitor http://127.0.0.1:{inner}
</VirtualHost>
"""
HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend web
  bind 127.0.0.1:{port} ssl crt {folder}/both.pem
  use_backend pages if {{ path_beg /monitor }}
  default_backend taken
{shown}
backend taken
  http-request replace-path /taken/off/monitor/(.*) /\\1
  server monitor 127.0.0.1:{inner}
"""
SERVERS = {
    "nginx": ("nginx-light", NGINX, ["-c", "{folder}/conf", "-e", "{folder}/error"]),
    "caddy": ("caddy", CADDY, ["run", "--config", "{folder}/conf", "--adapter", "caddyfile"]),
    "apache": ("apache2", APACHE, ["-DFOREGROUND", "-f", "{folder}/conf"]),
    "haproxy": ("haproxy", HAPROXY, ["-f", "{folder}/conf", "-db"]),
}
MODULES = "/usr/lib/apache2/modules"
TOKEN = "a token of the test"
CONFIG = """
[service]
state = "s.db"
log_level = "error"
[fetch]
allow_private = []
[http]
listen = "127.0.0.1:{inner}"
public_url = "https://news.lan/monitor/"
token_file = "token"
[[source]]
id = "a"
url = "http://127.0.0.1/feed.xml"
"""


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running daemon."""
    inner, home = free_port(), tmp_path_factory.mktemp("front")
    (home / "config.toml").write_text(CONFIG.format(inner=inner))
    (home / "token").write_text(TOKEN)
    (home / "token").chmod(0o400)
    words = [sys.executable, "-m", "monitor", "run", "--config", str(home / "config.toml")]
    with subprocess.Popen(words) as process:
        try:
            assert listens(inner)
            yield inner
        finally:
            process.terminate()


def certificate(place: Path) -> None:
    """A key and a certificate of its own for news.lan, in one file as HAProxy wants them."""
    key, made = place / "key.pem", place / "certificate.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=news.lan"]
    subprocess.run([*words, "-keyout", key, "-out", made], check=True, capture_output=True)
    (place / "both.pem").write_text(made.read_text() + key.read_text())
    (place / "both.pem").chmod(0o644)


@contextmanager
def in_front(name: str, inner: int) -> Iterator[httpx.Client]:
    """A browser before one of the servers, as the page has it; it knows the token, and looks at no certificate."""
    package, text, words = SERVERS[name]
    path, port = program(package.removesuffix("-light"), package), free_port()
    (shown,) = re.findall(rf"^```{name}\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    with folder(f"{name}-") as place:
        certificate(place)
        given = {"folder": place, "port": port, "inner": inner, "modules": MODULES}
        (place / "conf").write_text(text.format(**given, shown=shown.replace(":8765", f":{inner}")))
        unchecked = ssl.create_default_context()
        unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
        with running([path, *(word.format(**given) for word in words)], port), httpx.Client(
            base_url=f"https://127.0.0.1:{port}", verify=unchecked, timeout=20, auth=("anybody", TOKEN)
        ) as browser:  # fmt: skip
            yield browser


@pytest.mark.parametrize("name", SERVERS)
def test_pages_work_whole_under_a_path(name: str, daemon: int) -> None:
    """Some send the inner Host, as their manuals have it; an old browser says Origin and nothing else."""
    with in_front(name, daemon) as browser:
        for prefix in ("/monitor", "/taken/off/monitor"):
            assert browser.get(f"{prefix}/", auth=("anybody", "a wrong one")).status_code == 401
            page = browser.get(f"{prefix}/")
            assert page.status_code == 200
            links = set(re.findall(r'(href|action)="(/[^"]*)"', page.text))
            assert links and all(link.startswith("/monitor/") for _, link in links), links
            for kind, link in links:
                if kind == "href":
                    assert browser.get(link).status_code == 200, link
            found = re.search(r'name="token" value="([^"]+)"', page.text)
            assert found
            to, form = f"{prefix}/sources/a/pause", {"token": found[1]}
            for origin, status in (("https://news.lan", 303), ("https://evil.example", 403), ("null", 403)):
                answer = browser.post(to, data=form, headers={"origin": origin})
                assert answer.status_code == status, origin
                if status == 303:
                    assert re.match(r"(https://[^/]+)?/monitor/", answer.headers["location"])
            large = browser.post(to, data={"token": "a" * 200_000}, headers={"origin": "https://news.lan"})
            assert large.status_code == 413, "not a 502 of the server in front"
            bearer = {"authorization": f"Bearer {TOKEN}"}
            assert "monitor_config_ok 1.0" in browser.get(f"{prefix}/metrics", headers=bearer, auth=None).text
        assert browser.get("/monitor").status_code == 200, "as people write it"


def test_the_figures_pass_promtool(daemon: int) -> None:
    path = program("promtool", "prometheus")
    figures = httpx.get(f"http://127.0.0.1:{daemon}/metrics", timeout=20, auth=("prometheus", TOKEN)).text
    done = subprocess.run(
        [path, "check", "metrics"], input=figures, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert "process_cpu_seconds_total" in figures and "monitor_build_info{" in figures
