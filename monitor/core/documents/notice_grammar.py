"""The grammar of a notice in the languages of `notice_words.tsv`: a label in its place, or telling words together.

A label counts at the beginning, in brackets, dated, or before a colon; never amid a sentence, where "correction" may be
one of markets or of a course. Without a label it takes several classes of words: an earlier version of the article, in
which something was wrong; an article that was corrected; an apology of the newsroom for a mistake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor import data

HEAD_CHARS = 4  # letters of a label's first word by which its languages are found (set)
# A notice says what was wrong within so many characters; longer sentences are read as far as this.
SENTENCE_CHARS_MAX = 1000
CUES = ("label", "corrects", "earlier", "unlike", "wrong", "fixed", "sorry", "right")
_WORDS = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Scripts in which a word is not looked up by its beginning: prefixes are written on, or no blanks stand between words.
_OTHER_SCRIPT = re.compile(r"[\u0530-\u10ff\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]")
_ACCENT = re.compile(r"(?<=[a-zα-ω])[\u0300-\u0308]")
_NOTHING_BUT_A_TIME = re.compile(r"[\W\d_年月日時时分초시분월일년]*")
_SIGNED = re.compile(
    r"[\W_]*(?:(?:rpt|refiled?|update\s\d{1,2}|wrapup\s\d{1,2}|exclusive|urgent|lead|\d(?:st|nd|rd|th)\sld|atualização"
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
_ON = r"(?:on|of|from|vom|am|du|le|de|del|di|den|der|d\.|van|af|fra|från|от|від|z|ze|zo|dne)"
_DAY = r"\d{1,4}[\w.]{0,4}(?:[\s./-]{1,2}[\w.]{1,12}){0,4}"
_MONTH_DAY = r"[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?(?:,?\s\d{4})?"
_DATE = rf"(?:\s(?:{_ON}\s)?{_DAY}|(?:,|\s{_ON})\s(?:{_ON}\s)?(?:{_DAY}|{_MONTH_DAY}))"
_REQUEST = (
    r"a\s(?:petición|solicitud|pedido)|à\sla\sdemande|auf\s(?:wunsch|verlangen)|at\sthe\srequest|su\srichiesta|op\sverzoek"
    r"|på\sbegäran"
)
_OPEN, _CLOSE = r"[(\[（【〔［「『<〈《≪]", r"[)\]）】〕］」』>〉》≫]"
# A verdict on the sentence before ("That was wrong.") is short.
VERDICT_CHARS_MAX = 80
# A label all in capitals needs no sign behind it; shorter ones are initials.
CAPITALS_MIN = 6
# Characters of a label with what it corrects: "Correction of a wrong figure in our report:" (set)
OBJECT_CHARS_MAX = 80
# Classes of words which together, in one sentence, speak of what was done to a text or of what newsrooms regret.
_CHANGES = (
    {"text", "fixed"}, {"we", "wrong"}, {"we", "right"}, {"we", "fixed"}, {"we", "unlike"}, {"sorry", "wrong"},
    {"sorry", "text"}, {"sorry", "fixed"}, {"sorry", "readers"}, {"right", "wrong", "text"}, {"self", "wrong"},
    {"self", "fixed"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Language:
    """How one language words its notices: a pattern for each class of words, its labels, and where they may stand."""

    classes: Mapping[str, re.Pattern[str]]
    leading: re.Pattern[str] | None
    bracketed: re.Pattern[str] | None
    named: re.Pattern[str] | None
    opening: re.Pattern[str] | None

    def has(self, name: str, sentence: str) -> bool:
        """Whether a sentence has a word of this class."""
        pattern = self.classes.get(name)
        return pattern is not None and pattern.search(sentence) is not None

    def opens(self, name: str, sentence: str) -> bool:
        """Whether a sentence begins with a word of this class."""
        pattern = self.classes.get(name)
        return pattern is not None and pattern.match(sentence) is not None


def _word(word: str) -> str:
    """One phrase of the table as a pattern; in scripts without blanks it may stand anywhere."""
    before = r"(?<![^\W_])" if not word.startswith("*") else r"(?<![^\W_])[^\W_]{0,3}"
    after = "" if word.endswith("*") else r"(?![^\W_])"
    plain = re.escape(word.strip("*")).replace(r"\ ", r"\s")
    return plain if _UNSPACED.search(word) else f"{before}{plain}{after}"


def _any_of(words: Iterable[str]) -> str:
    """Any of these phrases, also as capitals are written: without accents in Greek, and often in French or Spanish."""
    spelt = {spelling for word in words for spelling in (word, _bare(word))}
    return "|".join(map(_word, sorted(spelt, key=lambda word: (-len(word), word))))


def _bare(word: str) -> str:
    """A word of Latin or Greek letters without its accents."""
    if _OTHER_SCRIPT.search(word) or not word.islower():
        return word
    plain = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", _ACCENT.sub("", plain))


LANGUAGES_MAX = 100  # languages kept compiled: more than the table has (set)


@lru_cache(LANGUAGES_MAX)
def _language(name: str) -> Language:
    """One language, compiled when a text first may be in it."""
    classes = _classes()[name]
    patterns = {name: re.compile(_any_of(words), re.IGNORECASE) for name, words in classes.items()}
    labels = _any_of(classes.get("label", ()))
    if not labels:
        return Language(patterns, None, None, None, None)
    acts = _any_of(classes.get("corrects", ())) or "(?!)"
    named = f"(?:{labels})"
    second = rf"(?:\s?[/&+·]\s?[\w.-]{{2,24}}|\s\w{{1,3}}\s{named})?"
    tail = (
        rf"(?:\s?{_OPEN}[^)\]）】]{{1,40}}{_CLOSE}|(?:\smade)?{_DATE}|\s(?:{_REQUEST})\s[^:：\n]{{1,40}}(?=\s?[:：]))?"
    )
    ends = rf"(?:[:：—–|]|-(?=\s)|{_CLOSE}|\+{{2,4}}|\*{{2,3}}|//|\.?\Z)"
    leading = rf"{named}{second}[*_]{{0,3}}{tail}(?:(?<=[*_])\s|\s?{ends})"
    bracketed = (
        rf"{_OPEN}\s?{named}(?:\s?[:：]|{tail}\s?{_CLOSE})|{_OPEN}\s?(?:{acts})\s[^)\]）】]{{2,120}}{_CLOSE}"
        rf"|\s[-–—|]\s{named}\W{{0,3}}\Z"
    )
    opening = rf"[\W_]{{0,3}}{_OPEN}\s?{named}"
    return Language(patterns, *(re.compile(each, re.IGNORECASE) for each in (leading, bracketed, named, opening)))


@cache
def _classes() -> Mapping[str, Mapping[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = {}
    for language, name, words in data.rows("notice_words.tsv"):
        table.setdefault(language, {})[name] = words.split("|")
    return table


@cache
def _heads() -> Mapping[str, frozenset[str]]:
    """The languages in which a word with this beginning may speak of a notice."""
    heads: dict[str, set[str]] = {}
    for language, name, words in data.rows("notice_words.tsv"):
        for phrase in words.split("|") if name in CUES else ():
            first = _WORDS.search(phrase)
            if first:
                heads.setdefault(first.group()[:HEAD_CHARS], set()).add(language)
    return {head: frozenset(languages) for head, languages in heads.items()}


@cache
def _by_script() -> tuple[str, ...]:
    rows = data.rows("notice_words.tsv")
    return tuple(dict.fromkeys(row[0] for row in rows if _OTHER_SCRIPT.search(row[2])))


def _candidates(sentence: str) -> list[Language]:
    """The languages whose notices this sentence may be one of; for nearly all sentences none."""
    heads = _heads()
    names: dict[str, None] = {}
    for word in _WORDS.findall(sentence.lower()):
        for name in heads.get(word[:HEAD_CHARS], ()):
            names[name] = None
    if _OTHER_SCRIPT.search(sentence):
        names.update(dict.fromkeys(_by_script()))
    return [_language(name) for name in sorted(names)]


def labelled(sentence: str) -> bool:
    """Whether a sentence or a headline carries a label of a notice where a label stands."""
    sentence = sentence[:SENTENCE_CHARS_MAX].replace("İ", "i")
    return any(_is_labelled(language, sentence) for language in _candidates(sentence))


def _is_labelled(language: Language, sentence: str) -> bool:
    signed = _SIGNED.match(sentence)
    begin = signed.end() if signed else 0
    if language.leading and (found := language.leading.match(sentence, begin)):
        rest = sentence[found.end() :]
        return not rest.strip() or not _NOTHING_BUT_A_TIME.fullmatch(rest)
    if language.bracketed and language.bracketed.search(sentence):
        return True
    found = language.named.match(sentence, begin) if language.named else None
    if found and _in_capitals(found, sentence):
        return True
    head, colon, rest = sentence[:OBJECT_CHARS_MAX].partition(":")
    if found and colon and rest.strip() and (language.has("text", head) or language.has("wrong", head)):
        return True
    if language.named and (dated := _UPDATED.match(sentence)) and language.named.match(sentence, dated.end()):
        return True
    return bool(language.opening and language.opening.match(sentence)) and language.has("text", sentence)


def _in_capitals(label: re.Match[str], sentence: str) -> bool:
    """ "RECTIFICATIF Grève à Port Alder": set apart from a headline by its capitals alone."""
    rest = sentence[label.end() :]
    return len(label.group()) >= CAPITALS_MIN and label.group().isupper() and rest[:1] == " " and not rest.isupper()


def worded(sentence: str, after: str = "", *, strictly: bool = False) -> bool:
    """Whether a sentence of a text, with the one after it, says in other ways that the text was wrong or was corrected.

    `strictly`: it may be a headline, so it must speak of an earlier version.
    """
    sentence = sentence[:SENTENCE_CHARS_MAX].replace("İ", "i")
    languages = _candidates(sentence)
    if sentence.rstrip(" )").endswith(("?", "？", "؟")):
        return False
    return any(_speaks_of_earlier(each, sentence, after) for each in languages) or (
        not strictly and any(_speaks_of_change(each, sentence, after) for each in languages)
    )


def _speaks_of_earlier(language: Language, sentence: str, after: str) -> bool:
    """ "In an earlier version of this article"; of an earlier version alone where it was wrong or is put right."""
    if not language.has("earlier", sentence):
        return False
    version, wrong = language.has("version", sentence), language.has("wrong", sentence)
    judged = language.opens("right", after) or (0 < len(after) <= VERDICT_CHARS_MAX and language.has("wrong", after))
    if language.has("text", sentence):
        return version or wrong or judged
    return version and (wrong or judged or language.has("we", sentence))


def _speaks_of_change(language: Language, sentence: str, after: str) -> bool:
    """ "The article was corrected", "we wrongly reported", "we ask our readers' pardon for the mistake"."""
    has = {name for name in language.classes if language.has(name, sentence)}
    if {"text", "wrong"} <= has and any(language.has(name, after) for name in ("sorry", "fixed", "right")):
        return True
    if "we" in has and language.opens("right", after):
        return True
    return any(names <= has for names in _CHANGES)


def without_label(headline: str) -> str:
    """A headline without the labels of a notice before and behind it."""
    for language in _candidates(headline[:SENTENCE_CHARS_MAX]):
        signed = _SIGNED.match(headline)
        begin = signed.end() if signed else 0
        if language.leading and (found := language.leading.match(headline, begin)):
            headline = headline[found.end() :].lstrip(" -–—:：)]】")
        elif language.named and (found := language.named.match(headline, begin)) and _in_capitals(found, headline):
            headline = headline[found.end() :].lstrip()
        if language.bracketed and (found := language.bracketed.search(headline)) and ":" not in found.group():
            headline = f"{headline[: found.start()]} {headline[found.end() :]}".strip()
    return headline
