"""Mails that come back: which of ours was not delivered, to whom, and in the host's own words. Pure.

Most hosts write delivery status notifications (RFC 3464). Before them came qmail's letters and exim's header with the
recipients, which are still met. A mail of ours is known by its Message-ID or, where a relay gave it another, by the
alert that a header of ours names.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.message import Message

from monitor.core.delivery.messages.words import shown
from monitor.model import Bounce

# Bytes of a mail that are read. Set here: a report has some KiB and comes before what it brings back, of which the head
# is enough; ours have 256 KiB at most.
BYTES_MAX = 256 * 1024
PARTS_MAX = 30  # parts of a mail, and blocks of a report, that are looked at (set: a report has three, and two)
WORDS_CHARS_MAX = 300  # characters of the host's own words that are kept (set)
_ID = re.compile(r"<([^<>@\s]{1,100})@[^<>\s]{1,255}>")
_COPIED = re.compile(
    r"^[> ]{0,4}(?:Message-ID:\s{0,9}(<[^<>\s]{1,400}>)|X-Monitor-Alert:\s{0,9}([!-~]{1,100}))", re.I | re.M
)
_QMAIL = re.compile(r"\s{0,10}Hi\. This is the")
_QMAIL_RECIPIENT = re.compile(r"^<([^<>\s]{1,320})>:\r?\n([^\r\n]{1,400})", re.M)
_STATUS = ("message/delivery-status", "message/global-delivery-status")


def read(raw: bytes) -> Bounce | None:
    """What a mail reports as not delivered; None where it reports nothing, or only that it takes longer."""
    try:
        return _read(email.message_from_bytes(raw[:BYTES_MAX]))
    except (RecursionError, ValueError, LookupError, AssertionError):  # what the library makes of hostile structures
        return None


def _read(mail: Message) -> Bounce | None:
    parts = [part for _, part in zip(range(PARTS_MAX), _leaves(mail), strict=False)]
    blocks = [block for part in parts if part.get_content_type() in _STATUS for block in _blocks(part)]
    failed = next((block for block in blocks if _field(block, "Action").lower().startswith("failed")), None)
    texts = [_text(part) for part in parts if part.get_content_type() not in _STATUS]
    if failed is not None:
        recipient = _typed(_field(failed, "Original-Recipient") or _field(failed, "Final-Recipient")).strip("<> ")
        words = _typed(_field(failed, "Diagnostic-Code")) or f"status {_field(failed, 'Status') or 'unknown'}"
    elif not blocks and (old := _QMAIL.match(texts[0]) and _QMAIL_RECIPIENT.search(texts[0]) if texts else None):
        recipient, words = old[1], old[2]
    elif not blocks and _field(mail, "X-Failed-Recipients"):
        recipient, words = _field(mail, "X-Failed-Recipients").partition(",")[0], "the host gives no reason"
    else:
        return None
    copied = [found for text in texts for found in _COPIED.findall(text)]
    named = [*(found[0] for found in copied), _field(mail, "In-Reply-To"), _field(mail, "References")]
    ids = tuple(dict.fromkeys(found for text in named for found in _ID.findall(text[:2000])))
    alert = next((found[1] for found in copied if found[1]), "")
    return Bounce(ids, alert, shown(recipient, WORDS_CHARS_MAX), shown(words, WORDS_CHARS_MAX))


def _leaves(mail: Message) -> Iterator[Message]:
    """Its parts, but not those of a mail that is inside: what others wrote there is no report."""
    inner = mail.get_payload()
    if mail.get_content_maintype() == "multipart" and isinstance(inner, list):
        for part in inner:
            yield from _leaves(part) if isinstance(part, Message) else ()
    else:
        yield mail


def _blocks(part: Message) -> Iterator[Message]:
    """The blocks of a report: of the mail, then of each recipient. Of the international kind they are one text."""
    inner = part.get_payload()
    for block in inner if isinstance(inner, list) else ():
        if not isinstance(block, Message):
            continue
        yield block
        rest = block.get_payload()
        for text in re.split(r"\n\r?\n", rest)[:PARTS_MAX] if isinstance(rest, str) else ():
            yield email.message_from_string(text.strip())


def _text(part: Message) -> str:
    """The words of a part; of a mail that is inside, its head."""
    if part.is_multipart():
        (head, *_) = _blocks(part)
        return "\n".join(f"{name}: {' '.join(str(value).split())}" for name, value in head.items())
    inner = part.get_payload(decode=True)
    return inner.decode("utf-8", "replace") if isinstance(inner, bytes) else ""


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())


def _typed(value: str) -> str:
    """ "smtp; 550 no such user" without its type."""
    kind, typed, rest = value.partition(";")
    return rest.strip() if typed and " " not in kind.strip() else value
