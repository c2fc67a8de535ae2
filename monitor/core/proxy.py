"""A proxy, as it is named: where it is, how it is spoken to, and with what it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

DIRECT = "direct"
PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
# Bytes of a user name and of a password (RFC 1929, section 2: one byte says how long each is).
CREDENTIAL_BYTES_MAX = 255


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where it is and how it is spoken to."""

    scheme: str
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Its address without what it is asked with."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def is_socks(self) -> bool:
        """Does it speak SOCKS5, not HTTP?"""
        return self.scheme.startswith("socks")

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User name and password, where there are any."""
        return (self.username, self.password) if self.username else None


def read(text: str) -> Proxy:
    """A proxy as it is configured. ValueError, which quotes nothing: a password may stand in it."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("it is no address of a proxy") from error
    if parts.scheme not in PORTS or not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError('write an address such as "http://proxy.example:3128" or "socks5://127.0.0.1:1080"')
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if len(username.encode()) > CREDENTIAL_BYTES_MAX or len(password.encode()) > CREDENTIAL_BYTES_MAX:
        raise ValueError("user name and password have at most 255 bytes")
    return Proxy(parts.scheme, host, PORTS[parts.scheme] if port is None else port, username, password)
