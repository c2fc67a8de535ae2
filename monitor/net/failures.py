"""Foreign errors are translated here, once: whatever goes wrong at the door ends as one of the contract's classes."""

from __future__ import annotations

import ssl

import httpx

from monitor.model import ErrorClass


class DoorError(httpx.ConnectError):
    """The door stayed shut or the answer was turned away; `error` says why, the message gives the particulars.

    A kind of `httpx.ConnectError`, so that whoever posts through a guarded client sees an ordinary failure.
    """

    def __init__(self, error: ErrorClass, detail: str) -> None:
        """`error` is the class of the contract, `detail` what an operator reads."""
        super().__init__(detail)
        self.error: ErrorClass = error


def translate(exception: BaseException, *, in_body: bool) -> tuple[ErrorClass, str]:
    """The contract's class for an exception and its detail; `in_body` says that the answer's head was already read."""
    detail = str(exception) or type(exception).__name__
    if isinstance(exception, DoorError):
        return exception.error, detail
    if isinstance(exception, (TimeoutError, httpx.TimeoutException)):
        return "timeout", _timeout_detail(exception)
    if _caused_by_tls(exception):
        return "tls", detail
    if isinstance(exception, httpx.RemoteProtocolError):
        if in_body:
            return "truncated", detail
        return ("reset" if "disconnected" in detail else "bad_http"), detail
    if isinstance(exception, (httpx.ReadError, httpx.WriteError, httpx.CloseError)):
        return "reset", f"the connection was reset ({type(exception).__name__})"
    if isinstance(exception, httpx.UnsupportedProtocol):
        return "blocked_scheme", detail
    if isinstance(exception, (httpx.ConnectError, OSError)):
        return "connect", detail
    return "bad_http", f"{type(exception).__name__}: {detail}"


def _timeout_detail(exception: BaseException) -> str:
    waits = {
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "the server fell silent",
        "WriteTimeout": "the server stopped reading",
        "PoolTimeout": "no free connection",
    }
    return waits.get(type(exception).__name__, "the visit took too long")


def _caused_by_tls(exception: BaseException) -> bool:
    link: BaseException | None = exception
    for _ in range(8):
        if link is None:
            return False
        if isinstance(link, ssl.SSLError):
            return True
        link = link.__cause__ or link.__context__
    return False
