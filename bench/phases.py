"""`python -m bench.phases`: how many of the phases that headlines are said to state they state, and how many are found.

The headlines are of `../shared/data/topic/long`, labelled by one who did not see what the program says of them; half of
those told a phase when they were drawn. `tests/labels/*/phases.tsv` holds the first twelve digits of their SHA-256 and
the labels, not their text. Of the half "kept" only totals are printed.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache

from bench import long_stories
from bench.labels import LABELS
from monitor.core.novelty import phases

BACKGROUND = "-"  # no story of theirs, so that whatever a headline speaks of may be its matter


def digest(headline: str) -> str:
    """What a label knows of its headline."""
    return hashlib.sha256(headline.encode()).hexdigest()[:12]


@cache
def headlines() -> dict[tuple[str, str], str]:
    """The recorded headlines by story and digest."""
    found = {(story.id, digest(row.title)): row.title for story in long_stories.stories() for row in story.rows}
    with lzma.open(long_stories.FOLDER / "background.entries.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            title = json.loads(line)["title"]
            found[BACKGROUND, digest(title)] = title
    return found


def rows(half: str) -> Iterator[tuple[str, str, frozenset[str], str]]:
    """Story, headline, the phases that it may be said to state, and the one that it must."""
    for line in (LABELS / half / "phases.tsv").read_text("utf-8").splitlines()[1:]:
        story, key, may, must = line.split("\t")
        yield story, headlines()[story, key], frozenset(filter(None, may.split(", "))), must


def measure(half: str) -> tuple[Counter[str], list[str]]:
    """How many were told rightly and wrongly, found and missed; and the headlines of which that is so."""
    about = {story.id: phases.matter(story.seed.title, story.seed.text) for story in long_stories.stories()}
    counts, wrong = Counter[str](), []
    for story, headline, may, must in rows(half):
        told = phases.of_headline(headline, about.get(story, frozenset()))
        if told:
            counts["right" if told in may else "wrong"] += 1
        if must:
            counts["found" if told == must else "missed"] += 1
        if (told and told not in may) or (must and told != must):
            wrong.append(f"{told or '-'} for {must or ' or '.join(sorted(may)) or '-'}: {headline}")
    return counts, wrong


def main() -> None:
    for half in ("open", "kept"):
        counts, wrong = measure(half)
        told, stated = counts["right"] + counts["wrong"], counts["found"] + counts["missed"]
        print(
            f"{half}: of {told} phases told {counts['right']} are stated; of {stated} stated {counts['found']} are told"
        )
        if half == "open" and "-v" in sys.argv:
            print("\n".join(wrong))


if __name__ == "__main__":
    main()
