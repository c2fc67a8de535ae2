"""An alert in the plain shapes that chat services take: nothing from outside mentions, links or marks up anything.

Where a service has a field for plain text, outside text goes there; where it has only markup, every character that it
could read as markup is escaped. Links are our own, with the host they lead to. The limits are the services'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from monitor.core import urls
from monitor.core.delivery.messages import words
from monitor.model import Alert

CHANGES_MAX = 5  # changes shown in a chat message; the link has them all (set)
ITEMS_MAX = 10  # lines of a digest in a chat message (set)
NOTICE_CHARS_MAX = 400  # characters of what a publisher says of a correction (set)
TEXT_CHARS_MAX = 2500  # characters: Slack's blocks take 3,000 (its documentation)
# Bytes of a message in plain text: Telegram takes 4096 UTF-16 units, ntfy 4096 bytes and makes a file of more.
PLAIN_BYTES_MAX = 4000
COLOURS = {"high": 0xB3261E, "normal": 0x0B5CAD, "low": 0x667080}
_MARKUP = re.compile(r"([\\*_~`|<>\[\](){}#!+:.-])")
# Mattermost knows a backslash before these only (its fork of marked), and shows it before any other: "08\:32".
_MATTERMOST = re.compile(r"(\\(?!\w)|[*_~`|>\[\](){}#!+.-])")
_NO_CODE = re.compile(r":(?=[\w+-]{1,64}:|//)")  # of an emoji, or of an address that would be a link


def slack(alert: Alert, links: Mapping[str, Any]) -> dict[str, Any]:
    """Block Kit: outside text in `plain_text` only; `text` is what notifications show."""
    blocks: list[dict[str, Any]] = [
        {"type": "context", "elements": [_plain(_head(alert))]},
        {"type": "section", "text": _plain(words.shown(alert.title, 300))},
    ]
    if body := "\n".join(_body(alert)):
        blocks.append({"type": "section", "text": _plain(body)})
    named = [(name, url.replace("|", "%7C").replace(">", "%3E")) for name, url in _links(alert, links)]
    if made := " · ".join(f"<{_entities(url)}|{_entities(name)}>" for name, url in named):
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": made, "verbatim": True}]})
    text = _silent(_entities(" · ".join(filter(None, (words.headed(alert, 300), words.shown(alert.story_title, 100))))))
    return {"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": _silent(text)[:TEXT_CHARS_MAX] or "-", "emoji": False}


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def discord(alert: Alert, links: Mapping[str, Any]) -> dict[str, Any]:
    """One embed, its markup escaped; `allowed_mentions` forbids all of them."""
    made = " · ".join(f"[{_marked_up(name)}](<{url}>)" for name, url in _links(alert, links))
    lines = [_marked_up(line) for line in _body(alert)]
    embed: dict[str, Any] = {
        "author": {"name": _silent(_head(alert))[:256]}, "title": _marked_up(words.shown(alert.title, 120))[:256],
        "description": _cut(lines, TEXT_CHARS_MAX, made), "color": COLOURS[alert.severity],
        "timestamp": alert.at.isoformat(),
    }  # fmt: skip
    if url := _url(alert):
        embed["url"] = url
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def mattermost(alert: Alert, links: Mapping[str, Any]) -> dict[str, Any]:
    """Markdown with everything from outside escaped; no `<` or `@` is left that could become a mention."""

    def escaped(text: str) -> str:
        return _silent(_NO_CODE.sub(":\u200b", _MATTERMOST.sub(r"\\\1", text)))

    made = " · ".join(f"[{escaped(name)}](<{url}>)" for name, url in _links(alert, links))
    head = f"**{escaped(_head(alert))}**\n{escaped(words.shown(alert.title, 300))}"
    return {"text": _cut([head, *map(escaped, _body(alert))], TEXT_CHARS_MAX, made)}


def plain(alert: Alert, links: Mapping[str, Any], bytes_max: int = PLAIN_BYTES_MAX) -> str:
    """Lines of plain text, for services whose messages have no markup: what happened, what changed, our links."""
    head = [_silent(_head(alert)), _silent(words.shown(alert.title, 300))]
    made = "\n".join(f"{name}: {url}" for name, url in _links(alert, links))
    body = [_silent(line) for line in _body(alert)]
    while body and len(_cut([*head, *body], TEXT_CHARS_MAX, made).encode()) > bytes_max:
        body.pop()
    return _cut([*head, *body], TEXT_CHARS_MAX, made)


def teams(alert: Alert, links: Mapping[str, Any]) -> dict[str, Any]:
    """An Adaptive Card: text runs, which know no markup, and buttons; as Workflows and connectors take it."""
    body = [_run(_head(alert), isSubtle=True), _run(words.shown(alert.title, 300), weight="Bolder", size="Medium")]
    body += [_run(line) for line in _fitting(_body(alert), TEXT_CHARS_MAX)]
    actions = [{"type": "Action.OpenUrl", "title": name, "url": url} for name, url in _links(alert, links)]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
        "msteams": {"width": "Full"}, "body": body, "actions": actions,
    }  # fmt: skip
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _run(text: str, **style: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": _silent(text), **style}]}


def _head(alert: Alert) -> str:
    """ "Correction · denied · The ferry inquiry"."""
    owner = words.shown(alert.story_title or alert.article_source, 100)
    return " · ".join(part for part in (words.label(alert), alert.phase or "", owner) if part)


def _body(alert: Alert) -> list[str]:
    """What changed first, then who says so, parts and notes: one line each."""
    lines = [words.reads(row) for row in words.changed(alert)[:CHANGES_MAX]]
    if alert.kind == "story.correction":  # what is wrong and what is right is its whole news
        lines += [words.shown(said, NOTICE_CHARS_MAX) for said in words.notices(alert) or [words.summary(alert)]]
    byline = [words.shown(alert.article_source, 80), words.when(alert.published_at), words.coverage_line(alert)]
    if alert.story_id and alert.article_source:
        lines.append(" · ".join(part for part in byline if part))
    for item in alert.items[:ITEMS_MAX]:
        parts = (words.shown(item.title, 150), words.shown(item.source, 60), words.shown(item.detail, 300))
        lines.append("• " + " · ".join(filter(None, parts)))
    if (more := len(alert.items) - ITEMS_MAX) > 0:
        lines.append(f"… and {more} more, on the page of this alert")
    lines += [words.shown(note, 300) for note in alert.notes]
    return [line for line in lines or [words.shown(alert.summary, 500)] if line]


def _links(alert: Alert, links: Mapping[str, Any]) -> list[tuple[str, str]]:
    feedback = links.get("feedback") or {}
    named = (
        (urls.display(alert.article_url), _url(alert)), ("Evidence", links.get("dashboard")),
        ("Important", feedback.get("important")), ("Same as…", feedback.get("same_as")),
        ("Not this story", feedback.get("no")),
    )  # fmt: skip
    return [(name, str(url)) for name, url in named if url]


def _url(alert: Alert) -> str:
    """The article's address where it fits a link of these services and cannot leave its brackets."""
    url = urls.fetchable(alert.article_url)
    return url.replace(">", "%3E").replace("<", "%3C") if len(url) <= 2000 else ""


def _silent(text: str) -> str:
    """Neither `@` nor `<` touches what follows it, so nobody is mentioned and nothing is opened."""
    return text.replace("@", "@\u200b").replace("<", "<\u200b")


def _marked_up(text: str) -> str:
    """Escaped for Markdown (CommonMark: a backslash before punctuation)."""
    return _silent(_MARKUP.sub(r"\\\1", text))


def _cut(lines: list[str], chars_max: int, last: str) -> str:
    """As many lines as fit, then the links."""
    return "\n".join([*_fitting(lines, chars_max), last]).strip()


def _fitting(lines: list[str], chars_max: int) -> list[str]:
    kept: list[str] = []
    for line in filter(None, lines):
        if sum(map(len, kept)) + len(kept) + len(line) > chars_max:
            break
        kept.append(line)
    return kept


SHAPES: dict[str, Callable[[Alert, Mapping[str, Any]], dict[str, Any]]] = {
    "slack": slack, "discord": discord, "mattermost": mattermost, "teams": teams,
}  # fmt: skip
