"""The words that every sink shares: labels, evidence, and text made safe to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from monitor import data
from monitor.core import urls
from monitor.core.delivery.messages import worddiff
from monitor.core.presentation import phrases
from monitor.core.presentation.moments import MONTHS
from monitor.core.text import clean, counted
from monitor.model import Alert, Reason, Report

LABELS = {row[0]: row[3] for row in data.rows("alert_kinds.tsv")}
BRIEF = {row[0]: row[4].strip("-") for row in data.rows("alert_kinds.tsv")}  # "" where a headline says it itself
EVIDENCE_MAX = 6  # reasons shown, the weightiest (set)
NOTICE = "notice"
ENDING_CHARS_MAX = 3  # characters by which a word is longer in the plural: "children" (set)
_WORDS = re.compile(r"\w+")
WEIGHTS = frozenset(("names", "acts", "against"))  # how much a group of measures weighed: figures, for `explain`


def shown(text: str, chars_max: int = 1000) -> str:
    """Outside text for people: one line, no controls, no bidi or zero-width tricks."""
    return clean(text, chars_max)


def isolated(text: str, chars_max: int = 1000) -> str:
    """Outside text between first-strong isolates, so that its direction cannot leak into ours (UAX #9)."""
    made = shown(text, chars_max)
    return f"\u2068{made}\u2069" if made and not made.isascii() else made


def label(alert: Alert) -> str:
    """What kind of alert this is, in words."""
    return LABELS[alert.kind]


def line(alert: Alert) -> str:
    """One line for terminals, digests and chats."""
    source = f" ({shown(alert.article_source, 80)})" if alert.article_source and alert.story_id else ""
    return f"{headed(alert, 300)}{source}"


def headed(alert: Alert, chars_max: int = 1000) -> str:
    """The title behind the kind of alert, which some titles say themselves: it is said once."""
    return _behind(label(alert), shown(alert.title, chars_max))


def briefly(alert: Alert, chars_max: int) -> str:
    """The title for a subject: behind a word or two where it is old news in a new state and does not say so itself."""
    title = shown(alert.title, chars_max)
    if alert.kind == "story.correction":
        from monitor.core.documents import notice_grammar  # with it come the words of many languages

        if notice_grammar.without_label(title) != title or title.casefold().startswith("correct"):
            return title
    return _behind(BRIEF[alert.kind], title)


def below(alert: Alert) -> str:
    """The title under the kind of alert, which is not said twice."""
    return alert.title.removeprefix(f"{label(alert)}: ")


def _behind(kind: str, title: str) -> str:
    return title if title.casefold().startswith(kind.casefold()) else f"{kind}: {title}"


YOURS = {"seed": "your article"}  # who claims what the reader's article says (see core.novelty.claims)


class Difference(NamedTuple):
    """What reads differently: `before` is empty for what was added, `after` for what was removed.

    `teller` is the outlet that had said `before`, where that is another one, or the reader's own article.
    """

    subject: str
    before: str
    after: str
    quote: str
    teller: str = ""


def differences(alert: Alert) -> list[Difference]:
    """What reads differently, each once: claims, then typed text changes."""
    rows = [(d.subject, d.before, d.after, d.quote, d.before_source) for d in alert.deltas]
    rows += [(c.kind, c.before, c.after, c.sentence, "") for c in alert.changes]
    found: dict[tuple[str, str], Difference] = {}
    for subject, before, after, quote, teller in rows:
        made = Difference(
            shown(subject, 120), shown(before, 400), shown(after, 400), shown(quote, 400),
            shown(YOURS.get(teller, teller), 80) if before and teller != alert.article_source else "",
        )  # fmt: skip
        found.setdefault((made.before.casefold(), made.after.casefold()), made)
    return list(found.values())


def changed(alert: Alert) -> list[Difference]:
    """The differences as people read them: each said once, each sentence quoted once.

    Notices are no change of a fact. What is only new and stands in another new headline or sentence is said there.
    """
    rows = [row for row in differences(alert) if row.subject != NOTICE]
    whole = [row.after for row in rows]
    rows = [row for row in rows if row.before or not any(row.after != said and row.after in said for said in whole)]
    later = [*(row.quote for row in rows[1:]), ""]
    return [
        row._replace(subject=_named(row), quote="" if row.quote in (row.after, following) else row.quote)
        for row, following in zip(rows, later, strict=False)
    ]


def _named(row: Difference) -> str:
    """What changed, in people's words; what is counted in the form of the sentence: "litres" for "litre"."""
    if row.subject == "negation":
        return "meaning"
    subject = row.subject.casefold()
    forms = (word for word in _WORDS.findall(row.quote) if word.casefold().startswith(subject))
    return next((word for word in forms if len(word) <= len(subject) + ENDING_CHARS_MAX), row.subject)


def reads(row: Difference, sign: str = "→") -> str:
    """A difference in a line: "workers: 30,000 → 50,000", "new figure: 12", "figure no longer given: 12"."""
    if row.before and row.after:
        return f"{row.subject}: {row.before} {sign} {row.after}"
    return f"new {row.subject}: {row.after}" if row.after else f"{row.subject} no longer given: {row.before}"


def notices(alert: Alert) -> list[str]:
    """What the publisher says of a correction, beside the headline."""
    return [row.quote for row in differences(alert) if row.subject == NOTICE and row.quote not in ("", alert.title)]


def summary(alert: Alert, chars_max: int = 2000) -> str:
    """How the article begins, without what `changed` and `notices` quote already."""
    begins = shown(alert.summary, chars_max)
    for notice in notices(alert):
        begins = begins.replace(notice, "").strip()
    return "" if any(begins in (row.after, row.quote) for row in changed(alert)) else begins


def evidence(reasons: Iterable[Reason]) -> list[str]:
    """The reasons in plain words, strongest first, each once."""
    ranked = sorted(reasons, key=lambda reason: -abs(reason.value * reason.weight))
    return list(dict.fromkeys(shown(reason.evidence, 300) for reason in ranked if reason.evidence))[:EVIDENCE_MAX]


def why(alert: Alert) -> list[str]:
    """Why this was told, in plain words: what changed or is noted is said already, weights are for `explain`."""
    kinds = WEIGHTS.union(change.kind for change in alert.changes)
    noted = {note.casefold() for note in alert.notes}
    told = (r for r in alert.reasons if r.signal not in kinds and r.evidence.casefold() not in noted)
    return [phrases.weighed(evidence) for evidence in evidence(told)]


def others(alert: Alert) -> tuple[Report, ...]:
    """Who else reported it, but for those named as still carrying the old fact."""
    return tuple(report for report in alert.also_reported_by if report not in alert.still_carrying)


def elsewhere(alert: Alert) -> str:
    """What `others` are under: who told what was changed, corrected or withdrawn has not reported that."""
    if alert.kind == "story.correction" and not alert.diff_html:
        return "What was told before"
    return "The same news elsewhere" if alert.kind in ("story.revision", "story.correction") else "Also reported by"


def coverage_line(alert: Alert) -> str:
    """ "3 outlets, 2 origins known", or "" where only one outlet has it."""
    outlets = len({report.source for report in alert.also_reported_by} | {alert.article_source})
    if outlets < 2:
        return ""
    return f"{counted(outlets, 'outlet')}, {counted(alert.origins, 'origin') if alert.origins else 'no origin'} known"


def when(at: datetime | None) -> str:
    """A date for people, UTC."""
    return f"{at.day} {MONTHS[at.month - 1]} {at:%Y %H:%M} UTC" if at else ""


def place(report: Report) -> str:
    """ "Daily NK (dailynk.com), from Seoul's spy agency": the name, the host the link really leads to, the origin."""
    name, host, origin = shown(report.source, 80), urls.display(report.url), shown(report.origin, 80)
    told = f"{name} ({host})" if host and host != report.source else name
    return f"{told}, from {origin}" if origin and origin != name else told


def grouped(items: Sequence[Report]) -> list[tuple[str, list[Report]]]:
    """The parts of a digest under what they are, and of which story where it tells of several."""
    several = len({item.story for item in items}) > 1
    found: dict[str, list[Report]] = {}
    for item in items:
        heading = (LABELS[item.kind] if item.kind else "", shown(item.story, 100) if several else "")
        found.setdefault(" - ".join(filter(None, heading)), []).append(item)
    return list(found.items())


def told(alert: Alert, items_max: int | None = None) -> dict[str, Any]:
    """What an alert tells, as templates name it; at most `items_max` changes and parts."""
    return {
        "alert": alert, "changes": changed(alert)[:items_max], "notices": notices(alert), "summary": summary(alert),
        "coverage": coverage_line(alert), "diff": worddiff.runs(alert.diff_html), "why": why(alert),
        "groups": grouped(alert.items[:items_max]), "others": others(alert), "elsewhere": elsewhere(alert),
    }  # fmt: skip
