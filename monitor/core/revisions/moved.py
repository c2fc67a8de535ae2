"""Whether an address is used for another matter now: live pages, guides that ask another question, reused addresses.

A page keeps its column's name whatever it is about ("World news: ..."), so what stands before a colon, or behind a
question, in both titles is no agreement. The rest is compared by what its words mean, each weighed by how rare it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache

from monitor.core import slugs
from monitor.core.language import lexicon, proper_names, rarity

# Of what the shorter version says, 0..1, how much the other has. A page that runs is expected to change its matter, a
# report is not, so that much less must be left of it. Set on the open half of 1,582 labelled pairs.
RUNNING_SHARE = 0.6
# Shares of words in common, here to NEWS_SHARE set on labelled pairs: below, the page is another matter
COLUMN_SHARE = 0.3
QUESTION_SHARE = 0.4  # the same of two questions
SAME_QUESTION_SHARE = 0.8  # from which two questions are one
ANSWER_SHARE = 0.3  # the same of what stands under them
NEWS_SHARE = 0.17  # the same of two reports
SLOT_SHARE = 0.3  # the same of two headlines at an address where one matter follows another
SLOT_NEWS_SHARE = 0.2  # the same where both have a text
# A name or thing in fewer than about one headline in three thousand, met in both, is the thread of one story.
THREAD_RARITY = 0.75
# An article is not told by its words alone whether it moved on: its first sentences are read.
READ_CHARS_MAX = 1000
LABEL_CHARS_MAX = 40  # characters of a label before a headline (set)
FIRST_CHARS_MIN = 4  # characters of a word that both headlines begin with and that says whom both are about (set)
TITLE_CHARS_MAX = 300  # characters read of a headline (set)
_RUNNING = re.compile(
    r"\blive\b(?!\s(?:in|with|on|at|longer|music|show)\b)|\bupdates\b|\bas\sit\shappened\b|\btracker\b|\bdeadline[-\s]day\b"
    r"|\bticker\b|\ben\s(?:direct|vivo|directo)\b|\bao\svivo\b|\bdiretta\b"
    r"|\bbuild[-\s]?up\b|\bnews\sconferences\b|\btransfer\s(?:news|latest|talk|gossip)\b|\blatest\W*$|^latest\b|\bdevelopments\s(?:in|from|for)\b"
    r"|\b(?:daily|morning|evening|weekly)\s(?:update|briefing|roundup|round-up|digest)\b|\btext\s(?:&|and)\sradio\b|\bradio\s(?:&|and)\stext\b"
    r"|\b(?:reaction|news|scores|results)\s(?:&|and)\s|\s(?:&|and)\s(?:\S{1,20}\s){0,3}(?:reaction|latest|scores)\b",
    re.IGNORECASE,
)
_FIXTURE = re.compile(r"\s(?:v|vs|\d{1,3}-\d{1,3})\.?\s[A-Z]")  # names a match, and no column
# Beneath a newsletter's or a round-up's headline stands what else is in it.
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]{3,30}")
# Which part of a contest that goes on for days.
_PART = re.compile(r"\b(?:stage|day|round|leg|heat|week|episode|part|night)\s[\w-]{1,12}", re.IGNORECASE)
_ROUNDUP = re.compile(
    r"\balso\s(?:in\s)?(?:today|this\sweek|tonight)|^(?:plus|and)[,:]|\b(?:in|from)\s(?:today|this\sweek)[’']s\b|\bnewsletter\b|\bthe\sday[’']s\snews\b",
    re.IGNORECASE,
)
# What has another matter every day or week, told by its label alone.
_COLUMN = re.compile(
    r"^(?:today[’']s\s|daily\s|weekly\s)?(?:weather|forecast|(?:photo|picture|quote|chart|word|question|joke|recipe|song|tip)s?\sof\sthe"
    r"\s(?:day|week|month)|recipe|crossword|quiz|sudoku|horoscope|cartoon|obituar(?:y|ies)|on\sthis\sday|letters?|podcast|briefing"
    r"|editorial|what[’']s\son|tv\stonight|lottery(?:\sresults)?)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^(?:[^:]{3,40}:\s)?(?:how|why|what|which|who|where|when|can|should|is|are|do|does|will)\b", re.IGNORECASE
)
_COMING = re.compile(
    r"\b(?:will|would|expected|likely|planned|due|set\sto|about\sto|going\sto|could|may|considering|to\sbe)\b",
    re.IGNORECASE,
)
_COME = re.compile(r"\b(?:now|already|have|has|were|was|began|started|introduced|are)\b", re.IGNORECASE)
_NAMES_A_THING = re.compile(
    r"^(?:[^:]{3,40}:\s)?(?:a|an|the|this|these|one\sof|here|inside|meet|in\spictures)\b|^[‘'“\"]", re.IGNORECASE
)  # or begins with somebody's words


def on(old: tuple[str, str], new: tuple[str, str], address: str = "") -> bool:
    """Whether two versions, each title and text, are of different matters.

    Pages that run (live, tracker) and guides keep their titles and change their matter; of other pages only one that
    names other people and places and shares next to nothing, and nothing rare, with what stood there. At an address
    that is known for it, sharing little is enough.
    """
    (title, text), (other_title, other_text) = (
        (head[:TITLE_CHARS_MAX], body[:READ_CHARS_MAX]) for head, body in (old, new)
    )
    if not title or not other_title:
        return False
    texts = bool(text and other_text)
    whole, other_whole = f"{title} {text}", f"{other_title} {other_text}"
    if runs(title) or runs(other_title) or (rounds_up(text) and rounds_up(other_text)):
        if text == other_text:
            whole, other_whole = title, other_title
            if _names(title, other_title):
                return False  # "Marlow v Altdorf build-up" -> "Marlow 1-0 Altdorf"
        return texts and (_shared(whole, other_whole) < RUNNING_SHARE or _is_another_day(title, other_title))
    if slugs.is_slot(address) and (_shared(whole, other_whole) < (SLOT_NEWS_SHARE if texts else SLOT_SHARE)):
        return True
    asking = [_ASKS.search(each) is not None for each in (title, other_title)]
    head, other_head = _without_column(title, other_title)
    column = head != title
    if _COLUMN.match(title) and _COLUMN.match(other_title):
        told = (head, other_head) if text == other_text else (f"{head} {text}", f"{other_head} {other_text}")
        return title != other_title and _shared(*told) < COLUMN_SHARE
    if all(asking):
        return texts and _asks_another((head, text), (other_head, other_text), column=column)
    if any(asking) or _NAMES_A_THING.match(title) or _NAMES_A_THING.match(other_title):
        return False
    if column and texts:
        return _shared(f"{head} {text}", f"{other_head} {other_text}") < COLUMN_SHARE
    first = head.partition(" ")[0]
    if first == other_head.partition(" ")[0] and first[0].isupper() and len(first) >= FIRST_CHARS_MIN:
        return False  # "Sweden's hidden lakes" -> "Sweden's last divers"
    if max(_shared(whole, other_whole), _shared(title, other_title)) >= NEWS_SHARE or _thread(whole, other_whole):
        return False
    return all(proper_names.find(f"{one}. {body}") for one, body in ((title, text), (other_title, other_text)))


def rounds_up(text: str) -> bool:
    """Whether a text says what else is in it, as beneath a newsletter's headline."""
    return _ROUNDUP.search(text[:READ_CHARS_MAX]) is not None


