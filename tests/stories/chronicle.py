"""A story of three years in our own words, played by three outlets, with the editor's sheet: what a watcher should hear.

Facts follow public reporting of 2022-2026; outlets are invented. In `chronicle.txt` a step begins with `@ instant`;
`outlet id | title | text` is published or, under a known id, changed; `> kind | words | name = value ...` is an alert
that an editor would send: words that its headline must have, and facts that it must carry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

SEED = """North Korea hesitates to send workers to occupied Ukraine

3 February 2023

Pyongyang promised Moscow 800 to 1,000 workers to rebuild the parts of Ukraine that Russia holds. They were to come early in
November 2022 and did not. On 20 January North Korea ordered its trading companies in Russia to pick soldiers and police
instead; a first group of 300 to 500 is expected in mid-February or March 2023. North Korean soldiers are easier to control
than civilians, a source in North Korea told the Northern Ledger. Russia and Ukraine are still at war.

Sources used:
- Northern Ledger
- Harbor Post
- Meridian Daily
"""

OUTLETS = {"ledger": "Northern Ledger", "harbor": "Harbor Post", "meridian": "Meridian Daily"}


@dataclass(frozen=True)
class Wanted:
    """An alert of the sheet."""

    kind: str
    words: str
    facts: dict[str, str]


@dataclass
class Step:
    """One instant of the chronicle: what is published (outlet, id, title, text), and the alerts to come."""

    at: str
    published: list[tuple[str, str, str, str]] = field(default_factory=list)
    alerts: list[Wanted] = field(default_factory=list)


def read(path: Path) -> list[Step]:
    """The steps of a sheet."""
    steps: list[Step] = []
    for line in filter(None, path.read_text("utf-8").splitlines()):
        first, *rest = [part.strip() for part in line.split(" | ")]
        if line.startswith("@ "):
            steps.append(Step(line[2:]))
        elif line.startswith("> "):
            facts = dict(part.split(" = ", 1) for part in rest[1:])
            steps[-1].alerts.append(Wanted(first[2:], rest[0], facts))
        else:
            outlet, name = first.split()
            steps[-1].published.append((outlet, name, *rest))
    return steps


STEPS = read(Path(__file__).with_suffix(".txt"))
