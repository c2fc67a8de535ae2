"""The grammar of a notice in the languages of `notice_words.tsv`: a label in its place, or telling words together.

A label counts at the beginning, in brackets, dated, or before a colon; never amid a sentence, where "correction" may be
one of markets or of a course. Without a label it takes several classes of words: an earlier version of the article, in
which something was wrong; an article that was corrected; an apology of the newsroom for a mistake. A line that closes a
text may say it with fewer: in the newsroom's own voice, of a piece of the text, or of what was written in it. What asks
the reader, promises or speaks of habits ("we correct errors promptly") is never one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor import data
from monitor.core.documents import notice_words
from monitor.core.documents.notice_words import Reading

# A notice says what was wrong within so many characters; longer sentences are read as far as this.
SENTENCE_CHARS_MAX = 1000
CUES = ("label", "corrects", "earlier", "unlike", "wrong", "fixed", "changed", "sorry", "right")
# "Correction made at 16:20:" has a time, "Correction of the markets:" has none.
_TIMED = re.compile(r"[^\n]{0,24}\s\d{1,2}(?:[.:h]\d{0,2})?\s?\w{0,2}\Z").search
# "Ritzau retter i artiklen:" begins with the name of an agency.
_AGENCY = re.compile(r"\W{0,4}([^\W\d_][\w-]{1,12})\s")
_NOTHING_BUT_A_TIME = re.compile(r"[\W\d_年月日時时分초시분월일년]*")
_SIGNED = re.compile(
    r"[\W_]*(?:(?:rpt|refiled?|update\s\d{1,2}|wrapup\s\d{1,2}|exclusive|urgent|lead|\d(?:st|nd|rd|th)(?:\sld)?|atualização"
    r"|update(?:\s(?:and|&))?|fact)[\W_]{1,3}){0,3}",
    re.IGNORECASE,
)
# "Update of 3 May: correction of the number of victims": here the label needs no place of its own.
_UPDATED = re.compile(
    r"[\W_]{0,4}(?:update|updated|mise\sà\sjour|mis\sà\sjour|aktualisierung|aktualisiert|actualización|atualização"
    r"|aggiornamento|bijgewerkt|uppdatering|opdatering|oppdatering|päivitys|aktualizacja|обновление|оновлення|güncelleme)"
    r"\b[^:\n]{0,40}:\s(?:an?\s|the\s|une\s|la\s|le\s|eine\s|una\s)?",
    re.IGNORECASE,
)
_ASKED = ("?", "？", "؟")
_ON = r"(?:on|of|from|vom|am|du|le|de|del|di|den|der|d\.|van|af|fra|från|от|від|z|ze|zo|dne)"
_DAY = r"\d{1,4}[\w.]{0,4}(?:[\s./-]{1,2}[\w.]{1,12}){0,4}"
_MONTH_DAY = r"[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?(?:,?\s\d{4})?"
_DATE = rf"(?:\s(?:{_ON}\s)?{_DAY}|(?:,|\s{_ON})\s(?:{_ON}\s)?(?:{_DAY}|{_MONTH_DAY}))"
_REQUEST = (
    r"a\s(?:petición|solicitud|pedido)|à\sla\sdemande|auf\s(?:wunsch|verlangen)|at\sthe\srequest|su\srichiesta|op\sverzoek"
    r"|på\sbegäran"
)
_MARK = r"(?:(?:bis|ter|rpt|lead|update|urgent|\d(?:st|nd|rd|th)?)(?:,\s?|/|\s))?"
_OPEN, _CLOSE = r"[(\[（【〔［「『<〈《≪]", r"[)\]）】〕］」』>〉》≫]"
# A verdict on the sentence before ("That was wrong.") is short.
VERDICT_CHARS_MAX = 80
# "We said 4,100." and "He is a witness." are shorter.
REPLY_CHARS_MAX = 40
# A label all in capitals needs no sign behind it; shorter ones are initials.
CAPITALS_MIN = 6
# Characters of a label with what it corrects: "Correction of a wrong figure in our report:" (set)
OBJECT_CHARS_MAX = 80
CLOSING_MARKS_MAX = 3  # characters behind the last word of a sentence (set)
SUBJECT_CHARS_MAX = 18  # characters of a sentence in which its subject begins (set)
# Classes of words which together, in one sentence, speak of what was done to a text or of what newsrooms regret.
_CHANGES = (
    {"text", "fixed"}, {"text", "changed"}, {"self", "changed"}, {"we", "wrong"}, {"we", "right"}, {"we", "fixed"},
    {"we", "unlike"}, {"sorry", "wrong"}, {"sorry", "text"}, {"sorry", "fixed"}, {"sorry", "readers"},
    {"right", "wrong", "text"}, {"self", "wrong"}, {"self", "fixed"},
)  # fmt: skip
# The same of a line that closes a text: it speaks of the text, of a piece of it or of who made it, and of what was
# wrong, done about it or said in its stead.
_TEXTUAL = frozenset(("readers", "self", "text"))
# What a newsroom did is a notice where it was wrong, or was done to a piece of a text: not "We have changed our rules".
_MISTAKEN = frozenset(("wrong", "unlike", "as", "pointed", "right", "fixed"))
_PIECES = frozenset(("part", "picture", "datum", "told", "earlier", "not", *_TEXTUAL))
FAULTS = frozenset(
    ("wrong", "fixed", "changed", "undone", "sorry", "pardon", "unlike", "as", "pointed", "right", "other", "kills")
)
_REPLIES = ("wrong", "fixed", "changed", "undone", "sorry", "pardon")
# What such a line may begin with where it speaks of no text: "The name was misspelt", "The error has been put right".
# Each with the characters within which it begins, behind an article or somebody's name: not "Inspectors wrongly" (set).
_SUBJECTS = {"datum": 13, "wrong": 11, "fixed": 1}
_OBJECTS = ("text", "wrong", "own")  # words beside a label before a colon: "Correction of a wrong figure:"
_DENYING_BEHIND = frozenset(("tr", "ko", "ja", "fa", "hi"))  # "as we wrote" stands before the "not" there
LABEL_CHARS_MAX = 40  # characters of what stands before a colon at its beginning (set)
# Where a report says "we" so often outside quotations, its writer speaks and not the newsroom (set).
VOICES_MAX = 3


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one language where they may stand: before a colon, in brackets, by their name alone, opening."""

    leading: re.Pattern[str]
    bracketed: re.Pattern[str]
    named: re.Pattern[str]
    opening: re.Pattern[str]


