"""Mails that come back, in the shapes of many hosts; what is no such mail says nothing, and hostile ones do no harm."""

from __future__ import annotations

import pytest

from monitor.core.delivery import bounces

OURS = "m1234567890abcdef"
HEAD = f"""Received: from monitor (localhost [127.0.0.1])
From: monitor@desk.example
To: ann@desk.example
Subject: [The ferry inquiry] Ferry hearing is put off
Message-ID: <{OURS}@desk.example>
X-Monitor-Alert: aone
"""


def report(
    status: str, returned: str = HEAD, *, note: str = "Your mail came back.", kind: str = "message/rfc822",
    status_kind: str = "message/delivery-status", more: str = "",
) -> bytes:  # fmt: skip
    text = f"""From: MAILER-DAEMON@mx.desk.example
To: monitor@desk.example
Subject: Undelivered Mail
{more}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

This is a MIME-encapsulated message.

--b1
Content-Type: text/plain; charset=utf-8

{note}

--b1
Content-Type: {status_kind}

{status}

--b1
Content-Type: {kind}

{returned}

--b1--
"""
    return text.encode()


POSTFIX = """Reporting-MTA: dns; mx.desk.example
X-Postfix-Queue-ID: 4F2A
Arrival-Date: Mon,  1 Jun 2026 12:00:00 +0000 (UTC)

Final-Recipient: rfc822; ann@desk.example
Original-Recipient: rfc822;ann@desk.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx2.desk.example
Diagnostic-Code: smtp; 550 5.1.1 <ann@desk.example>: Recipient address rejected:
    User unknown in virtual mailbox table"""
