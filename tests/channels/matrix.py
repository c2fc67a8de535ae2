"""The fault matrix: what a peer does, and what must come of one delivery by the end; run with a virtual clock.

Each case runs the lane's own `deliver` over a real state and real sockets until the delivery has ended; hours of
waiting pass by setting the clock. `python -m bench.delivery` prints it.
"""

from __future__ import annotations

import asyncio
import base64
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook

from monitor.channels import Tools, email, webhook
from monitor.model import Alert, Delivery, Destination, Receipt
from monitor.net.client import client
from monitor.net.guard import Guard
from monitor.pipeline import Pipeline, Settings, Watchlist
from monitor.runtime.dispatcher import Dispatcher
from monitor.stores import SqlStore, open_store
from tests.channels import misbehaving as bad
from tests.channels.misbehaving import Hook, SmtpHost, says

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECRETS = ["whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2)]
DAYS_MAX = timedelta(days=8)
ALERT = Alert(
    id="aone", kind="story.development", at=NOW, title="Three spans stand", story_id="bridge", story_title="The bridge",
    entry_key="e1", verdict="development", summary="Two days early.\n.\n..\n.hidden\n", article_title="Three spans",
    article_url="https://herald.example/1", article_source="Herald", published_at=NOW,
)  # fmt: skip


@dataclass
class Clock:
    """A clock that is set."""

    at: datetime = NOW

    def now(self) -> datetime:
        """The set instant."""
        return self.at


@dataclass(frozen=True)
class Case:
    """`scripts` by attempt, the last for all that follow. `attempts` and `copies` are exact, or (least, most)."""

    name: str
    scripts: Sequence[Any]
    state: str
    attempts: int | tuple[int, int]
    copies: int | tuple[int, int]
    off: bool = False
    tls: str = "none"
    certificate: str = ""
    login: bool = False
    lasts_h: tuple[float, float] = (0, 24 * 8)
    url: str = ""


def within(value: float, wanted: float | tuple[float, float]) -> bool:
    """Is it the number, or within the pair?"""
    return wanted[0] <= value <= wanted[1] if isinstance(wanted, tuple) else value == wanted


DAYS3, DAYS4 = (72.0, 72.01), (96.0, 96.01)
MAIL_TRIES, HOOK_TRIES = (20, 36), (10, 14)


def _mail(name: str, *scripts: dict[str, str], state: str, attempts: Any, copies: Any, **more: Any) -> Case:
    return Case(name, scripts, state, attempts, copies, **more)


def _fails_then_works(name: str, *scripts: dict[str, str], **more: Any) -> Case:
    return Case(name, (*scripts, {}), "delivered", len(scripts) + 1, 1, **more)


MAIL = (
    _mail("taken at once", {}, state="delivered", attempts=1, copies=1),
    _fails_then_works("421 in the greeting", {"greeting": "421 busy|drop"}),
    _fails_then_works("554 in the greeting", {"greeting": "554 no service|drop"}),
    _fails_then_works("greeting is no SMTP", {"greeting": "HTTP/1.1 400 Bad Request|drop"}),
    _fails_then_works("drop before the greeting", {"greeting": "drop"}),
    _fails_then_works("reset before the greeting", {"greeting": "reset"}),
    _fails_then_works("hang at the greeting", {"greeting": "outwait"}),
    _fails_then_works("greeting byte by byte", {"greeting": "drip"}),
    _fails_then_works("endless greeting", {"greeting": "flood"}),
    _fails_then_works("hang at EHLO", {"ehlo": "outwait"}),
    _fails_then_works("hang at MAIL", {"mail": "outwait"}),
    _fails_then_works("hang at RCPT", {"rcpt": "outwait"}),
    _fails_then_works("hang at DATA, before the message", {"data": "outwait"}),
    _fails_then_works("drop at RCPT", {"rcpt": "drop"}),
    _fails_then_works("drop at DATA, before the message", {"data": "drop"}),
    _fails_then_works("greylisted twice, 450 at RCPT", {"rcpt": "450 later"}, {"rcpt": "450 later"}),
    _fails_then_works("451 at MAIL", {"mail": "451 later"}),
    _fails_then_works("452 full at RCPT", {"rcpt": "452 full"}),
    _fails_then_works("421 at RCPT", {"rcpt": "421 shutting down|drop"}),
    _fails_then_works("451 at DATA", {"data": "451 later"}),
    _fails_then_works("530 log in first", {"mail": "530 log in first"}),
    Case("451 after the dot", ({"dot": "451 later"}, {}), "delivered", 2, 2),
    Case("450 for ever", ({"rcpt": "450 later"},), "dead", MAIL_TRIES, 0, lasts_h=DAYS4),
    Case("hang at the greeting for ever", ({"greeting": "outwait"},), "dead", MAIL_TRIES, 0, lasts_h=DAYS4),
    Case("550 no such user", ({"rcpt": "550 no such user"},), "dead", 1, 0),
    Case("552 over quota", ({"rcpt": "552 over quota"},), "dead", 1, 0),
    Case("554 refused at RCPT", ({"rcpt": "554 no"},), "dead", 1, 0),
    Case("554 at DATA", ({"data": "554 no"},), "dead", 1, 0),
    Case("554 spam after the dot", ({"dot": "554 spam"},), "dead", 1, 1),
    Case("552 too big after the dot", ({"dot": "552 too big"},), "dead", 1, 1),
    Case("hang after the dot, once", ({"dot": "outwait"}, {}), "delivered", 2, 2, lasts_h=(0.8, 2)),
    Case("hang after the dot, always", ({"dot": "outwait"},), "dead", 3, 3, lasts_h=(5.6, 9)),
    Case("drop after the dot, once", ({"dot": "drop"}, {}), "delivered", 2, 2, lasts_h=(0.8, 2)),
    Case("reset after the dot, always", ({"dot": "reset"},), "dead", 3, 3, lasts_h=(5.6, 9)),
    Case("250, then RST", ({"dot": "250 kept|reset"},), "delivered", 1, 1),
    Case("250, then a hanging QUIT", ({"quit": "outwait"},), "delivered", 1, 1),
    Case("STARTTLS, good certificate", ({},), "delivered", 1, 1, tls="starttls", certificate="good"),
    Case("STARTTLS not offered", ({},), "dead", MAIL_TRIES, 0, tls="starttls", lasts_h=DAYS4, login=True),
    Case("STARTTLS 454", ({"starttls": "454 not now"},), "dead", MAIL_TRIES, 0, tls="starttls", certificate="good",
         lasts_h=DAYS4, login=True),
    Case("STARTTLS 502, once", ({"starttls": "502 stripped"}, {}), "delivered", 2, 1, tls="starttls",
         certificate="good"),
    Case("STARTTLS, stranger's certificate", ({},), "dead", MAIL_TRIES, 0, tls="starttls", certificate="stranger",
         login=True, lasts_h=DAYS4),
    Case("STARTTLS, expired certificate", ({},), "dead", MAIL_TRIES, 0, tls="starttls", certificate="expired",
         login=True, lasts_h=DAYS4),
    Case("STARTTLS, another's certificate", ({},), "dead", MAIL_TRIES, 0, tls="starttls", certificate="other",
         login=True, lasts_h=DAYS4),
    Case("STARTTLS, answers injected before TLS", ({"inject": "250 AUTH NONE\r\n250 ok\r\n", "rcpt": "550 no"},),
         "dead", 1, 0, tls="starttls", certificate="good", login=True),
    Case("implicit TLS, good certificate", ({},), "delivered", 1, 1, tls="implicit", certificate="good", login=True),
    Case("implicit TLS, stranger's certificate", ({},), "dead", MAIL_TRIES, 0, tls="implicit", certificate="stranger",
         lasts_h=DAYS4, login=True),
    Case("implicit TLS on a plain port", ({},), "dead", MAIL_TRIES, 0, tls="implicit", lasts_h=DAYS4, login=True,
         ),
    Case("AUTH 535", ({"auth": "535 no"},), "retrying", 3, 0, off=True, login=True),
    Case("AUTH 454, once", ({"auth": "454 not now"}, {}), "delivered", 2, 1, login=True),
    Case("AUTH not offered, once", ({"ehlo": "250 host.example"}, {}), "delivered", 2, 1, login=True),
)  # fmt: skip


def _hook(name: str, *scripts: Any, state: str = "delivered", attempts: Any = 2, copies: Any = 2, **more: Any) -> Case:
    return Case(name, scripts, state, attempts, copies, **more)


REDIRECT = says(302, "location: http://169.254.169.254/latest/meta-data/")
HOOK = (
    _hook("200", says(200), attempts=1, copies=1),
    _hook("204", b"HTTP/1.1 204 No Content\r\n\r\n", attempts=1, copies=1),
    _hook("500, then 200", says(500), says(200)),
    _hook("404, then 200", says(404), says(200)),
    _hook("500 for ever", says(500), state="dead", attempts=HOOK_TRIES, copies=HOOK_TRIES, lasts_h=DAYS3),
    _hook("hangs", bad.outwaits, says(200), lasts_h=(0, 0.1)),
    _hook("hangs for ever", bad.outwaits, state="dead", attempts=HOOK_TRIES, copies=HOOK_TRIES, lasts_h=DAYS3),
    _hook("200, too late", bad.too_late, says(200)),
    _hook("reset", bad.resets, says(200)),
    _hook("closed without an answer", b"", says(200)),
    _hook("a 200 cut short", bad.cuts, says(200)),
    _hook("a whole 200, then RST", bad.answers_then_resets, attempts=1, copies=1),
    _hook("garbage", b"\x00\xff\x00 who is there\r\n\r\n", says(200)),
    _hook("SMTP instead of HTTP", b"220 host.example ready\r\n", says(200)),
    _hook("redirect to a canary, once", b"{canary}", says(200)),
    _hook("redirect to metadata, for ever", REDIRECT, state="dead", attempts=HOOK_TRIES, copies=HOOK_TRIES),
    _hook("307 to itself", says(307, "location: /hook"), says(200)),
    _hook("429, Retry-After 3 h", says(429, "retry-after: 10800"), says(200), lasts_h=(3, 3.01)),
    _hook("503, Retry-After as a date", b"{date}", says(200), lasts_h=(1.9, 2.01)),
    _hook("503, Retry-After of 100 years", says(503, "retry-after: " + "9" * 500), says(200), lasts_h=(24, 24.01)),
    _hook("503, Retry-After of 30 days", says(503, "retry-after: 2592000"), says(200), lasts_h=(24, 24.01)),
    _hook("503, Retry-After -5", says(503, "retry-after: -5"), says(200), lasts_h=(0, 0.01)),
    _hook("503, Retry-After of nonsense", says(503, "retry-after: tomorrow\xb2"), says(200), lasts_h=(0, 0.01)),
    _hook("410", says(410), state="dead", attempts=1, copies=1, off=True),
    _hook("an endless 200", bad.endless, attempts=1, copies=1),
    _hook("an endless head", bad.endless_head, says(200)),
    _hook("a bomb as answer", bad.bomb, attempts=1, copies=1),
    _hook("a head that drips", bad.drips_head, says(200)),
    _hook("a body that drips", bad.drips_body, says(200)),
    _hook("101 and silence", b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
          says(200)),
    _hook("an address nobody allowed", says(200), state="dead", attempts=HOOK_TRIES, copies=0, lasts_h=DAYS3,
          url="http://127.0.0.2:{port}/hook"),
    _hook("metadata as the endpoint", says(200), state="dead", attempts=HOOK_TRIES, copies=0, lasts_h=DAYS3,
          url="http://169.254.169.254/latest/"),
    _hook("a name that does not exist", says(200), state="dead", attempts=HOOK_TRIES, copies=0, lasts_h=DAYS3,
          url="http://nowhere.invalid/hook"),
    _hook("nobody listens", says(200), state="dead", attempts=HOOK_TRIES, copies=0, lasts_h=DAYS3,
          url="http://127.0.0.1:{silent}/hook"),
    _hook("103 hints, then 200", b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + says(200), attempts=1, copies=1),
)  # fmt: skip


@dataclass
class Result:
    """What came of a case. `problems` is empty where everything was as promised."""

    state: str = ""
    attempts: int = 0
    copies: int = 0
    off: bool = False
    lasted: timedelta = timedelta()
    detail: str = ""
    receipts: list[Receipt] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def lane_of(store: SqlStore, channel: Any, clock: Clock) -> Pipeline:
    """A lane with one channel and nothing to visit."""
    return Pipeline(
        store=store, fetcher=None, parser=None, clock=clock, watchlist=Watchlist((), (Destination("desk"),)),
        settings=Settings(), channels={"desk": channel},
    )  # type: ignore[arg-type]  # fmt: skip


async def until_ended(pipeline: Pipeline, clock: Clock, result: Result) -> None:
    """Deliver what is due, let the clock jump to what is due next, until nothing is."""
    began = clock.at
    while clock.at - began < DAYS_MAX:
        await Dispatcher(pipeline, lambda _, receipt: result.receipts.append(receipt)).deliver()
        (row,) = (row for _, rows in pipeline.store.alerts() for row in rows)
        result.state, result.attempts, result.detail = row.state, row.attempts, row.error
        if row.state in ("delivered", "dead") or row.next_at is None or pipeline.store.disabled_channels():
            break
        clock.at = max(clock.at, row.next_at)
    result.lasted = clock.at - began
    result.off = bool(pipeline.store.disabled_channels())


def put(store: SqlStore, recipient: str) -> None:
    """One alert, one delivery."""
    store.add_alert(ALERT, [Delivery("mone", ALERT.id, "desk", recipient, created_at=NOW, next_at=NOW)])


async def run_mail(case: Case, folder: Path) -> Result:
    """One mail case to its end."""
    host, clock, result = SmtpHost(scripts=case.scripts), Clock(), Result()
    host.starttls = case.certificate if case.tls == "starttls" else ""
    await host.start(bad.contexts()[case.certificate] if case.tls == "implicit" and case.certificate else None)
    settings = email.Settings.model_validate({
        "id": "desk", "type": "email", "host": "127.0.0.1", "port": host.port, "tls": case.tls,
        "username": "ann" if case.login else "", "from": "monitor@example.org", "to": ["desk@example.org"],
    })  # fmt: skip
    channel = email.EmailChannel(settings, "s3cret-canary", bad.contexts()["client"])
    store = open_store(str(folder / "monitor.db"))
    try:
        put(store, "desk@example.org")
        await until_ended(lane_of(store, channel, clock), clock, result)
    finally:
        store.close()
        await host.stop()
    result.copies = len(host.messages)
    _judge(case, result)
    ids = {str(message_from_bytes(raw)["Message-ID"]) for raw in host.messages}
    if len(set(host.messages)) > 1 or ids - {"<mone@example.org>"}:
        result.problems.append("attempts differ")
    if set(host.recipients) - {"desk@example.org"}:
        result.problems.append(f"recipients {host.recipients}")
    clear = [line for line, secure in host.commands if not secure and line.split(" ")[0].lower() in ("auth", "mail")]
    if case.tls != "none" and clear:
        result.problems.append(f"in clear: {clear}")
    if case.off and sum(line.lower().startswith("auth") for line, _ in host.commands) > 3:
        result.problems.append("more than 3 logins")
    return result


async def run_hook(case: Case, folder: Path) -> Result:
    """One webhook case to its end."""
    hook, canary, clock, result = Hook(), Hook(), Clock(), Result()
    await hook.start()
    await canary.start()
    words = {
        b"{canary}": says(302, f"location: http://127.0.0.1:{canary.port}/"),
        b"{date}": says(503, f"retry-after: {bad.in_seconds(7200)}"),
    }
    hook.scripts = [words.get(script, script) if isinstance(script, bytes) else script for script in case.scripts]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        silent = closed.getsockname()[1]
    url = (case.url or "http://127.0.0.1:{port}/hook").format(port=hook.port, silent=silent)
    settings = webhook.Settings(id="desk", type="webhook", url=url)
    signers = [Webhook(secret) for secret in SECRETS]
    store = open_store(str(folder / "monitor.db"))
    try:
        allowed = [f"127.0.0.1:{port}" for port in (hook.port, canary.port, silent)]
        async with client(Guard(allowed)) as door:
            tools = Tools(door, lambda *_: "")
            channel = webhook.WebhookChannel(settings, signers, tools)
            put(store, "")
            await until_ended(lane_of(store, channel, clock), clock, result)
    finally:
        store.close()
        await asyncio.gather(hook.stop(), canary.stop())
    result.copies = len(hook.requests)
    _judge(case, result)
    for headers, body in hook.requests:
        for secret in SECRETS:
            Webhook(secret).verify(body.decode(), headers)
    if {(h["webhook-id"], h["idempotency-key"]) for h, _ in hook.requests} - {("mone", "mone")}:
        result.problems.append("ids differ")
    if canary.requests or canary.connections:
        result.problems.append("a redirect was followed")
    if len({body for _, body in hook.requests}) > 1:
        result.problems.append("bodies differ")
    return result


def _judge(case: Case, result: Result) -> None:
    if result.state != case.state:
        result.problems.append(f"ended {result.state}, not {case.state}")
    for name in ("attempts", "copies"):
        if not within(getattr(result, name), getattr(case, name)):
            result.problems.append(f"{getattr(result, name)} {name}, not {getattr(case, name)}")
    if not within(result.lasted.total_seconds() / 3600, case.lasts_h):
        result.problems.append(f"lasted {result.lasted}, not {case.lasts_h} hours")
    if result.off != case.off:
        result.problems.append("switched off" if result.off else "not switched off")
