"""What needs somebody, in words: at most three sentences on a page, the worst first, one link each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.core.presentation import phrases
from monitor.model import SourceStatus

# More than three red sentences are read by nobody (design of the pages).
SENTENCES_MAX = 3


@dataclass(frozen=True, slots=True)
class Trouble:
    """One sentence: whom it is about, what is wrong, and where to go."""

    text: str
    who: str = ""
    path: str = ""
    link: str = ""


def troubles(
    blocked: str, config_ok: bool, failing: Sequence[tuple[SourceStatus, str, str]], off: Mapping[str, str],
    dead: Mapping[str, int], unheard: Mapping[str, str],
) -> list[Trouble]:  # fmt: skip
    """`failing`: status, name, and since when in words; `off`: why channels are off; `dead`: given up, by channel.

    `unheard`: since when nothing has come through to a channel, in words.
    """
    found = (
        [Trouble(f"Nothing is read or sent: {blocked}. It goes on by itself once that is mended.")] if blocked else []
    )
    if not config_ok:
        text = "The last change of the configuration is wrong and ignored; what ran before still runs."
        found.append(Trouble(text, path="/settings", link="Settings"))
    for channel, why in sorted(off.items()):
        text = f"is switched off: {why}. What is told waits for it."
        found.append(Trouble(text, f"Channel {channel}", f"/deliveries#c-{channel}", "The channel"))
    for channel, since in sorted(unheard.items()):
        text = f"has taken nothing since {since}. What is told waits for it, and is tried again by itself."
        found.append(Trouble(text, f"Channel {channel}", f"/deliveries#c-{channel}", "The channel"))
    lost = {channel: count for channel, count in sorted(dead.items()) if count}
    if lost:
        many = sum(lost.values())
        text = f"{phrases.counted(many, 'message')} {'was' if many == 1 else 'were'} given up for"
        text = f"{text} {phrases.listed(list(lost))}."
        found.append(Trouble(text, path="/deliveries?state=dead", link="See them" if many > 1 else "See it"))
    if len(failing) <= SENTENCES_MAX - len(found):
        found += [_source(status, name, since) for status, name, since in failing]
    elif failing:
        names = phrases.listed([name for _, name, _ in failing])
        text = f"cannot be read. What {'they publish' if len(failing) > 1 else 'it publishes'} meanwhile comes late."
        found.append(Trouble(text, names, "/sources", "The sources"))
    return found[:SENTENCES_MAX]


def _source(status: SourceStatus, name: str, since: str) -> Trouble:
    why = phrases.failure(status.error, status.detail)
    begun = f" since {since}" if since else ""
    text = f"cannot be read{begun}: {why}. What it publishes meanwhile comes late."
    return Trouble(text, name, f"/sources/{status.source_id}", "The source")