def _word(word: str) -> str:
    """One phrase of the table as a pattern; in scripts without blanks it may stand anywhere."""
    plain = re.escape(word.strip("*")).replace(r"\ ", r"\s")
    joined = r"[^\W_]{0,3}" if word.startswith("*") else ""
    after = r"[^\W_]*+" if word.endswith("*") else r"(?![^\W_])"
    return plain if notice_words.is_unspaced(word) else rf"(?<![^\W_]){joined}{plain}{after}"


def _any_of(words: Iterable[str]) -> str:
    """Any of these phrases, also as capitals are written: without accents in Greek, and often in French or Spanish."""
    spelt = {spelling for word in words for spelling in (word, notice_words.bare(word))}
    return "|".join(map(_word, sorted(spelt, key=lambda word: (-len(word), word)))) or "(?!)"


LANGUAGES_MAX = 100  # languages kept compiled: more than the table has (set)


@lru_cache(LANGUAGES_MAX)
def _labels(language: str) -> Labels:
    """The labels of one language, compiled when a text first has one of them."""
    classes = notice_words.classes()[language]
    named = f"(?:{_any_of(classes.get('label', ()))})"
    acts = _any_of(classes.get("corrects", ()))
    second = rf"(?:\s?[/&+·]\s?[\w.-]{{2,24}}|\s\w{{1,3}}\s{named})?"
    tail = (
        rf"(?:\s?{_OPEN}[^)\]）】]{{1,40}}{_CLOSE}|(?:\smade)?{_DATE}|\s(?:{_REQUEST})\s[^:：\n]{{1,40}}(?=\s?[:：]))?"
    )
    ends = rf"(?:[:：—–|/]|-(?=\s)|{_CLOSE}|\+{{2,4}}|\*{{2,3}}|//|\.?\Z)"
    leading = rf"{named}{second}[*_]{{0,3}}{tail}(?:(?<=[*_])\s|\s?{ends})"
    bracketed = (
        rf"{_OPEN}\s?{_MARK}{named}(?:\s?[:：]|{tail}\s?{_CLOSE})|{_OPEN}\s?(?:{acts})\s[^)\]）】]{{2,120}}{_CLOSE}"
        rf"|\s[-–—|]\s{named}\W{{0,3}}\Z|\s\*{{1,3}}{named}\*{{1,3}}\W{{0,3}}\Z"
    )
    opening = rf"[\W_]{{0,3}}{_OPEN}\s?{named}"
    return Labels(*(re.compile(each, re.IGNORECASE) for each in (leading, bracketed, named, opening)))


