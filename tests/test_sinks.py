"""Nasty text from outside, in every field, at every sink: it stays text, and only web addresses are links."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import fields, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree, html

from monitor import config
from monitor.app.build import build
from monitor.channels import console, email
from monitor.core.delivery import messages
from monitor.core.delivery.links import Links
from monitor.metrics import Metrics
from monitor.model import (
    Alert,
    Claim,
    ClaimDelta,
    Decision,
    Delivery,
    Entry,
    Fetched,
    Judgements,
    Outcome,
    Reason,
    Report,
    Score,
    SendRequest,
    Sighting,
    SourceStatus,
    StoryReport,
    TextChange,
)
from monitor.web import make

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NASTY = {
    "script": "<script>alert(1)</script>",
    "handler": '"><img src=x onerror=alert(1)><svg/onload=alert(1)>',
    "style": "</style><style>body{display:none}</style><div style=position:fixed>",
    "mutation": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
    "form": "</form><form action=https://evil.example/><input name=token><meta http-equiv=refresh content=0>",
    "header": "x\r\nBcc: all@evil.example\r\n\r\n<b>body</b>",
    "encoded word": "=?utf-8?q?x=0D=0ABcc:_all@evil.example?= =?utf-8?b?DQpCY2M6IGFAZXZpbC5leGFtcGxl?=",
    "dots": ".\r\n.\r\nQUIT\r\n",
    "bidi": "\u202egpj.exe\u202c \u2066\u2067\u2068x \u200e\u200f\u061c",
    "zero width": "mo\u200bni\u200dtor\ufeff\u2060\u00ad",
    "zalgo": "e" + "\u0301\u0327\u20dd" * 40,
    "terminal": "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b31m\x08\x7f",
    "line ends": "a\u2028b\u2029c\x0bd\x0ce\x85f\x00g",
    "surrogates": "\ud800x\udfff",
    "template": "{{ 7*7 }} {% raw %} ${7*7} %s%n #{7} <%= 7 %>",
    "mentions": "@everyone <!channel> [x](https://evil.example) ![y](https://evil.example/p.png)",
    "long": "w" * 5000,
}
ADDRESSES = (
    "javascript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>x</script>",
    "vbscript:x", "file:///etc/passwd", "//evil.example", 'https://x.example/"><script>alert(1)</script>',
    "https://x.example/\r\nBcc: all@evil.example", "https://\u0430pple.example/", "https://user:pass@x.example/",
    "https://x.example/\u202egpj.exe", "",
)  # fmt: skip
TAGS = """html head meta title style link body div header main section article h1 h2 h3 p span small b i a br ul ol li
    table thead tbody tr th td details summary form input button label blockquote time ins del code"""
ATTRIBUTES = """href class style lang dir charset name content rel type title value method action required placeholder
    aria-label data-label colspan id"""
# Pages have more than mails: drawings of ours, forms, and two scripts by their address.
PAGE_TAGS = f"""{TAGS} nav dl dt dd dialog kbd svg defs symbol path circle rect line use text aside figure figcaption
    fieldset legend select option textarea blockquote script"""
PAGE_ATTRIBUTES = f"""{ATTRIBUTES} tabindex role for aria-hidden aria-current aria-labelledby aria-describedby
    aria-invalid datetime data-go data-l data-n checked selected disabled maxlength min max rows src defer scope width
    height viewbox d cx cy r x y rx x1 x2 y1 y2 hx-post hx-target hx-swap colspan preserveaspectratio
    text-anchor stroke-dasharray"""
SCRIPT = re.compile(r"/(?:htmx|keys)\.js\?[0-9a-f]{12}")
SHEET = re.compile(r"(?:/style\.css\?[0-9a-f]{12}|\?style\.css)")
STYLES = re.compile(r"[a-z0-9 :;.,%#'/-]*", re.IGNORECASE)


def nasty(text: str, url: str, kind: str = "story.correction") -> Alert:
    """An alert whose every field that comes from outside is hostile."""
    report = Report(text, url, text, text, NOW, kind="story.revision", alert="aother", story=text, detail=text)
    return Alert(
        id="anasty", kind=kind, at=NOW, title=text, story_id="nk", story_title=text, entry_key="e1", entry_id=text,
        summary=text, article_title=text, article_url=url, article_source=text, published_at=NOW, first_seen_at=NOW,
        development="d1", origin=text, origins=2, also_reported_by=(report,), still_carrying=(report,),
        deltas=(ClaimDelta(text, text, text + "1", text, text),), items=(report, replace(report, kind=None)),
        changes=(TextChange("figure", text, text + "2", text), TextChange("notice", "", text, text)),
        diff_html=f"<ins>{text}</ins> {text} <del onclick=x>{text}</del><script>x</script>", notes=(text,),
        reasons=(Reason("words", 1.0, 1.0, text),),
    )  # type: ignore[arg-type]  # fmt: skip


def links(alert: Alert) -> Any:
    return Links("https://monitor.example", b"k" * 32)(Delivery("mone", alert.id, "mail", "ann@example.org"), alert)


def assert_plain(text: str, where: str) -> None:
    """No control, format or line-making character but our own line ends and first-strong isolates."""
    bad = {f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert bad <= {"U+000A", "U+2068", "U+2069"}, (where, bad)
    assert text.count("\u2068") == text.count("\u2069"), where
    assert not re.search(r"[\u0300-\u036f\u20dd]{9}", text), where


def assert_inert(page: str, where: str, tags: str = TAGS, attributes: str = ATTRIBUTES) -> None:
    """Only elements and attributes of ours, links to the web or to ourselves, nothing loaded from anywhere else."""
    assert_plain(page, where)
    tree = html.fromstring(page)
    for node in tree.iter():
        assert isinstance(node.tag, str), (where, "a comment")
        assert node.tag in tags.split(), (where, node.tag)
        assert set(node.attrib) <= set(attributes.split()), (where, dict(node.attrib))
        assert STYLES.fullmatch(node.get("style", "")), (where, node.get("style"))
        for name in ("href", "action"):
            address = node.get(name, "/")
            if node.tag in ("link", "script", "use"):
                continue
            assert re.match(r"(https?://[!-~]+|/[!-~]*|#[a-z][a-z0-9-]*|\?[!-~]*)\Z", address), (where, address)
            assert name == "href" or address.startswith("/"), (where, address)
        assert node.get("http-equiv") is None
    assert len(tree.findall(".//style")) <= 1
    for link in tree.iter("link"):
        assert link.get("rel") != "stylesheet" or SHEET.fullmatch(link.get("href", "")), (where, link.get("href"))
        assert link.get("rel") in ("stylesheet", "icon", "alternate"), (where, link.get("rel"))
    for script in tree.iter("script"):
        assert SCRIPT.fullmatch(script.get("src", "")) and not script.text, (where, script.get("src"), script.text)


@pytest.mark.parametrize("name", NASTY)
def test_mail_is_one_message_of_plain_text(name: str) -> None:
    settings = email.Settings.model_validate({
        "id": "mail", "type": "email", "host": "127.0.0.1", "from": "monitor@example.org", "to": ["ann@example.org"],
    })  # fmt: skip
    delivery = Delivery("mone", "anasty", "mail", "ann@example.org", created_at=NOW, previous_id="mzero")
    for number, url in enumerate(ADDRESSES):
        alert = nasty(NASTY[name], url, ("story.correction", "story.digest", "source.trouble")[number % 3])
        raw = email.as_sent(email.compose(SendRequest(delivery, alert, links(alert)), settings.sender))
        assert b"\n" not in raw.replace(b"\r\n", b"")
        assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
        assert not re.search(rb"^\.(?!\.)", raw, re.MULTILINE)
        message = message_from_bytes(re.sub(rb"(?m)^\.\.", b".", raw), policy=default)
        assert sorted(set(message.keys())) == sorted([
            "Auto-Submitted", "Content-Type", "Date", "From", "In-Reply-To", "List-ID", "List-Unsubscribe",
            "List-Unsubscribe-Post", "MIME-Version", "Message-ID", "References", "Subject", "To", "X-Monitor-Alert",
            "X-Monitor-Story", "X-Monitor-Verdict",
        ])  # fmt: skip
        assert len(message.keys()) == 16
        assert message["To"] == "ann@example.org"
        assert_plain(str(message["Subject"]), "subject")
        assert len(str(message["Subject"])) <= 200
        text, page = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None
        assert page is not None
        assert len(list(message.iter_parts())) == 2
        assert_plain(text.get_content().replace("\r\n", "\n"), "text")
        assert_inert(page.get_content().replace("\r\n", "\n"), "html")
        assert page.get_content().count("<style") == 1


@pytest.mark.parametrize("name", NASTY)
def test_json_and_chats_carry_plain_strings(name: str) -> None:
    for url in ADDRESSES:
        alert = nasty(NASTY[name], url)
        document = messages.webhook(alert, 1, links(alert))
        shapes = [shape(alert, links(alert)) for shape in messages.SHAPES.values()]
        for made in (document, *shapes):
            raw = json.dumps(made, ensure_ascii=False)
            raw.encode()
            strings = "\n".join(_strings(made))
            assert_plain(strings.replace("\u200b", ""), "json")
            found = [value for key, value in _pairs(made) if key in ("url", "dashboard", "unsubscribe", "no")]
            assert all(re.match(r"https?://[!-~]+\Z", value) for value in found if value), found
        assert "\u200b" not in json.dumps(document, ensure_ascii=False)


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _strings(inner)]
    return [t for inner in value for t in _strings(inner)] if isinstance(value, list) else [str(value)]


def _pairs(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in [(key, inner), *_pairs(inner)]]
    return [pair for inner in value for pair in _pairs(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("style", ["block", "line"])
async def test_the_terminal_is_not_driven(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    channel = console.ConsoleChannel(style)  # type: ignore[arg-type]
    for text in NASTY.values():
        for url in ADDRESSES:
            alert = nasty(text, url)
            await channel.send(SendRequest(Delivery("mone", alert.id, "terminal", ""), alert, links(alert)))
    printed = capsys.readouterr().out
    assert all(char.isprintable() or char == "\n" for char in printed)


CONFIG = """
[[source]]
id = "feed"
name = '''{name}'''
url = "https://feed.example/rss"
[[story]]
id = "nk"
title = '''{name}'''
seed_text = '''Something happens

Soldiers were sent abroad from the harbour of Vess on Monday, officials said, and more are to follow in June.
'''
"""


def recorded(text: str, url: str) -> Outcome:
    """A visit that found hostile entries: one told, one folded, one held back; and failed for good measure."""
    alert = replace(nasty(text, url), reasons=())
    rows, sightings, members = [], [], []
    for number, (verdict, value) in enumerate((("development", 0.9), ("repeat", 0.8), (None, 0.2))):
        entry = Entry(id=f"{text}{number}", url=url, title=text, summary=text, published_at=NOW)
        sightings.append(Sighting(f"e{number}", entry, NOW, 1, (f"id:{number}",)))
        score = Score(value, 0.5, value >= 0.5, (Reason("words", value, 1.0, text),))
        rows.append(Decision(
            entry_key=f"e{number}", story_id="nk", source_id="feed", entry_id=entry.id, at=NOW, title=text, url=url,
            revision=1, score=score, verdict=verdict, development="d1" if verdict else "", origin=text,
            alert_id="anasty" if number == 0 else "", folded_into="anasty" if number == 1 else "",
        ))  # type: ignore[arg-type]  # fmt: skip
        if verdict:
            members.append(("nk", StoryReport(
                f"e{number}", "feed", text, "d1", verdict, NOW, text, text, url, text,
            )))  # type: ignore[arg-type]  # fmt: skip
    claim = Claim("quantity", text, text, text, quote=text, source=text, at=NOW)
    status = SourceStatus(
        "feed", "failing", url="https://feed.example/rss", error="http_status", detail=text, failures=3
    )
    delivery = Delivery("mone", "anasty", "mail", "ann@example.org", "retrying", error=text, created_at=NOW)
    other = replace(alert, id="aother", development="d2")
    return Outcome(
        status=status, fetched=Fetched("feed", status.url, NOW, 500), sightings=tuple(sightings),
        judgements=Judgements(
            tuple(rows), tuple(members), claims=(("nk", "e0", claim),), alerts=(alert, other), deliveries=(delivery,)
        ),
        entries_new=3, changed=True,
    )  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
async def test_pages_and_the_feed_show_it_as_text(name: str, tmp_path: Path) -> None:
    text = NASTY[name]
    named = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff'\\]", "", text)[:200] or "x"
    app = build(
        config.parse(CONFIG.format(name=named), tmp_path / "config.toml", {}), None, Metrics(), exclusive=False
    )  # fmt: skip
    url = ADDRESSES[list(NASTY).index(name) % len(ADDRESSES)]
    app.store.record([recorded(text, url)])
    app.store.set_channel("mail", text, NOW)
    app.pipeline.watchlist.muted = {("nk", "mail", "ann@example.org")}
    alert, deliveries = app.store.alerts(alert_id="anasty")[0]
    made = Links("http://127.0.0.1:8765", app.signing_key)(deliveries[0], alert)
    app.store.index(100)
    paths = ["/", "/stories/nk", "/alerts/anasty", "/stories/%3Cscript%3E", f"/alerts/{'%22%3E' * 3}", "/search"]
    paths += ["/?show=read", "/sources", "/deliveries", "/settings", "/add"]
    paths += ["/search?q=%22%3E%3Cscript%3E&story=%3Cb%3E"]
    paths += [f"/sources/{next(iter(app.sources))}"]
    paths += [link.removeprefix("http://127.0.0.1:8765") for link in (*made["feedback"].values(), made["unsubscribe"])]
    transport = httpx.ASGITransport(app=make(app))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
            for path in paths:
                answer = await client.get(path)
                assert answer.status_code in (200, 404), (path, answer.status_code)
                assert_inert(answer.text, path, PAGE_TAGS, PAGE_ATTRIBUTES)
            feed = await client.get("/feed/nk.atom")
            metrics = (await client.get("/metrics")).text
    finally:
        await app.close()
    root = etree.fromstring(feed.content)
    assert_plain("".join(root.itertext()), "atom")
    for node in root.iter("{http://www.w3.org/2005/Atom}link"):
        assert re.match(r"https?://[!-~]+\Z", node.get("href", ""))
    assert text not in metrics


def test_every_field_from_outside_is_hostile_here() -> None:
    """So that a field added later is added here too."""
    alert = nasty("<b>", "javascript:x")
    ours = {"id", "kind", "at", "story_id", "source_id", "entry_key", "severity", "verdict", "phase", "published_at",
            "first_seen_at", "revision", "development", "origins"}  # fmt: skip
    for each in fields(Alert):
        value = getattr(alert, each.name)
        assert each.name in ours or "<b>" in str(value) or "javascript:" in str(value), each.name
    for each in fields(Report):
        value = getattr(alert.items[0], each.name)
        assert each.name in {"published_at", "kind", "alert"} or str(value) in ("<b>", "javascript:x"), each.name