EXCHANGE = """Reporting-MTA: dns;AM0PR01.eur.prod.outlook.example
Received-From-MTA: dns;mail.desk.example

Final-Recipient: rfc822;ann@desk.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
X-Display-Name: ann"""
EXPIRED = POSTFIX.replace("5.1.1", "4.4.7").replace("User unknown", "connection timed out")
FAILED = {
    "postfix": (report(POSTFIX), "550 5.1.1 <ann@desk.example>: Recipient address rejected: User unknown"),
    "postfix, the head alone": (report(POSTFIX, kind="text/rfc822-headers"), "550 5.1.1"),
    "postfix, after five days": (report(EXPIRED), "550 4.4.7"),
    "exchange, with a folded id": (
        report(EXCHANGE, HEAD.replace("Message-ID: ", "Message-ID:\n "), kind="text/rfc822-headers"),
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient",
    ),
    "exchange, the id in its own head": (
        report(EXCHANGE, "Subject: none", more=f"In-Reply-To: <{OURS}@desk.example>\n"), "550 5.1.10",
    ),
    "gmail": (
        report(
            "Reporting-MTA: dns; googlemail.example\nArrival-Date: Mon, 01 Jun 2026 05:00:00 -0700 (PDT)\n\n"
            "Final-Recipient: rfc822; ann@desk.example\nAction: failed\nStatus: 5.2.1\n"
            "Diagnostic-Code: smtp; 550-5.2.1 The email account that you tried to reach is disabled.",
            more=f"X-Failed-Recipients: ann@desk.example\nReferences: <{OURS}@desk.example>\n",
        ),
        "550-5.2.1 The email account",
    ),
    "sendmail, one block and no words": (
        report("Reporting-MTA: dns; s.x\n\nFinal-Recipient: RFC822; <ann@desk.example>\nAction: FAILED\nStatus: 5.0.0"),
        "status 5.0.0",
    ),
    "with carriage returns": (report(POSTFIX).replace(b"\n", b"\r\n"), "550 5.1.1"),
    "of the international kind": (
        report(POSTFIX, status_kind="message/global-delivery-status", kind="message/global"), "550 5.1.1",
    ),
    "inside a forwarded mail": (
        b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nsee below\n--x\n'
        + report(POSTFIX).split(b"MIME-Version: 1.0\n")[1] + b"\n--x--\n",
        "550 5.1.1",
    ),
    "exim before its reports": (
        f"X-Failed-Recipients: ann@desk.example\nAuto-Submitted: auto-replied\nFrom: Mailer-Daemon@x.example\n\n"
        f"This message was created automatically.\n\n  ann@desk.example\n    all relevant MX records point to "
        f"non-existent hosts\n\n------ This is a copy of the message. ------\n\n{HEAD}".encode(),
        "the host gives no reason",
    ),
    "qmail": (
        f"From: MAILER-DAEMON@q.example\n\nHi. This is the qmail-send program at q.example.\nI'm afraid I wasn't able "
        f"to deliver.\n\n<ann@desk.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\nReturn-Path: <monitor@desk.example>\n{HEAD}".encode(),
        "Sorry, no mailbox here by that name. (#5.1.1)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILED)
def test_a_report_says_which_mail_and_why(name: str) -> None:
    raw, words = FAILED[name]
    bounce = bounces.read(raw)
    assert bounce is not None
    assert (OURS in bounce.ids, bounce.recipient) == (True, "ann@desk.example"), bounce
    assert bounce.words.startswith(words), bounce.words


def test_a_relay_that_gives_mails_its_own_ids_leaves_our_alert() -> None:
    bounce = bounces.read(report(POSTFIX, HEAD.replace(OURS, "0102018f-000000")))
    assert bounce is not None
    assert (bounce.alert, bounce.recipient) == ("aone", "ann@desk.example")


NOTHING = {
    "delayed": report(POSTFIX.replace("Action: failed", "Action: delayed").replace("5.1.1", "4.4.1")),
    "delivered": report(POSTFIX.replace("Action: failed", "Action: delivered").replace("5.1.1", "2.0.0")),
    "a complaint": report("Feedback-Type: abuse\nVersion: 1", status_kind="message/feedback-report"),
    "on holiday": f"Auto-Submitted: auto-replied\nIn-Reply-To: <{OURS}@desk.example>\n\nI am away.".encode(),
    "an answer that quotes": f"From: ann@x.example\n\n> Message-ID: <{OURS}@x.example>\n> Action: failed".encode(),
    "a mail with a report inside it, as text": b"Content-Type: text/plain\n\n" + report(POSTFIX),
    "a mail about a report": b"Content-Type: message/rfc822\n\n" + report(POSTFIX),
    "nothing": b"", "bytes": bytes(range(256)) * 99,
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_no_failure_says_nothing(name: str) -> None:
    assert bounces.read(NOTHING[name]) is None


def test_what_others_wrote_in_a_mail_that_came_back_is_not_believed() -> None:
    """Our mails carry headlines from outside: a line in them that looks like a header names no other mail of ours."""
    body = f"{HEAD}\nMessage-ID: <another@desk.example>\nX-Monitor-Alert: another\n"
    bounce = bounces.read(report(POSTFIX, body))
    assert bounce is not None
    assert (bounce.ids, bounce.alert) == ((OURS,), "aone")


HOSTILE = {
    "deep": b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000)),
    "many parts": b'Content-Type: multipart/report; boundary="b"\n\n' + b"--b\nContent-Type: text/plain\n\nx\n" * 9000,
    "many fields": report("Reporting-MTA: x\n\n" + "Action: failed\n" * 12_000),
    "many ids": report(POSTFIX, "X: y\n" * 9000 + f"References: {'<a@b> ' * 9000}"),
    "a long line": report(POSTFIX, "Message-ID: <" + "a" * 200_000),
    "wrong words": report(POSTFIX).replace(b"utf-8", b"x-none").replace(b"550", b"\xff\xfe\x1b[31m"),
    "no boundary": b"Content-Type: multipart/report\n\nx",
    "a bad type": b"Content-Type: message/delivery-status\n\n\n\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_in_bounds(name: str) -> None:
    bounce = bounces.read(HOSTILE[name])
    if bounce is not None:
        assert len(bounce.words) <= bounces.WORDS_CHARS_MAX and "\x1b" not in bounce.words
        assert all(len(name) <= 100 for name in bounce.ids)
