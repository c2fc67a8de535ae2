"""An alert as a message: headers that thread and unsubscribe, the same bytes for every attempt."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import quote

from monitor.core.delivery import messages
from monitor.model import SendRequest

# A message with all its parts, 256 KiB: set here, far under what any host takes (10 MiB and more); past it, parts go.
MESSAGE_BYTES_MAX = 256 * 1024


class AsWritten(EmailPolicy):
    """Headers of ids and addresses one to a line and never as encoded words, which their readers do not decode.

    The standard library encodes any word longer than a line: a one-click address would be no address any more.
    """

    _plain = frozenset(("message-id", "references", "in-reply-to", "list-id", "list-unsubscribe", "x-monitor-story"))

    def fold(self, name: str, value: str) -> str:
        """One header as text."""
        if name.lower() not in self._plain:
            return str(super().fold(name, value))
        return f"{name}:{self.linesep.join(f' {word}' for word in str(value).split())}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header as bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


SMTP_POLICY = AsWritten(linesep="\r\n")


def _message_id(name: str, sender: str) -> str:
    return f"<{name}@{parseaddr(sender)[1].rpartition('@')[2]}>"


def compose(send_request: SendRequest, sender: str, *, of_story: bool = False, stop_at: str = "") -> EmailMessage:
    """The message of one delivery: the same bytes for every attempt.

    A story is one thread: every message refers to the story's root, an id that no message has, and to the one before
    it. Programs that thread by References (RFC 5256, RFC 5322 section 3.6.4: Thunderbird, Apple Mail, mutt, K-9) put
    messages with a common missing ancestor together, or chain them by the one before. Gmail asks for references to
    the same id as well, but also for equal subjects: for its readers there is `of_story`.

    `stop_at` is the mail address that takes "no more of this" where no page can be reached.
    """
    alert, delivery = send_request.alert, send_request.delivery
    message = EmailMessage()
    message["From"] = formataddr(parseaddr(sender)) if parseaddr(sender)[0] else sender
    message["To"] = delivery.recipient
    message["Subject"] = messages.subject(alert, of_story=of_story)
    message["Date"] = format_datetime(alert.at)
    message["Message-ID"] = _message_id(delivery.id, sender)
    if alert.story_id:
        root = hashlib.sha256(f"{alert.story_id}\n{delivery.recipient}".encode()).hexdigest()[:20]
        known = [_message_id(f"story-{root}", sender)]
        if delivery.previous_id:
            known.append(_message_id(delivery.previous_id, sender))
        message["References"] = " ".join(known)
        message["In-Reply-To"] = known[-1]
        domain = parseaddr(sender)[1].rpartition("@")[2]
        message["List-ID"] = f"<{alert.story_id}.monitor.{domain}>"
        message["X-Monitor-Story"] = alert.story_id
    _let_stop(message, send_request, stop_at)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Monitor-Verdict"] = alert.verdict or alert.kind
    message["X-Monitor-Alert"] = alert.id
    bare = replace(alert, summary="", notes=(), items=(), also_reported_by=(), still_carrying=())
    for told, most in ((alert, 60), (alert, 20), (alert, 5), (alert, 1), (bare, 1)):
        message.clear_content()
        message.set_content(messages.text(told, send_request.links, most), cte="quoted-printable")
        message.add_alternative(messages.html(told, send_request.links, most), subtype="html", cte="quoted-printable")
        if len(as_sent(message)) <= MESSAGE_BYTES_MAX:
            break
    # The boundary is derived, not drawn, so that every attempt sends the same bytes.
    message.set_boundary(f"=_{delivery.id}")
    return message


def _let_stop(message: EmailMessage, send_request: SendRequest, stop_at: str) -> None:
    """List-Unsubscribe (RFC 2369): our page, and a mail where providers would not open that.

    One click is promised for https alone (RFC 8058, 3.1): providers ignore, or count against the sender, any other.
    """
    stop = str(send_request.links.get("unsubscribe") or "")
    ways = [f"<{stop}>"] if stop else []
    if not stop.startswith("https://") and stop_at and send_request.alert.story_id:
        subject = quote(f"unsubscribe {send_request.alert.story_id}")
        ways.append(f"<mailto:{quote(stop_at, safe='@+')}?subject={subject}>")
    if ways:
        message["List-Unsubscribe"] = ", ".join(ways)
    if stop.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def as_sent(message: EmailMessage) -> bytes:
    """The bytes between DATA and the final dot: CRLF only, and leading dots doubled (RFC 5321 section 4.5.2)."""
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", message.as_bytes(policy=SMTP_POLICY))
    return re.sub(rb"(?m)^\.", b"..", raw if raw.endswith(b"\r\n") else raw + b"\r\n")
