"""States of play that a headline gives: who is ahead, what is stuck, whether a fire is held, what is about to happen.

They stand in phrases that share no stem with what comes after them ("stuck" -> "turning again"), and two of one matter
cannot both be. A headline that no longer says that a thing is on the brink says how it ended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from monitor import data
from monitor.core.language import lexicon
from monitor.core.revisions import facts

# What is about to be, and what another headline on it would say of the same: neither has come to an end.
_BRINK = re.compile(
    r"\b(?:on\s(?:the\s)?(?:brink|verge|cusp|edge|point|threshold)\sof|close\sto\s\w+ing|about\sto\s\w+|hang(?:s|ing)?\sby\sa\sthread"
    r"|hang(?:s|ing)?\sin\sthe\sbalance|in\sthe\sbalance|on\sa\sknife[’'-]?\s?edge|poised\sto|looms?\b|looming|within\s(?:hours|days)\sof|teeter(?:s|ing)?"
    r"|(?:jury|jurors)\s(?:is\s|are\s)?(?:still\s)?out\b)",
    re.IGNORECASE,
)
_YET_TO_COME = re.compile(
    r"\b(?:brink|verge|cusp|edge|about\sto|close\sto|near(?:s|ing)?|looms?|looming|threat\w*|fears?|feared|risks?|could|may|might|will|set\sto"
    r"|poised|teeter\w*|face[sd]?|facing|prepar\w+|ready|braced?|braces|await\w*|wait\w*|warn\w*|crisis|turmoil|trouble|deciding|decides?|doubt"
    r"|jury|expected|heads?\sfor|heading|imminent\w*|likely|still|to\s[a-z]+)\b",
    re.IGNORECASE,
)
# "Does not come from the mill", "is not from the mill": where something is from, denied and then told.
_NOT_FROM = re.compile(
    r"(?:\bnot|n[’']t)\s(?:(?:come|stem|originate|arise|arising|coming|start|spread|leak\w*)\s)?(?:from|caused\sby|due\sto)\s(?P<what>[^,;:]{2,60})",
    re.IGNORECASE,
)
# "Started by a pupil" -> "not arson": a cause that was told and is taken back.
_CAUSED = re.compile(
    r"\b(?:(?:started|caused|sparked|triggered|set|lit|sunk|downed|hit)\sby|blamed\son|due\sto|linked\sto|traced\sto"
    r"|(?:was|were|is)\s(?:arson|murder|sabotage|suicide|an?\s(?:bomb|attack|hoax)))\b",
    re.IGNORECASE,
)
_NO_CAUSE = re.compile(
    r"\b(?:not|n[’']t|no)\s(?:an?\s|to\sblame\sfor\s|caused\sby\s|due\sto\s|linked\sto\s|started\sby\s|set\sby\s)?"
    r"(?:arson|murder|sabotage|suicide|bomb|attack|hoax|foul\splay|suspicious|deliberate|link|linked|caused|started|to\sblame|responsible)\b"
    r"|\brules?\sout\b|\bruled\sout\b",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?<!\bnot\s)(?<!far\s)\b(?:from|caused\sby|due\sto|was|is)\s(?P<what>[^,;:]{2,60})", re.IGNORECASE)
# Of these one more beside the other is news, too: "storm watch" -> "snow warning and storm watch".
_GRADES = frozenset(("weather", "health", "take-off", "notice"))
# Who meets whom, how one follows it, and a name.
_VERSUS = re.compile(r"\s(?:v|vs)\.?\s")
_AGAINST = re.compile(rf"{_VERSUS.pattern}|(?<=[\w’'])\s(?:faces?|hosts?|takes?\son|meets?|plays?)\s(?=[A-ZÀ-Þ])")
_CHANNEL = re.compile(
    r"\s[-–—]\s(?:follow|watch|listen|clips|radio|live|latest|build-up|how\sto\swatch|text|preview|team\snews|BBC)\b[^\n]{0,60}$"
)
_NAMED = re.compile(r"\b[A-ZÀ-Þ][\w’'-]{2,30}")
_SCORE = re.compile(r"\b\d{1,3}-\d{1,3}\b")
# What is told of a match that is over, and what happens while it is played.
_OVER = re.compile(
    r"\b(?:reaction|relive|(?:points\sshared|shares?\s(?:the\s)?points)|(?<!\bcup\s)draws?(?!\s(?:level|coming))|drawn|held\sby|(?:holds?|hangs?)\son"
    r"|salvages?|stuns?|stunned|clinch\w*|edges?\spast|sees?\soff|falls?\s(?:\w+\s)?short|miss(?:es)?\sout|pipped"
    r"|(?:takes?|wins?)\s(?:the\s)?title|lifts?\s(?:the\s)?(?:trophy|cup)|(?:crash(?:es)?|goes|knocked|bows?)\sout)\b",
    re.IGNORECASE,
)
_RESULTS = frozenset(("win", "loss", "exit"))
_PLAYED = re.compile(
    r"\b(?:goals?|double|brace|hat-?trick|penalty|red\scard|sent\soff|sees\sred|opener|winner|equali[sz]er|try|wickets?|century)\b",
    re.IGNORECASE,
)
_DOES = re.compile(r"(?:[A-ZÀ-Þ][\w’'-]{1,20}\s){1,3}(?!as\b|is\b|has\b|was\b|says\b|vs\b)[a-z]{2,15}(?:s|ed)\b")
# What was done, put behind what it was done to: "Fire at paper mill" -> "Fire at paper mill extinguished".
_DONE = re.compile(
    r"(?:(?:has|have|is|are|was|were|now)\s){0,1}(?:been\s)?(?:under\scontrol|put\sout|called\soff|found(?:\s\w+)?|shut"
    r"|(?!(?:as|re|under)?\w{0,3}(?:reported|updated|explained|revealed|ranked|reviewed|pictured|expected|needed|based|related|recapped"
    r"|answered|explored|remembered|revisited|examined|compared|watched)\b)[a-z]{3,}ed)\W*"
)
_DENIED = re.compile(r"\bnot\b|n[’']t\b|\bnever\b", re.IGNORECASE)


@cache
def _states() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """Of each matter its states, each as a pattern."""
    table: dict[str, dict[str, re.Pattern[str]]] = {}
    for matter, state, words in data.rows("headline_states.tsv"):
        plain = [
            re.escape(word.rstrip("*")).replace(r"\ ", r"\s") + (r"\w*" if word.endswith("*") else "")
            for word in words.split("|")
        ]
        table.setdefault(matter, {})[state] = re.compile(
            rf"(?<![\w-])(?:{'|'.join(sorted(plain, key=len, reverse=True))})(?![\w-])", re.IGNORECASE
        )
    return table


def turn(old: str, new: str) -> str:
    """The words by which the new one of two headlines on one thing gives another state of it, or ""."""
    stays = False
    for matter, states in _states().items():
        before, after = _given(states, old), _given(states, new)
        if before and after and before.keys().isdisjoint(after):
            return next(iter(after.values()))
        if matter in _GRADES and before and (raised := after.keys() - before.keys()):
            return after[min(raised)]
        stays |= matter == "contest" and bool(before) and before.keys() == after.keys()
    if not stays and _BRINK.search(old) and not _YET_TO_COME.search(new):
        return new
    if _CAUSED.search(old) and (taken := _NO_CAUSE.search(new)) and not _NO_CAUSE.search(old):
        return taken.group()
    return _appended(old, new) or _fixture(old, new) or _ended(old, new) or _origin(old, new)


def _fixture(old: str, new: str) -> str:
    """How a match stands, where the old headline only said who meets whom: "A v B" -> "A on top against B"."""
    told = _AGAINST.sub(" ", _CHANNEL.sub("", new)).strip()
    again = _VERSUS.search(new) or (_AGAINST.search(new) and not _DOES.search(told))
    if not _AGAINST.search(old) or again or lexicon.content(told) <= lexicon.content(old):
        return ""
    names = set(_NAMED.findall(old)) & set(_NAMED.findall(new))
    return told if names else ""


def stands(old: str, new: str) -> bool:
    """Whether two headlines on a match say that it stands alike: the same score, or level, ahead and behind alike."""
    scores = [_SCORE.findall(title) for title in (old, new)]
    before, after = (_given(_states()["contest"], title) for title in (old, new))
    return (bool(scores[0]) and scores[0] == scores[1]) or (bool(before) and before.keys() == after.keys())


def _appended(old: str, new: str) -> str:
    """What was put behind a headline that stayed, where it tells what somebody does: "practice: Lund crashes"."""
    head, whole = (_CHANNEL.sub("", title).strip() for title in (old, new))
    rest = whole[len(head) :].strip(" ,:–—-") if head and whole.startswith(head) else ""
    played = _AGAINST.search(head) and _PLAYED.search(rest)
    return rest if played or _DOES.match(rest) or _DONE.fullmatch(rest) else ""


def _ended(old: str, new: str) -> str:
    """How a match ended that was only announced or being played: "A 1-1 B - radio" -> "A held by B - reaction"."""
    played = _given(_states()["contest"], old) or any(each.search(old) for each in (_AGAINST, _SCORE, _CHANNEL))
    won = any(lexicon.event(word) in _RESULTS for word in facts.happened(facts.read(old, None)))
    if not played or won or _OVER.search(old):
        return ""
    told = _OVER.search(new)
    fresh = lexicon.content(new) - lexicon.content(f"{old} reaction highlights clips report")
    return told.group() if told and fresh and set(_NAMED.findall(old)) & set(_NAMED.findall(new)) else ""


def _given(states: Mapping[str, re.Pattern[str]], title: str) -> dict[str, str]:
    """The states that a headline gives, with their words; earlier ones take theirs: "shares lead" is no lead."""
    found: dict[str, str] = {}
    for state, words in states.items():
        if match := words.search(title):
            found[state] = match.group()
            title = words.sub(" ", title)
    return found


def _origin(old: str, new: str) -> str:
    """Where something comes from, told where it was denied of something else."""
    denied, told = _NOT_FROM.search(old), _FROM.search(new)
    if denied is None or told is None or _DENIED.search(new):
        return ""
    one, other = lexicon.content(denied["what"]), lexicon.content(told["what"])
    return told.group() if other and one.isdisjoint(other) else ""
