"""How we name ourselves to a mail host, and what it says of that name.

RFC 5321, 4.1.1.1: a fully-qualified domain name, or an address literal where there is none. A container's name is a
hash, a laptop's is "localhost": hosts that check answer 504 or close the line (Postfix reject_non_fqdn_helo_hostname,
smtp-relay.gmail.com).
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from monitor import data

NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
LITERAL = re.compile(r"\[(?:IPv6:)?[0-9A-Fa-f.:]{2,45}\]")
NAMELESS = ("localhost", "localdomain")
# Replies to EHLO that say "unknown" and not "go away" (RFC 5321, 3.2 and 4.1.4; 550 where a host knows HELO alone).
EHLO_UNKNOWN = (500, 501, 502, 504, 550)
# Replies that are about the conversation, whatever they follow (RFC 5321, 4.2.2: unrecognised, not implemented, bad
# sequence, parameter not implemented), and enhanced codes that are about protocol (RFC 3463, 3.6).
ABOUT_US = (500, 502, 503, 504, 530)
PROTOCOL = re.compile(r"5\.5\.[0-9]{1,3}\b")
# Our name, or that we have not logged in or secured the line, whatever code it comes with (Exchange, Postfix, exim).
OURS = re.compile(data.patterns("our_hello"), re.I)


def is_name(text: str) -> bool:
    """Is it a domain name with a dot, or an address literal?"""
    return bool(NAME.fullmatch(text) or LITERAL.fullmatch(text))


def own_name(configured: str, machine: str, address: Any) -> str:
    """What EHLO says: what is configured, the machine's full name, or the literal of the address we speak from.

    `address` is a socket's own name: a tuple that begins with the address.
    """
    if configured:
        return configured
    if NAME.fullmatch(machine) and machine.lower().rpartition(".")[2] not in NAMELESS:
        return machine
    try:
        found = ipaddress.ip_address(str(address[0]).partition("%")[0])
    except (ValueError, TypeError, IndexError):
        return "[127.0.0.1]"
    plain = getattr(found, "ipv4_mapped", None) or found
    return f"[{plain}]" if plain.version == 4 else f"[IPv6:{plain}]"


def is_about_us(code: int, text: str) -> bool:
    """Does a lasting refusal speak of how we talk or log in, not of the recipient? Then it is tried again."""
    return code in ABOUT_US or bool(PROTOCOL.match(text.lstrip())) or bool(OURS.search(text[:300]))