@cache
def _agencies() -> frozenset[str]:
    """The names of news agencies that are one word."""
    return frozenset(
        name.lower() for row in data.rows("agencies.tsv") if row[2] == "agency" for name in row[3].split("|")
    )


def _readings(sentence: str, cues: Iterable[str] = CUES) -> Iterator[tuple[str, Reading]]:
    """What a sentence has of the languages in which it may be a notice; for nearly all sentences none."""
    for language, reading in notice_words.remembered(sentence).items():
        if any(cue in reading.spans for cue in cues):
            yield language, reading


def cut(sentence: str) -> str:
    """As much of a sentence as is read."""
    return sentence[:SENTENCE_CHARS_MAX].replace("İ", "i")


def begins(reading: Reading, name: str, within: int = SUBJECT_CHARS_MAX) -> bool:
    """Whether the first words of a sentence, or of what stands behind its label, have a word of this class."""
    label = reading.sentence.find(": ", 0, LABEL_CHARS_MAX) + 1  # "Editor's note: a line was cut"
    return reading.starts(name, within) or reading.starts(name, within, label)


def _judges(after: Reading) -> bool:
    """Whether a sentence is a verdict on the one before it: "In fact", "That was wrong."."""
    if after.starts("right", 1):
        return True
    return 0 < len(after.sentence) <= VERDICT_CHARS_MAX and after.has("wrong")


def _rebuts(has: set[str], reading: Reading, after: Reading) -> bool:
    """Whether the second half of a sentence, or a short one after it, says what is so: "; it is", "He is not".

    What is short itself ("We said 4,100.") speaks of the sentence before it.
    """
    sentence = reading.sentence
    if not after.has("says"):
        if "own" in has and len(sentence) <= REPLY_CHARS_MAX and begins(reading, "own"):
            return True
        if 0 < len(after.sentence) <= REPLY_CHARS_MAX and begins(reading, "self"):
            return True
    second = max(map(sentence.rfind, ",;:–—，；、،")) + 1
    clause = max(map(sentence.rfind, ";–—；")) + 1
    if (second and any(reading.has(name, second) for name in ("not", "is"))) or (clause and reading.has("be", clause)):
        return True
    replied = any(after.has(name, 0, VERDICT_CHARS_MAX) for name in ("not", "is"))
    return not after.has("says") and (replied or _judges(after))


def labelled(sentence: str) -> bool:
    """Whether a sentence or a headline carries a label of a notice where a label stands."""
    return any(
        _is_labelled(_labels(language), reading)
        for language, reading in _readings(cut(sentence), ("label", "corrects"))
    )


def _is_labelled(labels: Labels, reading: Reading) -> bool:
    sentence = reading.sentence
    signed = _SIGNED.match(sentence)
    begin = signed.end() if signed else 0
    if found := labels.leading.match(sentence, begin):
        rest = sentence[found.end() :]
        if reading.starts("points", 3, found.end()):
            return False
        return not rest.strip() or not _NOTHING_BUT_A_TIME.fullmatch(rest)
    if labels.bracketed.search(sentence):
        return True
    found = labels.named.match(sentence, begin)
    if found and _in_capitals(found, sentence):
        return True
    head, colon, rest = sentence[:OBJECT_CHARS_MAX].partition(":")
    stated = bool(colon and rest.strip()) and not reading.has("asks", 0, len(head))
    if stated and reading.starts("own", SUBJECT_CHARS_MAX) and reading.has("label", 0, len(head)):
        return True
    if found and stated and (_TIMED(head) or any(reading.has(name, 0, len(head)) for name in _OBJECTS)):
        return True
    agency = _AGENCY.match(head) if colon else None
    if agency and agency[1].lower() in _agencies() and reading.starts("corrects", 1, agency.end()):
        return True
    if (dated := _UPDATED.match(sentence)) and labels.named.match(sentence, dated.end()):
        return True
    return labels.opening.match(sentence) is not None and reading.has("text")


