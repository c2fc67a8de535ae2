"""The labels of notices in the languages of `notice_words.tsv`, where a label stands.

At the beginning, in brackets, dated, or before a colon; never amid a sentence, where "correction" may be one of markets
or of a course.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from monitor import data
from monitor.core.documents import notice_words
from monitor.core.documents.notice_words import Reading

# A notice says what was wrong within so many characters; longer sentences are read as far as this.
SENTENCE_CHARS_MAX = 1000
_NOTHING_BUT_A_TIME = re.compile(r"[\W\d_年月日時时分초시분월일년]*")
_SIGNED = re.compile(
    r"[\W_]*(?:(?:rpt|refiled?|update\s\d{1,2}|wrapup\s\d{1,2}|exclusive|urgent|lead|\d(?:st|nd|rd|th)(?:\sld)?|atualização"
    r"|update(?:\s(?:and|&))?|fact)[\W_]{1,3}){0,3}",
    re.IGNORECASE,
)
_ON = r"(?:on|of|from|vom|am|du|le|el|il|em|op|på|de|del|di|den|der|d\.|van|af|fra|från|от|від|z|ze|zo|dne|dnia)"
_DAY = r"\d{1,4}[\w.]{0,4}(?:[\s./-]{1,2}[\w.]{1,12}){0,4}"
_MONTH_DAY = r"[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?(?:,?\s\d{4})?"
_DATE = rf"(?:\s(?:{_ON}\s)?{_DAY}|(?:,|\s{_ON})\s(?:{_ON}\s)?(?:{_DAY}|{_MONTH_DAY}))"
_REQUEST = (
    r"a\s(?:petición|solicitud|pedido)|à\sla\sdemande|auf\s(?:wunsch|verlangen)|at\sthe\srequest|su\srichiesta|op\sverzoek"
    r"|på\sbegäran"
)
_MARK = r"(?:(?:bis|ter|rpt|lead|update|urgent|\d(?:st|nd|rd|th)?)(?:,\s?|/|\s))?"
_OPEN, _CLOSE = r"[(\[（【〔［「『<〈《≪]", r"[)\]）】〕］」』>〉》≫]"
# A label all in capitals needs no sign behind it; shorter ones are initials.
CAPITALS_MIN = 6
POINTED_CHARS_MAX = 3  # characters behind a label in which begins what points to a list of notices (set)
LANGUAGES_MAX = 100  # languages kept compiled: more than the table has (set)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one language where they may stand: before a colon, in brackets, by their name alone."""

    leading: re.Pattern[str]
    bracketed: re.Pattern[str]
    named: re.Pattern[str]


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


@lru_cache(LANGUAGES_MAX)
def _labels(language: str) -> Labels:
    """The labels of one language, compiled when a text first has one of them."""
    classes = notice_words.classes()[language]
    named = f"(?:{_any_of(classes.get('label', ()))})"
    acts = _any_of(classes.get("corrects", ()))
    second = rf"(?:\s?[/&+·]\s?[\w.-]{{2,24}}|\s\w{{1,3}}\s{named})?"
    put = data.patterns("notice_put")
    tail = (
        rf"(?:\s?{_OPEN}[^)\]）】]{{1,40}}{_CLOSE}|(?:\s(?:{put}))?{_DATE}"
        rf"|\s(?:{_REQUEST})\s[^:：\n]{{1,40}}(?=\s?[:：]))?"
    )
    ends = rf"(?:[:：—–|/]|-(?=\s)|{_CLOSE}|\+{{2,4}}|\*{{2,3}}|//|\.?\Z)"
    leading = rf"{named}{second}[*_]{{0,3}}{tail}(?:(?<=[*_])\s|\s?{ends})"
    bracketed = (
        rf"{_OPEN}\s?{_MARK}{named}(?:\s?[:：]|{tail}\s?{_CLOSE})|{_OPEN}\s?(?:{acts})\s[^)\]）】]{{2,120}}{_CLOSE}"
        rf"|\s[-–—|]\s{named}\W{{0,3}}\Z|\s\*{{1,3}}{named}\*{{1,3}}\W{{0,3}}\Z"
    )
    return Labels(*(re.compile(each, re.IGNORECASE) for each in (leading, bracketed, named)))


def _readings(sentence: str) -> Iterator[tuple[str, Reading]]:
    """What a sentence has of the languages in which it may have a label; for nearly all sentences none."""
    for language, reading in notice_words.remembered(sentence).items():
        if "label" in reading.spans or "corrects" in reading.spans:
            yield language, reading


def cut(sentence: str) -> str:
    """As much of a sentence as is read."""
    return sentence[:SENTENCE_CHARS_MAX].replace("İ", "i")


def labelled(sentence: str) -> bool:
    """Whether a sentence or a headline carries a label of a notice where a label stands."""
    return any(_is_labelled(_labels(language), reading) for language, reading in _readings(cut(sentence)))


def _is_labelled(labels: Labels, reading: Reading) -> bool:
    sentence = reading.sentence
    signed = _SIGNED.match(sentence)
    begin = signed.end() if signed else 0
    if found := labels.leading.match(sentence, begin):
        rest = sentence[found.end() :]
        if any(0 <= begin - found.end() < POINTED_CHARS_MAX for begin, _ in reading.spans.get("points", ())):
            return False  # "Erramos: veja todas as correções"
        return not rest.strip() or not _NOTHING_BUT_A_TIME.fullmatch(rest)
    if labels.bracketed.search(sentence):
        return True
    found = labels.named.match(sentence, begin)
    return found is not None and _in_capitals(found, sentence)


def _in_capitals(label: re.Match[str], sentence: str) -> bool:
    """ "RECTIFICATIF Grève à Port Alder": set apart from a headline by its capitals alone."""
    rest = sentence[label.end() :]
    return len(label.group()) >= CAPITALS_MIN and label.group().isupper() and rest[:1] == " " and not rest.isupper()


def without_label(headline: str) -> str:
    """A headline without the labels of a notice before and behind it."""
    for language, _ in list(_readings(headline[:SENTENCE_CHARS_MAX])):
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
