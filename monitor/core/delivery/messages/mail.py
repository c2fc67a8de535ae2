"""An alert as a mail: a subject that threads, a text complete on its own, HTML that holds in narrow and dark mode."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from monitor.core import urls
from monitor.core.delivery.messages import worddiff, words
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
    owner = words.shown(alert.story_title or alert.article_source, 80) or "monitor"
    if of_story and alert.story_id:
        return f"[{owner}] what changed".replace("=?", "= ?")
    return words.shown(f"[{owner}] {words.briefly(alert, SUBJECT_CHARS_MAX)}".replace("=?", "= ?"), SUBJECT_CHARS_MAX)


def text(alert: Alert, links: Mapping[str, Any], items_max: int = ITEMS_MAX) -> str:
    """The text part, with at most `items_max` lines in each of its lists."""
    return _rendered("mail.txt", alert, links, items_max).strip() + "\n"


def html(alert: Alert, links: Mapping[str, Any], items_max: int = ITEMS_MAX) -> str:
    """The HTML part: no remote content, no script, outside text escaped, links http(s) only with their host shown."""
    return _rendered("mail.html", alert, links, items_max)


def _rendered(template: str, alert: Alert, links: Mapping[str, Any], items_max: int) -> str:
    return _templates().get_template(template).render(
        words.told(alert, items_max), title=words.below(alert), label=words.label(alert),
        digest=alert.kind == "story.digest", links=dict.fromkeys(LINKS, "") | dict(links), items_max=items_max,
        reports_max=min(items_max, REPORTS_MAX), host=urls.display(alert.article_url), preview=_preview(alert),
        feedback=dict.fromkeys(FEEDBACK, "") | dict(links.get("feedback") or {}),
    )  # fmt: skip


@cache
def _templates() -> jinja2.Environment:
    import jinja2  # with its compiler: only who writes a mail needs it

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(read), autoescape=jinja2.select_autoescape(), undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "plain": words.shown, "shown": words.isolated, "link": urls.fetchable, "place": words.place, "when": words.when,
        "wrap": _wrap, "bullet": _bullet, "item": _item, "change": _change, "in_text": worddiff.in_text,
    }  # fmt: skip
    return environment


def _item(item: Report) -> str:
    named = " - ".join(filter(None, (words.isolated(item.title, 300), words.place(item))))
    return "\n".join(filter(None, (named, words.shown(item.detail, 400), urls.fetchable(item.url))))


def _wrap(line: str, indent: str = "", hanging: str | None = None) -> str:
    return textwrap.fill(
        line, WIDTH, initial_indent=indent, subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _bullet(entry: str) -> str:
    """The first line of an entry behind a dash, the others under it."""
    first, *rest = entry.split("\n")
    return "\n".join([_wrap(first.strip(), "  - ", "    "), *(_wrap(line, "    ") for line in rest)])


def _change(row: words.Difference) -> str:
    line = words.reads(row, "->")
    line += f" ({row.teller} had said {row.before})" if row.teller else ""
    return f'{line}\n"{row.quote}"' if row.quote else line


def _preview(alert: Alert) -> str:
    """What mail programs show beside the subject, which has the headline: what changed, else how it begins."""
    moved = "; ".join(map(words.reads, words.changed(alert)[:3]))
    return words.shown(moved or words.summary(alert) or " ".join(item.title for item in alert.items[:3]), 160)
