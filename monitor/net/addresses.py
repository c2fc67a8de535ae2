"""Which addresses are the public internet, and which others an operator has listed.

The table is of the IANA special-purpose registries (RFC 6890 and its updates), spelled out because the standard
library's own notion of "global" differs between patch levels and calls some translation prefixes global.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

import ada_url

from monitor import data
from monitor.errors import ConfigError
from monitor.net.urls import port_allowed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
JUDGED_KEPT = 4096  # addresses whose kind is kept, since every visit asks for it four times; under 1 MiB (set)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _spans(wanted: str) -> tuple[tuple[int, int, int], ...]:
    """Networks as IP version, mask and prefix: a visit asks of some twenty of them, and numbers compare fastest."""
    read = [ipaddress.ip_network(network) for kind, network, _ in data.rows("networks.tsv") if kind == wanted]
    return tuple((each.version, int(each.netmask), int(each.network_address)) for each in read)


def _within(address: Address, spans: tuple[tuple[int, int, int], ...]) -> bool:
    version, number = address.version, int(address)
    return any(version == each and number & mask == prefix for each, mask, prefix in spans)


_CLOSED_4, _OPEN_6, _CLOSED_6, METADATA = map(_spans, ("closed_4", "open_6", "closed_6", "metadata"))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_TEREDO = ipaddress.IPv6Network("2001::/32")


def faces(address: Address) -> tuple[Address, ...]:
    """The addresses that must all be permitted: those embedded by a transition mechanism, else the address itself.

    IPv4-mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380: its server and its client).
    """
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    number = int(address)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (ipaddress.IPv4Address(number & 0xFFFFFFFF),)
    if address in _SIX_TO_FOUR:
        return (ipaddress.IPv4Address((number >> 80) & 0xFFFFFFFF),)
    if address in _TEREDO:
        server, client = (number >> 64) & 0xFFFFFFFF, ~number & 0xFFFFFFFF
        return (ipaddress.IPv4Address(server), ipaddress.IPv4Address(client))
    isatap = (number >> 32) & 0xFDFFFFFF == 0x00005EFE
    return (address, ipaddress.IPv4Address(number & 0xFFFFFFFF)) if isatap else (address,)


@lru_cache(maxsize=JUDGED_KEPT)
def is_public(address: Address) -> bool:
    """True for an address of the public internet; `faces` have to be taken first."""
    if isinstance(address, ipaddress.IPv4Address):
        return not _within(address, _CLOSED_4)
    return _within(address, _OPEN_6) and not _within(address, _CLOSED_6)


@lru_cache(maxsize=JUDGED_KEPT)
def is_metadata(address: Address) -> bool:
    """True for addresses where clouds hand out credentials."""
    return _within(address, METADATA)


def read_literal(host: str) -> Address | None:
    """The address that a host literally is, or None for a name. Zone ids are kept out: they name our own interfaces."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Permit:
    """One entry of an `allow_private` list: a network or a name, on one port or on any."""

    network: Network | None
    name: str
    port: int | None

    def covers(self, address: Address, host: str, port: int) -> bool:
        """Does this entry allow `address`, reached as `host`, on `port`? Metadata needs the very address listed."""
        if self.port is not None and self.port != port:
            return False
        if is_metadata(address):
            return self.network is not None and self.network.num_addresses == 1 and address in self.network
        if self.network is not None:
            return address in self.network
        return self.name == host


def read_permit(entry: str) -> Permit:
    """Read `CIDR | IP | name` with an optional `:port`. ConfigError naming the entry."""
    try:
        host, port = _split_port(entry.strip())
        if port is not None and not port_allowed(port):
            raise ValueError(f"port {port} is never dialled (80, 443 and those from 1024 on are)")
        network = _read_network(host)
        name = "" if network else _read_name(host)
        literal = read_literal(name)
        return Permit(ipaddress.ip_network(literal) if literal else network, "" if literal else name, port)
    except ValueError as error:
        raise ConfigError(f"allow_private entry {entry!r}: {error}") from error


def _split_port(entry: str) -> tuple[str, int | None]:
    if entry.startswith("["):
        host, closing, rest = entry[1:].partition("]")
        if not closing or (rest and not rest.startswith(":")):
            raise ValueError("write [address]:port")
        port = rest[1:] if rest else None
    elif entry.count(":") == 1:
        host, _, port = entry.partition(":")
    else:
        return entry, None
    if port is None:
        return host, None
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= 65535):
        raise ValueError("the port is a number from 1 to 65535")
    return host, int(port)


def _read_network(host: str) -> Network | None:
    if "/" not in host and read_literal(host) is None:
        return None
    if "%" in host:
        raise ValueError("zone ids are not supported")
    network = ipaddress.ip_network(host)
    if network.prefixlen == 0:
        raise ValueError("everything cannot be allowed; list the networks you mean")
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None:
        if network.prefixlen <= 96:
            raise ValueError("everything cannot be allowed; list the networks you mean")
        return ipaddress.ip_network(f"{mapped}/{network.prefixlen - 96}")
    return network


def _read_name(host: str) -> str:
    if not host or any(character in host for character in " /@\\?#%*:"):
        raise ValueError("neither a network, an address nor a name")
    return str(ada_url.URL(f"http://{host}/").hostname).strip("[]").rstrip(".")
