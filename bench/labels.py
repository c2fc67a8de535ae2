"""`python -m bench.labels [open|kept]`: how well the labels made by hand are met.

Of the half `kept` only totals are printed, whatever is asked: nobody who changes a rule may read its lines. Of `open`,
every row that is not met is shown.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from monitor.core import revisions
from monitor.core.text import sentences
from monitor.model import Revision

LABELS = Path(__file__).resolve().parents[1] / "tests" / "labels"
RECORDED = Path(__file__).resolve().parents[1] / "../shared/data/revisions"
TOPICS = RECORDED.parent / "topic"
FIGURE_KINDS = ("figure", "date")
Miss = tuple[str, str, Revision]


def rows(half: str, name: str) -> Iterator[dict[str, Any]]:
    """The labels of one half."""
    with (LABELS / half / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@cache
def recorded(path: Path) -> tuple[str, ...]:
    """The recorded articles that labels name by line."""
    return tuple(path.read_text("utf-8").splitlines())


def notices(half: str) -> tuple[Counter[str], list[Miss]]:
    """Notices seen and missed, furniture left alone and taken for a notice or for news.

    What tells of somebody else's correction (expected: `revision`) may be news, and is no notice.
    """
    counts, missed = Counter[str](), []
    for row in rows(half, "notices"):
        old, new = row["old"], row["new"]
        found = revisions.compare(old["text"], new["text"], old_title=old["title"], new_title=new["title"])
        right = (found.verdict == "correction") == (row["expected"] == "correction") and (
            row["expected"] != "touch" or found.verdict != "revision"
        )
        counts[f"{row['kind']} {'right' if right else 'wrong'}"] += 1
        if not right:
            missed.append((row["id"], new["title"] + " / " + new["text"][-160:], found))
    return counts, missed


def additions(half: str) -> tuple[Counter[str], list[Miss]]:
    """News put into a report: told as a revision, or missed; background put there: left alone, or told (false)."""
    counts, missed = Counter[str](), []
    for row in rows(half, "additions"):
        old, new = row["old"], row["new"]
        found = revisions.compare(old["text"], new["text"], old_title=old["title"], new_title=new["title"])
        told = found.verdict in ("revision", "correction")
        outcome = (
            ("told" if told else "missed")
            if row["expected"] == "revision"
            else "false" if told else "left alone"
        )  # fmt: skip
        counts[outcome] += 1
        if outcome in ("missed", "false"):
            missed.append((row["id"], new["text"][-160:], found))
    return counts, missed


def continued(row: Mapping[str, Any]) -> tuple[str, str]:
    """A real article up to a sentence, and with it."""
    article = json.loads(recorded(TOPICS / row["file"])[row["article"]])
    parts = sentences(article["text"])[: row["sentence"] + 1]
    before, after = (f"{article.get('title') or ''}\n\n{' '.join(each)}".strip() for each in (parts[:-1], parts))
    return before, after


def figures(half: str) -> tuple[Counter[str], list[Miss]]:
    """Figures that changed, told or missed, and those that were only written otherwise, left alone or told (false)."""
    counts, missed = Counter[str](), []
    for row in rows(half, "figures"):
        found = revisions.compare(row["old"], row["new"])
        changed = found.verdict == "revision" and any(change.kind in FIGURE_KINDS for change in found.changes)
        outcome = (
            ("told" if changed else "missed")
            if row["expected"] == "figure"
            else "false" if found.verdict in ("revision", "correction") else "left alone"
        )  # fmt: skip
        counts[outcome] += 1
        if outcome in ("missed", "false"):
            missed.append((row["id"], f"{row['old']} / {row['new']}", found))
    return counts, missed


def macro_f1(counts: Counter[tuple[str, str]]) -> float:
    """Mean F1 of the labels that occur; `counts` are (label, verdict)."""
    labels = sorted({label for label, _ in counts})
    scores = []
    for label in labels:
        hits = counts[label, label]
        wrong = sum(n for (true, told), n in counts.items() if (true == label) != (told == label))
        scores.append(2 * hits / (2 * hits + wrong) if hits else 0.0)
    return sum(scores) / len(scores)


def pairs(half: str) -> tuple[Counter[tuple[str, str]], list[Miss]]:
    """(label, verdict) of recorded pairs; a page that moved on to another matter is `other`."""
    counts, missed = Counter[tuple[str, str]](), []
    for row in rows(half, "pairs"):
        article = json.loads(recorded(RECORDED / row["file"])[row["article"]])
        old, new = article["versions"][row["old_version"]], article["versions"][row["new_version"]]
        found = revisions.compare(
            old["summary"], new["summary"], old_title=old["title"], new_title=new["title"], address=article["url"]
        )
        verdict = "other" if found.moved_on else "touch" if found.verdict == "none" else found.verdict
        counts[row["label"], verdict] += 1
        if verdict != row["label"]:
            told = f"{row['label']}, not {verdict} ({row['why']}): {old['title']} | {old['summary']}"
            missed.append(
                (f"{row['file']}:{row['article']}", f"{told}\n     -> {new['title']} | {new['summary']}", found)
            )
    return counts, missed


def versions(half: str) -> tuple[Counter[tuple[str, str]], list[Miss]]:
    """(label, verdict) of two versions of our own, whose facts are none where `no_facts` lists them."""
    counts, missed = Counter[tuple[str, str]](), []
    for row in rows(half, "versions"):
        old, new = (row[name].partition("\n\n") for name in ("old", "new"))
        found = revisions.compare(old[2], new[2], old_title=old[0], new_title=new[0])
        verdict = "other" if found.moved_on else "touch" if found.verdict == "none" else found.verdict
        listed = {change.after for change in found.changes if change.kind not in ("headline", "text")}
        counts[row["expected"], verdict] += 1
        if verdict != row["expected"] or not listed.isdisjoint(row["no_facts"]):
            missed.append((row["id"], f"{row['expected']}, not {verdict}: {row['old']} -> {row['new']}", found))
    return counts, missed


def classes(counts: Counter[tuple[str, str]]) -> str:
    """Precision and recall of each label; `counts` are (label, verdict)."""
    told = []
    for label in sorted({label for label, _ in counts}):
        hits = counts[label, label]
        given = sum(number for (_, verdict), number in counts.items() if verdict == label)
        true = sum(number for (own, _), number in counts.items() if own == label)
        told.append(f"{label} precision {hits / max(1, given):.2f}, recall {hits / true:.2f}")
    return "; ".join(told)


def show(half: str) -> None:
    """Print the totals of one half, and of the open one what was not met."""
    met, missed = notices(half)
    of = {kind: met[f"{kind} right"] + met[f"{kind} wrong"] for kind in ("notice", "furniture")}
    print(f"{half}: notices {met['notice right']} of {of['notice']}", end=", ")
    print(f"furniture left alone {met['furniture right']} of {of['furniture']}")
    added, unmet = additions(half)
    print(f"{half}: news and background added to a report {dict(sorted(added.items()))}")
    missed += unmet
    told, unmet = figures(half)
    print(f"{half}: figures {dict(sorted(told.items()))}")
    missed += unmet
    written, unmet = versions(half)
    total = written.total()
    print(f"{half}: versions of our own {total - len(unmet)} of {total} {dict(sorted(written.items()))}")
    missed += unmet
    if RECORDED.exists():
        found, unmet = pairs(half)
        print(f"{half}: revisions macro-F1 {macro_f1(found):.3f} {dict(sorted(found.items()))}")
        print(f"{half}: {classes(found)}")
        missed += unmet
    for name, text, revision in missed if half == "open" else ():
        changes = [(change.kind, change.before[:40], change.after[:40]) for change in revision.changes]
        print(f"  {name}: {text}\n     {revision.verdict} {changes}")


def main() -> None:
    """Both halves, or the one that is asked for."""
    for half in sys.argv[1:] or ["open", "kept"]:
        show(half)


if __name__ == "__main__":
    main()
