"""Foreign errors are translated here, once: whatever goes wrong at the door ends as one of the contract's classes."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator

import httpcore

from monitor.core import text
from monitor.model import ErrorClass

# What goes wrong with a connection, in httpcore's words and the system's.
FOREIGN = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError)


class DoorError(httpcore.ConnectError):
    """The door stayed shut or the answer was turned away; `error` says why, the message gives the particulars.

    A kind of `httpcore.ConnectError`; who posts sees `client.Refused`, a kind of `httpx.ConnectError`.
    """

    def __init__(self, error: ErrorClass, detail: str) -> None:
        """`error` is the class of the contract, `detail` what an operator reads."""
        super().__init__(detail)
        self.error: ErrorClass = error


def translate(exception: BaseException, *, in_body: bool) -> tuple[ErrorClass, str]:
    """The contract's class for an exception and its detail; `in_body` says that the answer's head was already read."""
    detail = text.of_libraries(str(exception)) or type(exception).__name__
    if isinstance(exception, DoorError):
        return exception.error, detail
    if isinstance(exception, (TimeoutError, httpcore.TimeoutException)):
        return "timeout", _timeout_detail(exception)
    if any(isinstance(link, ssl.SSLError) for link in _causes(exception)):
        return "tls", detail
    if isinstance(exception, httpcore.RemoteProtocolError):
        if in_body:
            return "truncated", detail
        return ("reset" if "disconnected" in detail else "bad_http"), detail
    if isinstance(exception, (httpcore.ReadError, httpcore.WriteError)):
        return "reset", f"the connection was reset ({type(exception).__name__})"
    if isinstance(exception, httpcore.UnsupportedProtocol):
        return "blocked_scheme", detail
    if isinstance(exception, (httpcore.ConnectError, OSError)):
        return "connect", detail
    return "bad_http", f"{type(exception).__name__}: {detail}"


def out_of_descriptors(exception: BaseException) -> bool:
    """Has this process, or the machine, no file descriptor left?"""
    return any(isinstance(link, OSError) and link.errno in (errno.EMFILE, errno.ENFILE) for link in _causes(exception))


def _timeout_detail(exception: BaseException) -> str:
    waits = {
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "the server fell silent",
        "WriteTimeout": "the server stopped reading",
        "PoolTimeout": "no free connection",
    }
    return waits.get(type(exception).__name__, "the visit took too long")


def _causes(exception: BaseException) -> Iterator[BaseException]:
    """An exception and those behind it, as far as anyone nests them."""
    link: BaseException | None = exception
    for _ in range(8):
        if link is None:
            return
        yield link
        link = link.__cause__ or link.__context__
