"""What a change is worth where it stands: in a question, in a feature's title, beneath a headline that stayed.

A headline says what happened, so what is new in it counts whole. What stands beneath it in a feed is a teaser, which
editors swap for another, for a caption, or for the second paragraph, while nothing happened.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from monitor.core.language import lexicon, quantities, statements
from monitor.core.revisions import facts, moved, service
from monitor.core.revisions.facts import Sentence
from monitor.core.revisions.findings import Finding, Versions

QUESTION_FACTOR = 0.35  # share that a question's changes weigh (set on labelled pairs)
ASKED_FACTOR = 0.5  # the same of a headline that takes the place of a question: the answer is no event
# Five new facts beneath two titles that tell no news are still another teaser of the same feature.
TEASER_FACTOR = 0.15
# A price, a rate or an index that moved on while the market is open; twice as much is news (set by reading).
TICK_FACTOR = 0.5
TICK_RATIO = 2.0  # of both values, the larger by the smaller (set by reading)
# Share of a headline's words, 0..1, from which it stayed (set by reading).
STAYED_SHARE = 0.6
TEASER_SHARE = 0.5  # share of a teaser's words, 0..1, from which it was reworded and not swapped (set by reading)
SERVED_FACTOR = 0.15  # the same of a last line that names people or speaks of the outlet, and tells nothing
# What names and other words, with nothing that happened, weigh together at most: they do not decide by themselves.
NAMED_CAP = 0.9
DECISIVE = 1.0  # weight of changes that make a revision (set on labelled pairs)
QUESTION = re.compile(
    r"^(?:[^:]{3,40}:\s)?[‘'“\"]?(?:how|why|what|which|who|where|when|is|are|can|could|should|do|does|did|will|would|has"
    r"|have|inside|in pictures|meet|see|read|hear)\b(?!\sthe\smoment)|\?",
    re.IGNORECASE,
)
_MARKET = re.compile(
    r"(?<![\d.,]\s)\b(?:(?<!\ba\s)shares?|stocks?|share\sprice|futures|crude|brent|oil|gold|silver|copper|tin|zinc|nickel"
    r"|alumini?um|platinum|bullion|wheat|cocoa|coffee|bitcoin|ether|crypto\w*|tokens?"
    r"|dollar|euro|sterling|yen|yuan|peso|rupee|rand|lira|kron[ae]|zloty|forint|r[ou]+ble|franc|nasdaq|s&p|ftse|dow|nikkei|dax|cac|index|bonds?|gilts?"
    r"|treasur(?:y|ies)|yields?|markets|(?:the|global|broader)\smarket|borrowing\scosts|wall\sstreet|pound)\b",
    re.IGNORECASE,
)
_TURNS = frozenset(("rise", "fall", "downgrade", "upgrade", "sell", "lead", "end"))
_MOVES = re.compile(
    r"\b(?:r[io]ses?|rising|risen|f[ae]lls?|fallen|falling|climb|jump|soar|surg|rall[iy]|rebound|recover|gain|advanc|slip|slid|slump"
    r"|drop|declin|deepen|stead(?:y|ie)|(?:reach(?:es|ed)?|top)\s[^\s\d]?\d|sell-?off|pare[sd]?\b|on\strack\sfor|heads?\sfor|(?:best|worst|biggest)\s(?:weekly\s|daily\s)?(?:day|week|month|quarter|drop|fall|gain|jump)|sells?\soff|rout\b|tumbl|plung|s[aiu]nk|plummet|los[et]|lost|shed|eas(?:es|ed|ing)|weaken|strengthen|hits?\s(?:\S{1,12}\s){0,3}?(?:high|low|record|peak|level)|trade[sd]\b|tops\b|record\b|above|below)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^(?:[^:]{3,40}:\s)?+(?:a|an|the|this|these|one of|here)\s[^\n]*[^.\n]$", re.IGNORECASE)
# "Sardinia's last weavers": a name that owns a thing, and no verb that would make it news.
_OWNS = re.compile(r"^(?:[^:]{3,40}:\s)?+(?:[A-Z][\w-]*\s){0,2}[A-Z][\w-]*['’]s\s[^\n]*[^.\n]$")
# "Living with the tide": what somebody does, told as a thing.
_DOING = re.compile(r"^(?:[^:]{3,40}:\s)?+(?:Life|[A-Z][a-z]{2,12}ing)\s[^\n]*[^.\n]$")
# "Anna Berg: 'We are tired'": nothing but words of the report, by whom it is about.
_SPOKEN = re.compile(r"^(?:[^:\"“”]{3,40}:\s)?[\"“‘'][^\n\"“”]{3,200}[\"”’']$")
# Somebody's words, and then what the report is about: "'We are tired' - Berg on relegation".
_QUOTE_LED = re.compile(r"^[\"“‘'][^\n\"“”]{8,160}[\"”’']\s?[-–—:]\s")
# Nothing but somebody's words, and nobody named: what a feature is called.
_IN_QUOTES = re.compile(r"^[\"“‘'][^\n\"“”]{3,200}[\"”’']$")
# Somebody's words anywhere in a headline: "Spurs 'unstoppable when calm'".
_QUOTED = re.compile(r"(?<![^\W_])[\"“‘'](?:[^\s\"“”]{1,30}\s){2,30}[^\s\"“”]{1,30}[\"”’'](?![^\W_])")
_DIGEST = re.compile(
    r"\b(?:daily|morning|evening|weekly)\s(?:update|briefing|roundup|round-up|digest)\b", re.IGNORECASE
)
_DONE = re.compile(r"^(?:\w+ed|found|won|lost|beat|shot|held|sent|sold|bought|fell|rose|began|struck|died)$")
_OF_WHICH = re.compile(r"\s(?:that|who|whose|where|which|you)\s", re.IGNORECASE)
# After these stands what was told before: "summons from riot inquiry".
_BACKGROUND = re.compile(
    r"\b(?:from|over|in|after|of|at|amid|during|since|following|despite|on|for|about)\s(?:[^\s,;:]{1,20}\s){0,2}$"
    r"|\bto\s(?:[^\s,;:]{1,20}(?<!ly)\s){1,2}$",
    re.IGNORECASE,
)
# "Berg on cup victory", "sacked despite first win": how it ended was told before.
_ENDED = re.compile(r"\b(?:on|after|over|following|about|despite|for|since)\s(?:[^\s,;:]{1,20}\s){0,3}$", re.IGNORECASE)
_MATCH = re.compile(r"\s(?:v|vs|\d{1,3}-\d{1,3})\.?\s[A-Z]")
# "In landmark ruling", "after shooting": things, whatever their ending.
_NOMINAL = frozenset((
    "ruling", "hearing", "meeting", "sentencing", "shooting", "killing", "stabbing", "bombing", "opening", "closing",
))  # fmt: skip
_RESULTS = frozenset(("win", "loss", "advance"))
_NO_RESULTS = frozenset(("loss", "losing"))  # "loss of student", "after losing warship"
_OUTCOMES = frozenset(("win", "victory", "defeat", "loss", "draw", "wins", "triumph"))
# "Rejects Russian demand": a noun behind the verb.
_OBJECT = re.compile(r"\b[a-z]{3,20}s\s[A-Z][a-z]{1,15}(?:an|ese|ish|i|ch)\s$")
# "Take first wicket", "lose three wickets": what is done in a match, and no noun of something else.
_PLAYED = re.compile(
    r"\b(?:takes?|took|loses?|lost|scores?|scored|grabs?|nets?|bags?|claims?|adds?|concedes?)\s(?:[\w-]{1,12}\s){0,2}$",
    re.IGNORECASE,
)
_PLAYS = frozenset(("wicket", "wickets", "goal", "goals", "try", "tries", "penalty", "point", "points", "set", "pole"))
# "Politician wanted by Spain arrested": which one, before what happened to him.
_WHICH = re.compile(
    r"\s(?:by|for|over|in|from|at)\s(?:[^\s,;:]{1,20}\s){1,3}[a-z]{2,20}(?:ed|(?<!s)(?<!th)(?<!ing)(?<!ion)(?<!er)s)\b"
)
BACKGROUND_CHARS = 60  # room for a preposition and two words
# "Accused of sending", "praised for saving": what was done is said to explain what happened.
_GOVERNED = re.compile(r"\b(?:of|for|by|over|from|after|before|without|while|despite|since)\s$", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?:\b(?:the|an?|this|its|his|her|their)|[’']s)\s$", re.IGNORECASE)
_PARTICIPLE = re.compile(r"(?:ing|ed)$|^(?:lost|broken|stolen|sunken|fallen|slain|held)$")
# "A rate cut", "Berg's attack on the bank": a noun, for in a headline one person or thing "cuts" and "attacks".
_NOUN = re.compile(r"(?:[’']s|s[’']|\b[a-z]{2,20}[^\Ws])\s$")
_NAMED = re.compile(r"\s[A-Z][\w-]*(?:\s[A-Z][\w-]*)*\s[a-z]")  # "Relegated Watford confirm"
_VERBAL = re.compile(
    r"(?:ed|ing|s)$|^(?:found|won|lost|beat|beaten|hit|shot|held|sent|sold|bought|led|fell|rose|sank|broke|began|struck|dead|missing|guilty|hurt|free|clear|start|win|victory|defeat)$"
)
LIST = re.compile(
    r"\s(?:of\sthe\s|more\s|other\s)?(?:\S+\s){0,3}?(?:things|ways|reasons|facts|tips|places|questions|takeaways|lines|books|films"
    r"|recipes|steps|ideas|lessons|moments|photos|pictures|stories|best|most|greatest)\b",
    re.IGNORECASE,
)


def is_background(headline: str, word: str) -> bool:
    """Whether an event stands in a headline only to say what the news is about: "summons from riot inquiry"."""
    at = headline.lower().find(word)
    if at > 0 and _PARTICIPLE.search(word) and _ATTRIBUTE.search(headline[max(0, at - BACKGROUND_CHARS) : at]):
        return True
    if at > 0 and word.endswith("ing") and _GOVERNED.search(headline[max(0, at - BACKGROUND_CHARS) : at]):
        return True
    if at == 0 and word.endswith("ed") and _NAMED.match(headline, len(word)):
        return True
    before = headline[max(0, at - BACKGROUND_CHARS) : at] if at > 0 else ""
    if (word in _OUTCOMES and _ENDED.search(before)) or (word in _NOMINAL and _BACKGROUND.search(before)):
        return True
    if at > 0 and word.endswith("ed") and _WHICH.match(headline, at + len(word)):
        return True
    if at <= 0 or _VERBAL.search(word) or (word in _PLAYS and _PLAYED.search(before)):
        return False
    if _OBJECT.search(before):
        return True
    return bool(_BACKGROUND.search(before) or (" " not in word and _NOUN.search(before)))


def _describes(title: str, word: str) -> bool:
    """Whether a participle says which thing a title names: "The images found in masterpieces"."""
    participle = word == "found" or _PARTICIPLE.search(word) is not None
    return (
        participle
        and re.search(rf"\b{re.escape(word)}\s(?:in|by|on|at|from|during|behind|under|beneath)\b", title.lower())
        is not None
    )


def _is_list(part: Sentence) -> bool:
    """Whether a headline promises a list: "Five ways to ..."."""
    return any(figure.start == 0 and LIST.match(part.text, figure.end) for figure in part.figures)


def _is_feature(title: str) -> bool:
    """Whether a title asks or names a thing instead of telling what happened: beneath it stands only a teaser."""
    if QUESTION.search(title):
        return True
    if _MATCH.search(title) or any(figure.family == "score" for figure in quantities.find(title)):
        return False  # "Women's final: Altdorf 0-0 Marlow" owns nothing
    if any(statements.attributions(title)) or not any(kind.search(title) for kind in (_TITLE, _OWNS, _DOING)):
        return False
    doing = title.partition(": ")[2] or title if _DOING.search(title) else ""
    return bool(_OF_WHICH.search(title)) or all(
        event.ahead or is_background(title, event.word) or doing.lower().startswith(event.word)
        for event in facts.read(title, None).events
    )


def _only_named(finding: Finding, both: Versions) -> bool:
    """Whether all that is new on a page that is written on is a name or a title, or stands beneath it.

    Its headline may say what happened; its teaser takes up another matter every hour.
    """
    words = finding.change.kind in ("name", "place") or finding.clue == finding.part or not both.headline(finding.part)
    return words and all(map(moved.runs, both.titles))


def _is_reaction(both: Versions) -> bool:
    """Whether a report of a result has become what somebody says of it: "Lund beats Holm" -> "'Best day' - Lund"."""
    quoted = _QUOTED.search(both.titles[1])
    if both.is_long or quoted is None or _QUOTED.search(both.titles[0]):
        return False
    told = (event for event in facts.read(both.titles[0], None).events if not event.ahead)
    results = any(event.name in _RESULTS and event.word not in _NO_RESULTS for event in told)
    rest = both.titles[1].replace(quoted.group(), " ")
    return results and all(event.name in _RESULTS for event in facts.read(rest, None).events)


def factors(both: Versions) -> Callable[[Finding], float]:
    """What share of its weight each finding keeps."""
    heads = [part for part in both.added.sentences if both.headline(part.text)]
    fresh = [part for part in heads if not _MATCH.search(part.text)]
    asking = {part.text for part in fresh if QUESTION.search(part.text) or _is_list(part)}
    feature = _TITLE.search(both.titles[0]) and not (both.old.sentences and both.old.sentences[0].events)
    titles = {
        part.text
        for part in fresh
        if _TITLE.search(part.text) and (feature or not part.events or _OF_WHICH.search(part.text))
    }
    if all(map(_TITLE.search, both.titles)):
        told = [part for part in fresh if part.events]
        titles |= {part.text for part in told if all(_describes(part.text, event.word) for event in part.events)}
    titles |= {part.text for part in fresh if not part.events and (_is_feature(part.text) or _SPOKEN.search(part.text))}
    quoted = all(map(_IN_QUOTES.search, both.titles))
    titles |= {part.text for part in fresh if quoted or _IN_QUOTES.search(part.text)}
    teaser = not both.is_long and all(map(_is_feature, both.titles))
    tail = service.served(both)
    running = all(map(moved.runs, both.titles))
    digest = not both.is_long and moved.rounds_up(both.old.text) and moved.rounds_up(both.new.text)
    digest |= all(map(_DIGEST.search, both.titles))
    asked, reaction = QUESTION.search(both.titles[0]) is not None, _is_reaction(both)

    def factor(finding: Finding) -> float:
        if finding.sort == "added news":
            return TEASER_FACTOR if digest or running else 1.0
        headline = both.headline(finding.part)
        if finding.part in tail and finding.sort != "negation flipped":  # a line of the page has no contrary
            return SERVED_FACTOR
        if digest or (teaser and not finding.swapped) or (running and not headline):
            return TEASER_FACTOR
        still = reaction or finding.part in titles or _only_named(finding, both)
        if quoted and finding.change.kind == "quote":
            return QUESTION_FACTOR
        if _is_tick(finding, both):
            return TICK_FACTOR
        led = _QUOTE_LED.match(finding.part)
        if led and (finding.change.kind == "quote" or finding.clue in led.group()):
            return QUESTION_FACTOR
        if finding.part in asking or (still and not finding.swapped):
            return QUESTION_FACTOR
        return ASKED_FACTOR if asked and headline and not finding.swapped else 1.0

    return factor


def _is_swapped(both: Versions) -> bool:
    """Whether nothing is left of the teaser beneath a headline that stayed in the main and says nothing new."""
    old, new = map(lexicon.content, both.titles)
    body = [part for part in both.old.sentences if part.text not in both.titles[0]]
    gone = bool(body) and set(body) <= set(both.removed.sentences) and not any(pair.old in body for pair in both.pairs)
    left = frozenset[str]().union(*(part.stems for part in body)) - old - new
    gone = gone and len(left & both.new.stems) < TEASER_SHARE * len(left)
    said = all(stem in both.old.stems or _is_said(word, both) for word, stem in _stems(both.titles[1]) if stem in new)
    return gone and said and len(old & new) >= STAYED_SHARE * len(old)


def _stems(title: str) -> list[tuple[str, str]]:
    return [(word, lexicon.stem(word)) for word in lexicon.words(title)]


def _is_said(word: str, both: Versions) -> bool:
    """Whether the old text says a word in another: in a synonym, or joined by a hyphen otherwise."""
    return not lexicon.kin(word).isdisjoint(both.old.words) or "".join(word.split("-")) in both.old.letters


def _is_tick(finding: Finding, both: Versions) -> bool:
    """Whether a change is no more than where a moving market stands by now: "shares fall 12%" -> "shares fall 11%".

    Of two headlines that both say how a market moves, all is but another event: the reasons given for it change hourly.
    """
    daily = all(_moves("", title) for title in both.titles)
    if _turned(both) or not (daily or (_moves(both.titles[0], both.old.text) and _moves(both.titles[1], finding.part))):
        return False
    if finding.change.kind == "figure":
        after, before = (_percent_or_money(each) for each in (finding.change.after, finding.change.before))
        low, high = sorted((before or after or 0.0, after or 0.0))
        return (daily and not finding.swapped) or (low > 0 and high / low <= TICK_RATIO)
    worded = finding.change.kind in ("headline", "text")
    came_true = finding.swapped and finding.change.kind == "headline"
    return (daily and not came_true and (worded or not finding.swapped)) or (
        worded and lexicon.event(finding.clue) in _TURNS
    )


def _moves(title: str, text: str) -> bool:
    """Whether a text says that something which is traded moves."""
    return _MARKET.search(f"{title} {text}") is not None and _MOVES.search(text) is not None


def _turned(both: Versions) -> bool:
    """Whether what rose in the old headline falls in the new one, or the other way round."""
    old, new = ({event.name for event in facts.read(title, None).events} & {"rise", "fall"} for title in both.titles)
    return bool(old and new) and old.isdisjoint(new)


def _percent_or_money(words: str) -> float | None:
    found = next(iter(quantities.find(words)), None)
    return found.high if found is not None and found.family in ("percent", "money") else None


def capped(found: tuple[Finding, ...], both: Versions) -> tuple[Finding, ...]:
    """Names that came in other words, these words, and ticks of a market, lowered to what they may weigh.

    So is all that is only new in a teaser which was swapped whole, beneath a headline that says what it said.
    """
    if both.is_long:
        return found
    swapped = _is_swapped(both) and not any(both.headline(each.part) and not _is_soft(each) for each in found)
    swapped |= not any(
        both.headline(each.part) or each.change.kind != "text" or each.sort == "added news" or _DONE.search(each.clue)
        for each in found
    )
    soft = [each for each in found if _is_tick(each, both) or (not each.swapped and (swapped or _is_soft(each)))]
    total = sum(each.weight for each in soft)
    if total <= NAMED_CAP:
        return found
    return tuple(replace(each, weight=each.weight * NAMED_CAP / total) if each in soft else each for each in found)


def _is_soft(finding: Finding) -> bool:
    named = finding.change.kind in ("name", "place") and finding.weight < DECISIVE
    return named or (finding.clue == finding.part and finding.sort != "added news")