def _in_capitals(label: re.Match[str], sentence: str) -> bool:
    """ "RECTIFICATIF Grève à Port Alder": set apart from a headline by its capitals alone."""
    rest = sentence[label.end() :]
    return len(label.group()) >= CAPITALS_MIN and label.group().isupper() and rest[:1] == " " and not rest.isupper()


def worded(sentence: str, after: str = "", *, strictly: bool = False) -> bool:
    """Whether a sentence of a text, with the one after it, says in other ways that the text was wrong or was corrected.

    `strictly`: it may be a headline, so it must speak of an earlier version.
    """
    sentence, after = cut(sentence), cut(after)
    if sentence.rstrip(" )").endswith(_ASKED):
        return False
    behind = notice_words.remembered(after)
    for language, reading in _readings(sentence):
        following = behind.get(language, Reading(after))
        spoken = _speaks_of_earlier(reading, following) or (not strictly and _speaks_of_change(reading, following))
        if spoken and not reading.has("asks"):
            return True
    return False


def _speaks_of_earlier(reading: Reading, after: Reading) -> bool:
    """ "In an earlier version of this article"; of an earlier version alone where it was wrong or is put right."""
    if not reading.has("earlier"):
        return False
    version, wrong = reading.has("version"), reading.has("wrong")
    if reading.has("text"):
        return version or wrong or _judges(after)
    return version and (wrong or reading.has("we") or _judges(after))


def _speaks_of_change(reading: Reading, after: Reading) -> bool:
    """ "The article was corrected", "we wrongly reported", "we ask our readers' pardon for the mistake"."""
    has = reading.spans.keys()
    if {"text", "wrong"} <= has and any(after.has(name) for name in ("sorry", "fixed", "right")):
        return True
    if "we" in has and _judges(after):
        return True
    return any(names <= has for names in _CHANGES)


def closing(sentence: str, after: str = "", body: str = "") -> bool:
    """Whether a line that closes a text says that something in it was wrong or was changed; `body` stands before it."""
    sentence, after = cut(sentence), cut(after)
    if sentence.rstrip(" )").endswith(_ASKED):
        return False
    behind = notice_words.remembered(after)
    readings = dict(notice_words.remembered(sentence))
    return any(
        _closes(readings.get(language, Reading(sentence)), behind.get(language, Reading(after)), language, body)
        for language in sorted({*readings, *behind})
    )


def _closes(reading: Reading, after: Reading, language: str, body: str) -> bool:
    has = set(reading.spans)
    if "asks" in has:
        return False
    if "alone" in has or begins(reading, "performs", SUBJECT_CHARS_MAX * 2):
        return True
    if "own" in has and _voices(language, body) >= VOICES_MAX:
        has.discard("own")
    if "own" in has and "past" in notice_words.classes()[language] and "past" not in has:
        has.discard("wrong")
    if reading.starts("edited", 1) and "fixed" in has:
        return True  # "Edited at 14:10: year corrected"
    if {"datum", "changed"} <= has and "wrong" not in has:
        return False
    tail = max(map(reading.sentence.rfind, ",，、،")) + 1
    own = "self" in has and not tail and _is_of_words(has) and _rebuts(has, reading, after)
    if own or _is_answered(reading, after):
        return True
    if "says" in has and ("own" not in has or (reading.has("says", tail) and not reading.has("own", tail))):
        return False
    replies = {name for name in _REPLIES if after.has(name, 0, VERDICT_CHARS_MAX)}
    faults = (has & FAULTS) | (replies if not after.has("says") and not after.has("asks") else set())
    if faults and _is_of_this_text(reading, has, faults):
        return True
    if {"datum", "wrong"} <= has and not replies.isdisjoint(("fixed", "changed", "undone")):
        return not after.has("says")
    swapped = {"picture", "other"} <= has and "undone" in {*has, *replies}
    if {"desk", "wrong"} <= has or _stood_here(reading) or swapped:
        return True  # "Owing to an oversight in editing, the pool was in the wrong county"
    if {"own", "told"} <= has and reading.starts("relative", 1):
        return True  # "What we called a lake is a reservoir"
    if "not" in has and begins(reading, "pardon", 1):
        return True  # "Sorry, the diver's name is Hull, not Hall"
    if len(has.intersection(_SUBJECTS)) > 1 and any(begins(reading, *subject) for subject in _SUBJECTS.items()):
        return True
    if (
        reading.has("as", _denied(reading, language))
        or {"wrong", "right"} <= has
        or ("wrong" in has and replies & {"sorry", "pardon"})
    ):
        return not after.has("says")
    if "told" in has and (begins(reading, "wrong", _SUBJECTS["wrong"]) or ("earlier" in has and _judges(after))):
        return True
    return _is_of_words(has) and _rebuts(has, reading, after)


