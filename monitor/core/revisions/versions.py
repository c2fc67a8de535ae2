"""Two versions of one article: none, touch, revision or correction, with every typed change and a word diff."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import accumulate
from typing import Any

from monitor import data
from monitor.core.documents import boilerplate, notices
from monitor.core.revisions import announced, detectors, diff_html, facts, findings, moved, weights
from monitor.core.text import sentences
from monitor.model import Revision, RevisionVerdict, TextChange

CHANGES_MAX = 40  # changes listed (set)
TEXT_CHARS_MAX = 128 * 1024  # characters compared (set)
SENTENCES_MAX = 500  # sentences compared (set)
# Characters of either version whose facts are read: of 157 recorded articles the longest has 26,696.
READ_CHARS_MAX = 32 * 1024
HEADLINE_CHARS_MAX = 220  # characters of a headline (set)
# Characters of a text that may have been cut off, and of one that says so: "...", "read more" (set).
CUT_CHARS_MIN, MARKED_CHARS_MIN = 120, 40
_QUOTE_BEFORE = re.compile(r"\s*[\"“”'‘’«»„][^\"“”«»„]{3,160}[\"“”'‘’«»]\s?[:–—-]\s?")
_ASKS = ("?", "？", "؟")
_BLANKS = re.compile(r"\s+")
# What feeds put where they break a text off: an ellipsis, an invitation to read on, where it appeared first.
CUT_MARK_CHARS_MAX = 300  # characters of all that (set)
_ELLIPSIS = r"(?:…|\.{3}|&hellip;|&#8230;|&#x2026;)"
_READ_ON = rf"(?:(?<![^\W_])(?:{data.patterns('read_on')})|{data.patterns('read_on_unspaced')})"
_CUT_MARK = re.compile(
    rf"(?:\s{{0,4}}(?:[\[(]\s?{_ELLIPSIS}?|{_ELLIPSIS}|[»>→])){{0,6}}\s{{0,4}}(?:{_READ_ON}[\s\])»>→.…]{{0,6}})?"
    r"(?:\n{1,4}\s{0,4}The post .{1,200} (?:appeared first|first appeared) on .{1,80})?[\s\])»>→.…]{0,6}\Z",
    re.IGNORECASE,
)


def compare(
    old: str, new: str, published_at: datetime | None = None, *, old_title: str = "", new_title: str = "",
    address: str = "",
) -> Revision:  # fmt: skip
    """How two versions of a page differ. Titles may be given apart, or stand as the first line of the text.

    Facts come first, notices last. `unannounced` is True where facts changed and no notice says so.
    """
    before, after = _joined(old_title, old)[:TEXT_CHARS_MAX], _joined(new_title, new)[:TEXT_CHARS_MAX]
    if _BLANKS.sub(" ", before).strip() == _BLANKS.sub(" ", after).strip():
        return Revision("none")
    html = diff_html.html(before.strip(), after.strip())
    if _is_cut(before, after):
        return Revision("touch", (), html)
    fresh = announced.fresh(before, after)
    found = _changes(before, after, fresh, published_at)
    elsewhere = not fresh and moved.on(_parts(before), _parts(after), address)
    changes = dict.fromkeys(finding.change for finding in found)
    facts = tuple(sorted(changes, key=_told)[:CHANGES_MAX])
    if fresh:
        said = tuple(TextChange("notice", "", notice, notice) for notice in fresh[:CHANGES_MAX])
        return Revision("correction", (*facts[: CHANGES_MAX - len(said)], *said), html)
    verdict: RevisionVerdict = "revision" if sum(finding.weight for finding in found) >= weights.DECISIVE else "touch"
    decided = verdict == "revision"
    return Revision(verdict, facts if decided else (), html, unannounced=decided, moved_on=elsewhere)


def _joined(title: str, text: str) -> str:
    """Title and text; a text that has its title as its first line already, as it is."""
    stands = text.startswith(title) and text[len(title) :][:1] in ("", "\n")
    return f"{title}\n\n{text}" if title and not stands else text


def _parts(text: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition("\n")
    return first if len(first) <= HEADLINE_CHARS_MAX else "", rest.strip()


def _changes(before: str, after: str, told: list[str], published_at: datetime | None) -> tuple[findings.Finding, ...]:
    both = read(before, after, told, published_at)
    return detectors.findings(both) if both else ()


def read(before: str, after: str, told: list[str], published_at: datetime | None = None) -> findings.Versions | None:
    """Both versions beside the notices `told`, ready for comparison, or None where the new one is but cut off.

    A headline that is marked as corrected is compared without its mark.
    """
    before, marked, after = notices.unmarked(before), after, notices.unmarked(after)
    if after != marked and not notices.find(after.partition("\n")[0]):
        told = [notice for notice in told if notice not in marked.partition("\n")[0]]
    if _is_cut(before, after):
        return None
    before, after = _without_quote(after, before), _without_quote(before, after)
    old = sentences(boilerplate.without(before))[:SENTENCES_MAX]
    new = [part for part in sentences(boilerplate.without(after)) if not _is_told(part, told)][:SENTENCES_MAX]
    old, new = _within(_of_the_matter(old, new), _of_the_matter(new, old))
    return findings.versions(old, new, published_at, (_headline(before), _headline(after)))


def _without_quote(before: str, after: str) -> str:
    """A text without a quotation put before the same headline: "\"We are lost\": Ship sinks" -> "Ship sinks"."""
    first, newline, rest = after.partition("\n")
    quoted = _QUOTE_BEFORE.match(first)
    if quoted and findings.key(first[quoted.end() :]) == findings.key(before.strip().partition("\n")[0]):
        return f"{first[quoted.end() :]}{newline}{rest}"
    return after


def _of_the_matter(parts: list[str], others: list[str]) -> list[str]:
    """Without the sentences of one version that serve the page: credits, first publication, questions to the reader."""
    both = set(others)
    return [part for place, part in enumerate(parts) if part in both or not _serves(part, place)]


def _within(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """As much of both versions as is read: first what only one of them says, then what both do, from the head on."""
    if max(sum(map(len, old)), sum(map(len, new))) <= READ_CHARS_MAX:
        return old, new
    old, new = ([part[: facts.READ_CHARS_MAX] for part in parts] for parts in (old, new))
    both = set(old).intersection(new)
    gone, come = (_first([part for part in parts if part not in both], READ_CHARS_MAX) for parts in (old, new))
    left = READ_CHARS_MAX - max(sum(map(len, gone)), sum(map(len, come)))
    kept = {*gone, *come, *_first([part for part in new if part in both], left)}
    return [part for part in old if part in kept], [part for part in new if part in kept]


def _first(parts: list[str], chars: int) -> list[str]:
    """The parts that end within so many characters."""
    return [part for part, end in zip(parts, accumulate(map(len, parts)), strict=True) if end <= chars]


def _serves(part: str, place: int) -> bool:
    """Whether a sentence serves the page; what stands first is a headline, whatever it asks or promises."""
    return place > 0 and (part.endswith(_ASKS) or boilerplate.is_furniture(part))


def _is_told(sentence: str, told: list[str]) -> bool:
    return any(sentence[: notices.NOTICE_CHARS_MAX] in notice for notice in told)


def _is_cut(before: str, after: str) -> bool:
    """Whether the new text is the old one, broken off: a truncated body is no change of fact."""
    after = after.rstrip()
    end = max(0, len(after) - CUT_MARK_CHARS_MAX)
    mark = _CUT_MARK.search(after, end)
    cut = (after[: mark.start()] if mark else after).rstrip(" .…\n“”„«»\"'‘’([")
    whole, start = findings.key(before), findings.key(cut)
    marked = mark is not None and bool(mark.group().strip(" .\n"))
    return len(start) >= (MARKED_CHARS_MIN if marked else CUT_CHARS_MIN) and whole.startswith(start)


def _headline(text: str) -> str:
    """The first line, where it is short enough to be a headline."""
    first = text.strip().partition("\n")[0]
    return first if len(first) <= HEADLINE_CHARS_MAX else ""


def _told(change: TextChange) -> int:
    """The order in which people want to hear it: old -> new before what is only new or only gone."""
    swapped = bool(change.before and change.after)
    if change.kind == "headline":
        return 1
    if change.kind == "text":
        return 3
    return 0 if swapped else 2


def to_dict(revision: Revision) -> dict[str, Any]:
    """The JSON of `monitor diff`."""
    return {
        "verdict": revision.verdict,
        "changes": [
            {"kind": change.kind, "before": change.before, "after": change.after, "sentence": change.sentence}
            for change in revision.changes
        ],
        "html": revision.html,
        "moved_on": revision.moved_on,
    }
