"""Makes the background of news: `python -m bench.background words` and `python -m bench.background actors`.

Only counts are kept, no text. *words*: how rare each stem is, from a list of words with the headlines and the weeks in
which each occurs over many months (monitor/data/stem_headlines.tsv). A stem counts as many headlines as its weeks
imply, if it came evenly, and never more than it has: the names of one week's event are no common words, however often
that week wrote them. To refresh it, count a newer list the same way. *actors*: after rows were added to actors.tsv,
counts how often ordinary news names them together with others over every distinct headline (with its summary) of the
recorded feeds and of one week of all news, scaled to the size of monitor/data/concept_sets.tsv; completes that table.
"""

from __future__ import annotations

import lzma
import math
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from bench import quality_chronicles, quality_sets
from monitor.core.language import gazetteer
from monitor.core.language.rarity import UNSEEN_HEADLINES
from monitor.core.language.words import stem
from monitor.core.relevance.features import read
from monitor.core.text import words

DATA = Path(__file__).resolve().parents[1] / "monitor/data"
TARGET = DATA / "concept_sets.tsv"
STEMS = DATA / "stem_headlines.tsv"
WORD_LIST = quality_sets.SHARED / "data/words/headline_words.tsv.xz"
_SIZE = re.compile(r"(\d+) headlines of many outlets, (\d+) ISO weeks, ([\d-]+)\.\.([\d-]+)")


def stems() -> None:
    """Count stems robustly over the word list."""
    rows = lzma.decompress(WORD_LIST.read_bytes()).decode("utf-8").splitlines()
    found = _SIZE.search(rows[0])
    assert found, rows[0]
    total, weeks = int(found[1]), int(found[2])
    counts: Counter[str] = Counter()
    quiet: dict[str, float] = defaultdict(lambda: 1.0)  # the share of weeks in which no form of the stem occurs
    for row in rows[1:]:
        written, headlines, seen = row.split("\t")
        for word in words(written):
            counts[stem(word)] += int(headlines)
            quiet[stem(word)] *= 1 - int(seen) / weeks
    robust = {
        term: round(min(count, weeks * -math.log(quiet[term])) if quiet[term] > 0 else count)
        for term, count in counts.items()
    }
    kept = sorted(((n, t) for t, n in robust.items() if n > UNSEEN_HEADLINES), key=lambda row: (-row[0], row[1]))
    head = f"# stem\theadlines that have it, of those in the first row ({found[3]} to {found[4]}), bursts evened out\n"
    STEMS.write_text(f"{head}*\t{total}\n" + "".join(f"{t}\t{n}\n" for n, t in kept), "utf-8")
    print(f"{len(kept)} stems of {total} headlines")


def actors() -> None:
    """Count, scale and append the sets that name new actors."""
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
    {"words": stems, "actors": actors}[sys.argv[1] if len(sys.argv) > 1 else "words"]()