def _is_of_this_text(reading: Reading, has: set[str], faults: set[str]) -> bool:
    """Whether a fault is one of a picture, a piece or the whole of the text, or in the newsroom's own voice."""
    shown = "picture" in has and (not has.isdisjoint(("earlier", "told")) or {"wrong", "undone"} <= has)
    apart = "part" in has and ("wrong" in faults or begins(reading, "part"))
    voiced = "own" in has and bool(faults & _MISTAKEN or has & _PIECES)
    return shown or apart or voiced or not has.isdisjoint(_TEXTUAL)


def _denied(reading: Reading, language: str) -> int:
    """From where on a sentence may say how it was written: behind its "not", anywhere where that comes last."""
    denials = reading.spans.get("not", ())
    if denials and language in _DENYING_BEHIND:
        return 0
    return min((begin for begin, _ in denials), default=len(reading.sentence))


def _is_answered(reading: Reading, after: Reading) -> bool:
    """Whether the next sentence says what is so, that readers are right, or that the text says so now.

    "The article gave her age as 54. She is 45."; "Readers point out that the church is older. They are right."
    """
    subject = any(reading.starts(name, SUBJECT_CHARS_MAX) for name in ("self", "body", "part"))
    if subject and (reading.has("told") or reading.has("stood")) and after.starts("is", 1):
        return len(after.sentence) <= REPLY_CHARS_MAX
    if reading.has("by") and not reading.has("says") and after.starts("agrees", 1):
        return True
    return reading.has("pointed") and after.has("fixed", 0, VERDICT_CHARS_MAX)


def _stood_here(reading: Reading) -> bool:
    """ "It holds 600 and not the 6,000 that stood here this morning": not what was read here or in a caption."""
    denials = reading.spans.get("not", ())
    begin = min((begin for begin, _ in denials), default=len(reading.sentence))
    if any(len(reading.sentence) - end < CLOSING_MARKS_MAX for _, end in denials):
        begin = 0  # Turkish and Korean deny at the end
    return reading.has("stood", begin) and (reading.has("page", begin) or reading.has("part", begin))


def _voices(language: str, body: str) -> int:
    """How often a text speaks in the voice that would be the newsroom's own."""
    reading = notice_words.read(body).get(language)
    return len({begin for begin, _ in reading.spans.get("own", ())}) if reading else 0


def _is_of_words(has: set[str]) -> bool:
    """Whether a line says what was written: "We had said", "In this article the mayor was called"."""
    return "told" in has and ("own" in has or "self" in has)


def without_label(headline: str) -> str:
    """A headline without the labels of a notice before and behind it."""
    for language, _ in list(_readings(headline[:SENTENCE_CHARS_MAX], ("label", "corrects"))):
        labels = _labels(language)
        signed = _SIGNED.match(headline)
        begin = signed.end() if signed else 0
        if found := labels.leading.match(headline, begin):
            headline = headline[found.end() :].lstrip(" -–—:：)]】")
        elif (found := labels.named.match(headline, begin)) and _in_capitals(found, headline):
            headline = headline[found.end() :].lstrip()
        if (found := labels.bracketed.search(headline)) and ":" not in found.group():
            headline = f"{headline[: found.start()]} {headline[found.end() :]}".strip()
    return headline
