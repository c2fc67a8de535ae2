"""Teaches the background of news new actors: `python -m bench.background` completes monitor/data/concept_sets.tsv.

The background says how often ordinary news names countries, organisations and classes of people together; only counts
are kept, no text. After rows were added to actors.tsv, this counts the sets that name them over every distinct headline
(with its summary) of the recorded feeds and of one week of all news, scaled to the size of the table.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

from bench import quality_chronicles, quality_sets
from monitor.core.language import gazetteer
from monitor.core.relevance.features import read

TARGET = Path(__file__).resolve().parents[1] / "monitor/data/concept_sets.tsv"


def main() -> None:
    """Count, scale and append."""
    text = TARGET.read_text("utf-8")
    known = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    size = sum(int(row[0]) for row in known)
    old = {concept for row in known for concept in row[1].split()}
    new = {code for code in gazetteer.actor_names() if code not in old}
    sets: Counter[str] = Counter()
    stream = [*quality_chronicles.recorded(), *quality_sets.headlines("haystack.entries.jsonl")]
    for entry, _ in stream:
        reading = read(entry)
        found = [*reading.actors.values(), *reading.people.values()]
        concepts = {one.concept for one in found if one.strength > gazetteer.WEAK}
        if not concepts.isdisjoint(new):
            sets[" ".join(sorted(concepts))] += 1
    rows = [(math.ceil(count * size / len(stream)), concepts) for concepts, count in sets.items()]
    rows.sort(key=lambda row: (-row[0], row[1]))
    TARGET.write_text(text + "".join(f"{count}\t{concepts}\n" for count, concepts in rows), encoding="utf-8")
    print(f"{len(rows)} sets with {len(new)} new actors, from {len(stream)} documents")


if __name__ == "__main__":
    main()
