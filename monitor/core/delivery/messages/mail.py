"""An alert as a mail: a subject that threads, a text complete on its own, HTML that holds in narrow and dark mode."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from monitor.core import urls
from monitor.core.delivery.messages import worddiff
from monitor.core.delivery.messages.words import (
    LABELS,
    Difference,
    below,
    briefly,
    changed,
    coverage_line,
    elsewhere,
    isolated,
    label,
    notices,
    others,
    place,
    reads,
    shown,
    summary,
    when,
    why,
)
from monitor.data import read
from monitor.model import Alert, Report

if TYPE_CHECKING:
    import jinja2

SUBJECT_CHARS_MAX = 200  # characters of a subject: two lines on a phone, folded on the wire (set)
WIDTH = 76  # characters of a line of text (RFC 5322, 2.1.1: 78 with the line end)
REPORTS_MAX = 10  # of others that tell it too: more push away why it was told, and what to answer (set)
ITEMS_MAX = 60  # lines of a digest (set)
LINKS = ("dashboard", "unsubscribe")
FEEDBACK = ("important", "same_as", "no")


def subject(alert: Alert, of_story: bool = False) -> str:
    """`[story title] Correction: headline`: what is in brackets is the same for the story. No controls, at most 200.

    `of_story`: only what is the same for the whole story, so that programs that thread by subject keep it together.
    An encoded word (RFC 2047) in a headline would be decoded by the mail library, line ends and all (CVE-2024-6923).
    """
    owner = shown(alert.story_title, 80) or ("monitor" if not alert.article_source else shown(alert.article_source, 80))
    if of_story and alert.story_id:
        return f"[{owner}] what changed".replace("=?", "= ?")
    return shown(f"[{owner}] {briefly(alert, SUBJECT_CHARS_MAX)}".replace("=?", "= ?"), SUBJECT_CHARS_MAX)


def text(alert: Alert, links: Mapping[str, Any], items_max: int = ITEMS_MAX) -> str:
    """The text part, with at most `items_max` lines in each of its lists."""
    lines = [shown(alert.story_title, 200)] if alert.story_id else []
    lines += [label(alert).upper() + (f" - {alert.phase}" if alert.phase else ""), "", *_wrap(isolated(below(alert)))]
    byline = [
        part for part in (shown(alert.article_source, 80), when(alert.published_at), coverage_line(alert)) if part
    ]
    if byline and alert.story_id:
        lines.append(" | ".join(byline))
    if url := urls.fetchable(alert.article_url):
        lines.append(url)
    lines += _section("What changed", [_change(row) for row in changed(alert)[:items_max]])
    lines += _section("The publisher says", notices(alert))
    if begins := summary(alert):
        lines += ["", *_wrap(isolated(begins, 2000))]
    if diff := worddiff.in_text(alert.diff_html):
        lines += ["", "Word by word: [-taken out-] {+put in+}", *_wrap(diff, "    ")]
    if not digests(alert):
        lines += _notes(alert)
    for heading, items in grouped(alert.items[:items_max]):
        lines += _section(heading, [_item(item) for item in items])
    if (more := len(alert.items) - items_max) > 0:
        lines += ["", f"... and {more} more, on the page of this alert."]
    reports_max = min(items_max, REPORTS_MAX)
    for heading, reports in (("Still carrying the old fact", alert.still_carrying), (elsewhere(alert), others(alert))):
        lines += _section(heading, [_item(item) for item in reports[:reports_max]])
        if (more := len(reports) - reports_max) > 0:
            lines += [f"  ... and {more} more, on the page of this alert."]
    if alert.origin and alert.story_id:
        lines += ["", f"Origin: {shown(alert.origin, 120)}"]
    lines += _section("Why you got this", why(alert))
    if digests(alert):
        lines += _notes(alert)
    lines += _links(links)
    return "\n".join(lines).strip() + "\n"


def digests(alert: Alert) -> bool:
    """A digest ends with its notes: what was covered."""
    return alert.kind == "story.digest"


def grouped(items: Sequence[Report]) -> list[tuple[str, list[Report]]]:
    """The parts of a digest under what they are, and of which story where it tells of several."""
    several = len({item.story for item in items}) > 1
    found: dict[str, list[Report]] = {}
    for item in items:
        words = (LABELS[item.kind] if item.kind else "", shown(item.story, 100) if several else "")
        found.setdefault(" - ".join(filter(None, words)), []).append(item)
    return list(found.items())


def _notes(alert: Alert) -> list[str]:
    return [line for note in alert.notes for line in ("", *_wrap(shown(note)))]


def _item(item: Report) -> str:
    url = urls.fetchable(item.url)
    detail = f"\n{shown(item.detail, 400)}" if item.detail else ""
    named = " - ".join(filter(None, (isolated(item.title, 300), place(item))))
    return named + detail + (f"\n{url}" if url else "")


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
        ("The alert with its evidence", links.get("dashboard")), ("Important", feedback.get("important")),
        ("The same as an earlier one", feedback.get("same_as")), ("Not this story", feedback.get("no")),
        ("No more of this", links.get("unsubscribe")),
    )  # fmt: skip
    lines = [f"{name}: {url}" for name, url in named if url]
    return ["", "-" * 20, *lines] if lines else []


@cache
def _template() -> jinja2.Template:
    import jinja2  # with its compiler: only who writes a mail needs it

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shown"] = isolated
    environment.filters["link"] = urls.fetchable
    environment.filters["place"] = place
    environment.filters["when"] = when
    return environment.from_string(read("mail.html"))


def _change(row: Difference) -> str:
    told = reads(row, "->")
    told += f" ({row.teller} had said {row.before})" if row.teller else ""
    return f'{told}\n"{row.quote}"' if row.quote else told


def html(alert: Alert, links: Mapping[str, Any], items_max: int = ITEMS_MAX) -> str:
    """The HTML part: no remote content, no script, outside text escaped, links http(s) only with their host shown."""
    differences = changed(alert)[:items_max]
    return _template().render(
        alert=alert, title=below(alert), label=label(alert), changes=differences, coverage=coverage_line(alert),
        notices=notices(alert), summary=summary(alert), diff=worddiff.runs(alert.diff_html), why=why(alert),
        others=others(alert), elsewhere=elsewhere(alert), groups=grouped(alert.items[:items_max]),
        digest=digests(alert), links=dict.fromkeys(LINKS, "") | dict(links),
        feedback=dict.fromkeys(FEEDBACK, "") | dict(links.get("feedback") or {}), items_max=items_max,
        reports_max=min(items_max, REPORTS_MAX),
        host=urls.display(alert.article_url), preview=_preview(alert),
    )  # fmt: skip


def _preview(alert: Alert) -> str:
    """What mail programs show beside the subject, which has the headline: what changed, else how it begins."""
    told = "; ".join(map(reads, changed(alert)[:3]))
    return shown(told or summary(alert) or " ".join(item.title for item in alert.items[:3]), 160)
