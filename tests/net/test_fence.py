"""Foreign code behind the fence: whatever library it speaks through, it reaches only what the guard permits."""

from __future__ import annotations

import smtplib
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.net.fence import fenced
from monitor.net.guard import Guard


class Canary:
    """A server that counts who came."""

    def __init__(self) -> None:
        canary = self
        self.visits = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.visits += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.server.shutdown()
    made.server.server_close()


def by_urllib(host: str, port: int) -> None:
    urllib.request.urlopen(f"http://{host}:{port}/", timeout=5).close()


def by_smtplib(host: str, port: int) -> None:
    smtplib.SMTP(host, port, timeout=2).close()


def by_hand(host: str, port: int) -> None:
    with socket.socket() as plain:
        plain.connect((host, port))


def by_connect_ex(host: str, port: int) -> None:
    with socket.socket() as plain:
        if plain.connect_ex((host, port)):
            raise OSError("no way")


def by_datagram(host: str, port: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as plain:
        plain.sendto(b"x", (host, port))


WAYS = [by_urllib, by_smtplib, by_hand, by_connect_ex, by_datagram]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_library_reaches_what_is_refused(canary: Canary, way: Callable[[str, int], None], host: str) -> None:
    with fenced(Guard(setting="[hooks] allow_private")) as refused, pytest.raises(OSError):
        way(host, canary.port)
    assert canary.visits == 0
    assert refused
    named = way in (by_hand, by_connect_ex, by_datagram) and host == "localhost"
    assert all(("is no address" if named else "not listed in [hooks] allow_private") in why for why in refused)


@pytest.mark.parametrize("permit", ["127.0.0.1:{port}", "127.0.0.0/8", "localhost"])
def test_what_is_listed_is_reached(canary: Canary, permit: str) -> None:
    allow = [permit.format(port=canary.port)] + (["127.0.0.1"] if permit == "localhost" else [])
    with fenced(Guard(allow if permit != "localhost" else ["localhost"])) as refused:
        by_urllib("localhost" if permit == "localhost" else "127.0.0.1", canary.port)
    assert (canary.visits, refused) == (1, [])


def test_another_port_of_a_listed_address_is_not(canary: Canary) -> None:
    with fenced(Guard([f"127.0.0.1:{canary.port + 1}"])), pytest.raises(OSError):
        by_urllib("127.0.0.1", canary.port)
    assert canary.visits == 0


def test_threads_of_the_foreign_code_are_within_and_our_own_main_thread_is_not(canary: Canary) -> None:
    ready, done, refused = threading.Event(), threading.Event(), list[str]()

    def refused_there() -> None:
        with pytest.raises(OSError):
            by_urllib("127.0.0.1", canary.port)

    def foreign() -> None:
        with fenced(Guard()) as found:
            ready.set()
            inner = threading.Thread(target=refused_there)
            inner.start()
            inner.join()
            done.wait(5)
            refused.extend(found)

    outer = threading.Thread(target=foreign)
    outer.start()
    ready.wait(5)
    by_urllib("127.0.0.1", canary.port)
    done.set()
    outer.join()
    assert (canary.visits, len(refused)) == (1, 1)


def test_after_the_fence_nothing_is_refused(canary: Canary) -> None:
    with fenced(Guard()), pytest.raises(OSError):
        by_urllib("127.0.0.1", canary.port)
    by_urllib("127.0.0.1", canary.port)
    assert canary.visits == 1


def test_local_sockets_are_never_dialled(tmp_path: object) -> None:
    with fenced(Guard(["127.0.0.1"])) as refused, socket.socket(socket.AF_UNIX) as plain, pytest.raises(OSError):
        plain.connect(f"{tmp_path}/none.sock")
    assert refused == ["local sockets are never dialled"]
