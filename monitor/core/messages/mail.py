"""An alert as a mail: a subject that threads, a text complete on its own, HTML that holds in narrow and dark mode."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2

from monitor.core import urls
from monitor.core.messages.words import changed, coverage_line, evidence, isolated, label, place, shown, when
from monitor.data import read
from monitor.model import Alert

SUBJECT_CHARS_MAX = 200
WIDTH = 76
ITEMS_MAX = 60
LINKS = ("dashboard", "unsubscribe")


def subject(alert: Alert) -> str:
    """`[story title] headline`: the part in brackets is the same for the whole story. No controls, at most 200.

    An encoded word (RFC 2047) in a headline would be decoded by the mail library, line ends and all (CVE-2024-6923).
    """
    owner = shown(alert.story_title, 80) or ("monitor" if not alert.article_source else shown(alert.article_source, 80))
    return shown(f"[{owner}] {shown(alert.title, SUBJECT_CHARS_MAX)}".replace("=?", "= ?"), SUBJECT_CHARS_MAX)


def text(alert: Alert, links: Mapping[str, Any], items_max: int = ITEMS_MAX) -> str:
    """The text part, with at most `items_max` lines in each of its lists."""
    lines = [label(alert).upper() + (f" - {alert.phase}" if alert.phase else ""), "", *_wrap(isolated(alert.title))]
    byline = [
        part for part in (shown(alert.article_source, 80), when(alert.published_at), coverage_line(alert)) if part
    ]
    if byline and alert.story_id:
        lines.append(" | ".join(byline))
    if url := urls.fetchable(alert.article_url):
        lines.append(url)
    lines += _section(
        "What changed", [f"{s}: {b} -> {a}" + (f'\n"{q}"' if q else "") for s, b, a, q in changed(alert)[:items_max]]
    )
    if alert.summary:
        lines += ["", *_wrap(isolated(alert.summary, 2000))]
    lines += [line for note in alert.notes for line in ("", *_wrap(shown(note)))]
    lines += _section("", [_item(item) for item in alert.items[:items_max]])
    if more := len(alert.items) - items_max:
        lines += ["", f"... and {more} more, on the page of this alert."] if more > 0 else []
    lines += _section("Also reported by", [_item(item) for item in alert.also_reported_by[:items_max]])
    lines += _section("Still carrying the old fact", [_item(item) for item in alert.still_carrying[:items_max]])
    if alert.origin and alert.story_id:
        lines += ["", f"Origin: {shown(alert.origin, 120)}"]
    lines += _section("Why you got this", evidence(alert.reasons))
    lines += _links(links)
    return "\n".join(lines).strip() + "\n"


def _item(item: Any) -> str:
    url = urls.fetchable(item.url)
    return f"{isolated(item.title, 300)} - {place(item)}" + (f"\n{url}" if url else "")


def _wrap(line: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        line, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _section(heading: str, entries: list[str]) -> list[str]:
    if not entries:
        return []
    lines = ["", heading] if heading else [""]
    for entry in entries:
        first, *rest = entry.split("\n")
        wrapped = _wrap(first, "    ")
        lines += ["  - " + (wrapped[0].strip() if wrapped else ""), *wrapped[1:]]
        lines += [line for more in rest for line in _wrap(more, "    ")]
    return lines


def _links(links: Mapping[str, Any]) -> list[str]:
    feedback = links.get("feedback") or {}
    named = (
        ("The alert with its evidence", links.get("dashboard")), ("Not this story", feedback.get("no")),
        ("Important", feedback.get("important")), ("No more of this story", links.get("unsubscribe")),
    )  # fmt: skip
    lines = [f"{name}: {url}" for name, url in named if url]
    return ["", "-" * 20, *lines] if lines else []


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shown"] = isolated
    environment.filters["link"] = urls.fetchable
    environment.filters["place"] = place
    environment.filters["when"] = when
    return environment.from_string(read("mail.html"))


def html(alert: Alert, links: Mapping[str, Any], items_max: int = ITEMS_MAX) -> str:
    """The HTML part: no remote content, no script, outside text escaped, links http(s) only with their host shown."""
    return _template().render(
        alert=alert, label=label(alert), changes=changed(alert)[:items_max], coverage=coverage_line(alert),
        why=evidence(alert.reasons), links=dict.fromkeys(LINKS, "") | dict(links),
        feedback={"no": "", "important": ""} | dict(links.get("feedback") or {}), items_max=items_max,
        host=urls.display(alert.article_url),
    )  # fmt: skip
