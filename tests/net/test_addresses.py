"""Which addresses are public, how entries of allow_private are read, and what they open."""

from __future__ import annotations

import contextlib
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.net import addresses
from monitor.net.guard import Guard

REFUSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.9", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "100::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1",
    "2002:a9fe:a9fe::1", "2002:c0a8:101::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254",
    "fe80::1", "fec0::1", "ff02::1", "2a00:1450::5efe:7f00:1", "4000::1",
]  # fmt: skip
OPEN = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1",
    "198.17.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001:81b::200e", "::ffff:8.8.8.8",
    "64:ff9b::808:808", "2002:808:808::1", "2620:fe::fe",
]  # fmt: skip


def permitted(address: str, *allow: str, host: str = "example.org", port: int = 443) -> bool:
    return Guard(allow).permits(ipaddress.ip_address(address), host, port)


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not permitted(address)


@pytest.mark.parametrize("address", OPEN)
def test_what_is_public_is_open(address: str) -> None:
    assert permitted(address)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["::ffff:{}", "64:ff9b::{}", "2002:{hex}::1"]))
def test_an_embedded_address_is_judged_as_itself(number: int, shape: str) -> None:
    inner = ipaddress.IPv4Address(number)
    outer = shape.format(inner, hex=f"{number >> 16:x}:{number & 0xFFFF:x}")
    assert permitted(outer) == permitted(str(inner))


def test_teredo_is_judged_by_server_and_client() -> None:
    def teredo(server: str, client: str) -> str:
        s, c = int(ipaddress.IPv4Address(server)), int(ipaddress.IPv4Address(client)) ^ 0xFFFFFFFF
        return str(ipaddress.IPv6Address((0x20010000 << 96) | (s << 64) | c))

    assert permitted(teredo("8.8.8.8", "9.9.9.9"))
    assert not permitted(teredo("8.8.8.8", "10.0.0.1"))
    assert not permitted(teredo("10.0.0.1", "9.9.9.9"))


@pytest.mark.parametrize(
    ("entry", "address", "host", "port", "opens"),
    [
        ("127.0.0.1", "127.0.0.1", "x", 8080, True),
        ("127.0.0.1", "127.0.0.2", "x", 8080, False),
        ("127.0.0.1:8080", "127.0.0.1", "x", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", "x", 8081, False),
        ("127.0.0.1:8080", "::ffff:127.0.0.1", "x", 8080, True),
        ("::ffff:127.0.0.1", "127.0.0.1", "x", 8080, True),
        ("::ffff:10.0.0.0/104", "10.9.9.9", "x", 80, True),
        ("0x7f.1", "127.0.0.1", "x", 8080, True),
        ("10.0.0.0/8", "10.200.0.1", "x", 443, True),
        ("10.0.0.0/8:8443", "10.200.0.1", "x", 443, False),
        ("10.0.0.0/8", "2002:a00:1::", "x", 443, True),
        ("::1", "::1", "x", 8080, True),
        ("[::1]:8080", "::1", "x", 8080, True),
        ("[::1]:8080", "::1", "x", 8081, False),
        ("[fd00::/8]:8080", "fd12::1", "x", 8080, True),
        ("fd00::/8", "fd12::1", "x", 8080, True),
        ("intranet.example", "10.0.0.1", "intranet.example", 80, True),
        ("Intranet.Example.", "10.0.0.1", "INTRANET.example.", 80, True),
        ("intranet.example", "10.0.0.1", "other.example", 80, False),
        ("intranet.example", "10.0.0.1", "sub.intranet.example", 80, False),
        ("intranet.example:8080", "10.0.0.1", "intranet.example", 80, False),
        ("bücher.example", "10.0.0.1", "xn--bcher-kva.example", 80, True),
        ("169.254.0.0/16", "169.254.169.254", "x", 80, False),
        ("169.254.169.254", "169.254.169.254", "x", 80, True),
        ("169.254.169.254/32:80", "169.254.169.254", "x", 80, True),
        ("meta.example", "169.254.169.254", "meta.example", 80, False),
        ("fd00:ec2::/32", "fd00:ec2::254", "x", 80, False),
        ("fd00::/8", "fd00:ec2::254", "x", 80, False),
        ("fd00:ec2::254", "fd00:ec2::254", "x", 80, True),
        ("fd00:ec2::254/128", "fd00:ec2::254", "x", 80, True),
    ],
)
def test_an_entry_opens_what_it_names_and_no_more(entry: str, address: str, host: str, port: int, opens: bool) -> None:
    assert permitted(address, entry, host=host, port=port) is opens


@pytest.mark.parametrize(
    "entry",
    [
        "", " ", "10.0.0.0/33", "10.0.0.1/8", "300.1.1.1", "http://10.0.0.1", "a b", "host:0", "host:99999",
        "host:http", "host:25", "10.0.0.1:22", "[::1", "[::1]8080", "0.0.0.0/0", "::/0", "::ffff:0:0/96", "*",
        "*.example.org", "user@host", "fe80::1%eth0", "host:", ":80", "a,b/c",
    ],
)  # fmt: skip
def test_a_bad_entry_is_named(entry: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Guard([entry])
    assert repr(entry) in str(caught.value)


@given(st.text(max_size=30))
def test_any_entry_is_read_or_refused(entry: str) -> None:
    with contextlib.suppress(ConfigError):
        addresses.read_permit(entry)
