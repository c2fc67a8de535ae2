"""`python -m bench.revisions`: how well touches are told from revisions and corrections, and what it costs.

Halves of the labelled pairs are cut by a hash of the page's address. Only "tune" was looked at while rules were made.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from bench import labels, revisions_planted
from bench.labels import macro_f1 as macro_f1
from monitor.core import revisions
from monitor.core.novelty import claims

DATA = Path(__file__).resolve().parents[1] / "../shared/data"
PAIRS = DATA / "revisions/labelled.jsonl"
GOAL = 0.85
NOTICES_GOAL = 0.97
PLANTED_GOAL = 0.95


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The documents of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def half(row: dict[str, Any]) -> str:
    """ "tune" or "report", for ever the same."""
    return ("tune", "report")[hashlib.sha256(row["source"].encode()).digest()[0] % 2]


def said(old: str, new: str) -> str:
    """The verdict of `compare`, with "none" counted as touch."""
    verdict = revisions.compare(old, new).verdict
    return "touch" if verdict == "none" else verdict


def table(title: str, counts: Counter[tuple[str, str]]) -> None:
    """Print a confusion table with its macro-F1."""
    verdicts = ("touch", "revision", *sorted({verdict for _, verdict in counts} - {"touch", "revision"}))
    print(f"{title}: macro-F1 {macro_f1(counts):.3f} (n={sum(counts.values())})")
    print(f"  {'label':12}" + "".join(f"{verdict:>12}" for verdict in verdicts))
    for label in sorted({label for label, _ in counts}, reverse=True):
        print(f"  {label:12}" + "".join(f"{counts[label, verdict]:12d}" for verdict in verdicts))


def labelled() -> dict[str, Counter[tuple[str, str]]]:
    """(label, verdict) counts of the labelled pairs, by half and in all; label "other" is left out."""
    found: dict[str, Counter[tuple[str, str]]] = {"tune": Counter(), "report": Counter(), "all": Counter()}
    for row in rows(PAIRS):
        if row["label"] != "other":
            told = row["label"], said(row["old"], row["new"])
            found[half(row)][told] += 1
            found["all"][told] += 1
    return found


def articles() -> list[str]:
    """Long article bodies to plant changes in."""
    return [row["text"] for row in rows(DATA / "topic/basil.jsonl") if len(row["text"].split()) > 250][:178]


def corrections(most: int | None = None) -> Counter[tuple[str, str]]:
    """Each real notice at the end or the start of an article; beside it the same article with other small print.

    Only the first `most` notices, where that many are enough.
    """
    counts: Counter[tuple[str, str]] = Counter()
    bodies = articles()
    small = "Updated 2 hours ago\n\n3 min read\n\nRead more: Ten pictures of the week\n\n14 comments"
    for index, row in enumerate(islice(rows(DATA / "revisions/correction_notices.jsonl"), most)):
        body = bodies[index % len(bodies)]
        new = f"{body}\n\n{row['notice']}" if index % 2 else f"{row['notice']}\n\n{body}"
        counts["correction", said(f"{row['title']}\n\n{body}", f"{row['title']}\n\n{new}")] += 1
        counts["touch", said(f"{row['title']}\n\n{body}", f"{row['title']}\n\n{body}\n\n{small}")] += 1
    return counts


def unlabelled() -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """First and last version of every recorded revision, with the verdict."""
    found = []
    for name in ("bbc_headlines", "feeds"):
        for row in rows(DATA / f"revisions/{name}.jsonl"):
            old, new = row["versions"][0], row["versions"][-1]
            summaries = (old["summary"], new["summary"]) if old["summary"] and new["summary"] else ("", "")
            verdict = revisions.compare(
                summaries[0], summaries[1], old_title=old["title"], new_title=new["title"]
            ).verdict  # fmt: skip
            found.append((verdict, old, new))
    return found


def cost() -> None:
    """Print milliseconds of `compare` and `claims.extract` on short and long texts."""
    short = [(row["old"], row["new"]) for row in rows(PAIRS)]
    body = max(articles(), key=len)
    long = " ".join(body.split(" ")[:800])
    edited = long.replace("Tuesday", "Thursday") + "\n\nThe minister, Karl Vandersloot, said 45 people were hurt."
    words = sum(len(old.split()) for old, _ in short) / len(short)
    print(
        f"compare, {words:.0f} words: {_ms(lambda: [revisions.compare(*pair) for pair in short]) / len(short):.2f} ms"
    )
    print(f"compare, 800 words: {_ms(lambda: revisions.compare(long, edited)):.1f} ms")
    headline = "North Korea sends 5,000 construction troops to Russia, up to 50,000 more expected, Seoul says"
    print(f"claims.extract, headline: {1000 * _ms(lambda: claims.extract('', None, title=headline)):.0f} us")
    print(f"claims.extract, 500 words: {_ms(lambda: claims.extract(' '.join(long.split(' ')[:500]), None)):.1f} ms")


def _ms(work: Any, times: int = 5) -> float:
    work()
    start = time.perf_counter()
    for _ in range(times):
        work()
    return 1000 * (time.perf_counter() - start) / times


def main(samples: int = 0) -> int:
    """Print everything; with a number, that many random samples of each verdict to read. 1 where a goal is missed."""
    if not PAIRS.exists():
        print("skipped: no recorded revisions")
        return 0
    found = labelled()
    for name in ("tune", "report", "all"):
        table(f"labelled pairs, {name}", found[name])
    for half in ("open", "kept"):
        table(f"recorded pairs of tests/labels, {half}", labels.pairs(half)[0])
    noted, edits = corrections(), revisions_planted.planted(articles())
    table("notices planted in articles", noted)
    revisions_planted.show(edits)
    mass = unlabelled()
    shares = Counter(verdict for verdict, _, _ in mass)
    print("unlabelled revisions, first against last version:", len(mass))
    for verdict, count in shares.most_common():
        print(f"  {verdict:12} {count / len(mass):6.1%}")
    cost()
    for verdict in sorted(shares) if samples else ():
        chosen = [row for row in mass if row[0] == verdict]
        for _, old, new in random.Random(5).sample(chosen, min(samples, len(chosen))):
            print(f"{verdict}\n  - {old['title']} // {old['summary']}\n  + {new['title']} // {new['summary']}")
    reached = macro_f1(found["all"]) >= GOAL and macro_f1(noted) >= NOTICES_GOAL
    return 0 if reached and revisions_planted.worst(edits) >= PLANTED_GOAL else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
