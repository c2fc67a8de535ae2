"""Which notices a new version of an article has that the old one had not.

Those that the rules of `documents.notices` know, and lines for which enough speaks (`line_evidence`).
"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz

from monitor.core.documents import line_evidence, notices
from monitor.core.revisions import findings
from monitor.core.text import paragraphs, sentences

LEAST = 0.5  # log odds from which a line that no rule knows is a notice (set on what weights say of batches left out)
EDITED_RATIO = 80.0  # likeness of a sentence to an old one, in percent, from which it is that one, edited (set)
_BROKEN_OFF = ("...", "…")
SENTENCES_MAX = 200  # sentences of the old version, paragraphs of the new one that are compared (set)
NOTICES_MAX, RUNS_MAX = 40, 40  # notices, and runs of new sentences that may be notices, that are weighed (set)


def fresh(before: str, after: str) -> list[str]:
    """The notices of a new version that no sentence of the old one is."""
    stood = tuple(map(findings.key, notices.find(before, after)))
    told = {findings.key(part) for part in sentences(before)}
    new = [
        notice
        for notice in notices.find(after, before)
        if findings.key(notice) not in told and not findings.key(notice).startswith(stood)
    ]
    found = [each for each in notices.ends(new, NOTICES_MAX) if not notices.tells_of_another(each, before, after)]
    for run in notices.ends([*runs(before, after)], RUNS_MAX):
        known = any(notice in run or run in notice for notice in found)
        if not known and _score(run, after) > LEAST and not notices.tells_of_another(run, before, after):
            found.append(run)
    return found


def _score(run: str, text: str) -> float:
    return line_evidence.score("notice", run, line_evidence.of_pages(run, text.replace(run, " ")))


def runs(before: str, after: str) -> Iterator[str]:
    """What was put in beneath the headline, each run of whole new sentences of one paragraph."""
    head, _, body = after.strip().partition("\n")
    if "\n" not in before.strip() or not body:
        return
    stood = sentences(before)
    keys = {findings.key(part) for part in stood}
    del stood[SENTENCES_MAX:]
    for paragraph in paragraphs(body)[:SENTENCES_MAX]:
        run: list[str] = []
        for part in [*sentences(paragraph), ""]:
            if part and not _is_known(part, keys) and part not in head and not _is_edited(part, stood):
                run.append(part)
            elif run:
                if len(whole := " ".join(run)) <= line_evidence.LINE_CHARS_MAX:
                    yield whole
                run = []


def _is_known(part: str, keys: set[str]) -> bool:
    """Whether a sentence stood in the old version, be it that it is broken off in the new one."""
    begins = findings.key(part)
    return begins in keys or (part.endswith(_BROKEN_OFF) and any(key.startswith(begins) for key in keys))


def _is_edited(part: str, stood: list[str]) -> bool:
    return any(fuzz.ratio(part, old, score_cutoff=EDITED_RATIO) for old in stood)