def runs(title: str) -> bool:
    """Whether a title is that of a page which is written on: live reports, build-ups, trackers, briefings."""
    return _RUNNING.search(title) is not None


def _asks_another(old: tuple[str, str], new: tuple[str, str], *, column: bool) -> bool:
    """Whether a guide asks something else; beneath the same answer only where the page is a column of questions."""
    (question, answer), (other_question, other_answer) = old, new
    if answer == other_answer:
        return column and _shared(question, other_question) < QUESTION_SHARE
    asked, answered = _shared(question, other_question), _shared(answer, other_answer)
    if _COMING.search(f"{question} {answer}") and _COME.search(other_answer) and not _COMING.search(other_answer):
        return asked < SAME_QUESTION_SHARE  # what the guide promised is there: it answers what one asks by now
    return asked < QUESTION_SHARE or (asked < SAME_QUESTION_SHARE and answered < ANSWER_SHARE)


def _without_column(title: str, other: str) -> tuple[str, str]:
    """Both titles without the column's name that both have before a colon, and without the sentence both end with."""
    label, colon, rest = title.partition(": ")
    match = _FIXTURE.search(label)
    if colon and not match and len(label) <= LABEL_CHARS_MAX and other.startswith(f"{label}: "):
        title, other = rest, other[len(label) + len(colon) :]
    question, mark, tail = title.partition("? ")
    if mark and other.endswith(f"? {tail}"):
        title, other = question, other[: -len(tail) - len(mark)]
    return title, other


def _names(title: str, other: str) -> bool:
    """Whether two titles name the same, other than in the column that both may have before a colon."""
    one, two = (set(_NAME.findall(head)) for head in _without_column(title, other))
    return not one.isdisjoint(two)


def _is_another_day(title: str, other: str) -> bool:
    """Whether two titles are of two stages or days of a contest, and of other places: "stage nine, Albi to Rodez"."""
    days = [_PART.search(each) for each in (title, other)]
    if not days[0] or not days[1] or days[0].group().lower() == days[1].group().lower():
        return False
    one, two = (set(_NAME.findall(head[day.end() :])) for head, day in zip((title, other), days, strict=True) if day)
    return bool(one and two) and one.isdisjoint(two)


def _thread(one: str, other: str) -> bool:
    """Whether both have a word so rare that it alone says that this is one story."""
    shared = lexicon.content(one) & lexicon.content(other)
    return any(rarity.weight(each) >= THREAD_RARITY for each in shared)


def _meant(text: str) -> frozenset[str]:
    """What the words of a text mean: places by one name, events by their class, others by their stem."""
    found = (lexicon.event(word) or lexicon.place(word) or lexicon.stem(word) for word in lexicon.words(text))
    return frozenset(each for each in found if each not in lexicon.SMALL and not each[0].isdigit())


@lru_cache(maxsize=20_000)
def _weight(meaning: str) -> float:
    """How rare a meaning is; of several words, as rare as the most common of them, as "united states"."""
    return min(rarity.weight(lexicon.stem(word)) for word in meaning.split() or [meaning])


def _sum(meanings: Iterable[str]) -> float:
    return math.fsum(map(_weight, meanings))


def _shared(one: str, other: str) -> float:
    """How much of the version that says less is said by the other too, 0..1."""
    first, second = _meant(one), _meant(other)
    return _sum(first & second) / max(0.1, min(_sum(first), _sum(second)))
