"""The grammar of a notice in the languages of `notice_words.tsv`: a label in its place, or telling words together.

A label counts at the beginning, in brackets, dated, or before a colon; never amid a sentence, where "correction" may be
one of markets or of a course. Without a label it takes several classes of words: an earlier version of the article, in
which something was wrong; an article that was corrected; an apology of the newsroom for a mistake. A line that closes a
text may say it with fewer: in the newsroom's own voice, of a piece of the text, or of what was written in it. What asks
the reader, promises or speaks of habits ("we correct errors promptly") is never one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat

from monitor import data

HEAD_CHARS = 4  # letters of a phrase's longest word by which its languages are found (set)
# A notice says what was wrong within so many characters; longer sentences are read as far as this.
SENTENCE_CHARS_MAX = 1000
CUES = ("label", "corrects", "earlier", "unlike", "wrong", "fixed", "changed", "sorry", "right")
CLOSING_CUES = (*CUES, "performs", "undone", "pardon", "reads", "kills", "other", "told")
_WORDS = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Scripts in which a word is not looked up by its beginning: prefixes are written on, or no blanks stand between words.
_OTHER_SCRIPT = re.compile(r"[\u0530-\u10ff\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]")
_ACCENT = re.compile(r"(?<=[a-zα-ω])[\u0300-\u0308]")
# "Correction made at 16:20:" has a time, "Correction of the markets:" has none.
_TIMED = re.compile(r"[^\n]{0,24}\s\d{1,2}(?:[.:h]\d{0,2})?\s?\w{0,2}\Z").search
# "Ritzau retter i artiklen:" begins with the name of an agency.
_AGENCY = re.compile(r"\W{0,4}([^\W\d_][\w-]{1,12})\s")
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
_ASKED = ("?", "？", "؟")
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
# "We said 4,100." and "He is a witness." are shorter.
REPLY_CHARS_MAX = 40
# A label all in capitals needs no sign behind it; shorter ones are initials.
CAPITALS_MIN = 6
# Characters of a label with what it corrects: "Correction of a wrong figure in our report:" (set)
OBJECT_CHARS_MAX = 80
# Classes of words which together, in one sentence, speak of what was done to a text or of what newsrooms regret.
_CHANGES = (
    {"text", "fixed"}, {"text", "changed"}, {"self", "changed"},
    {"we", "wrong"}, {"we", "right"}, {"we", "fixed"}, {"we", "unlike"}, {"sorry", "wrong"},
    {"sorry", "text"}, {"sorry", "fixed"}, {"sorry", "readers"}, {"right", "wrong", "text"}, {"self", "wrong"},
    {"self", "fixed"},
)  # fmt: skip
_SPEAKING = frozenset().union(*_CHANGES)
# The same of a line that closes a text: there a newsroom speaks of itself ("we", "the editors"), of a part of what it
# published (headline, caption, paragraph), or of a picture in an article.
_CLOSES = (
    {"own", "wrong"}, {"own", "fixed"}, {"own", "undone"}, {"own", "changed"}, {"own", "unlike"},
    {"own", "pardon"}, {"own", "told", "right"}, {"self", "told", "right"}, {"part", "wrong"}, {"reads"},
    {"picture", "text", "undone"}, {"picture", "text", "wrong"}, {"picture", "self", "undone"},
    {"picture", "undone", "wrong"}, {"other", "self", "told"}, {"wrong", "right"},
    {"picture", "told", "undone"}, {"picture", "earlier", "undone"}, {"picture", "self", "other"},
    {"picture", "text", "other"}, {"picture", "told", "earlier", "other"}, {"kills", "text"},
)  # fmt: skip
_ACTS = ("wrong", "fixed", "changed", "undone", "pardon", "unlike", "reads", "kills", "other", "told")
_VOICES = ("own", "part", "picture", "datum", "text", "self", "earlier", "past", "says", "not", "right")
_OBJECTS = ("text", "wrong", "own")  # words beside a label before a colon: "Correction of a wrong figure:"
# What such a line begins with where nobody is named who did it: "The name of the inspector has been corrected".
_SUBJECTS = (
    ("part", "undone"),
    ("part", "fixed"),
    ("part", "changed"),
    ("datum", "fixed"),
    ("wrong", "fixed"),
)
SUBJECT_CHARS_MAX = 18  # characters of a sentence in which its subject begins (set)
LABEL_CHARS_MAX = 40  # characters of what stands before a colon at its beginning (set)
# Where a report says "we" so often outside quotations, its writer speaks and not the newsroom (set).
VOICES_MAX = 3


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

    def rebuts(self, has: set[str], sentence: str, after: str) -> bool:
        """Whether the second half of a sentence, or a short one after it, says what is so: "; it is", "He is not".

        What is short itself ("We said 4,100.") speaks of the sentence before it.
        """
        if not self.has("says", after):
            if "own" in has and len(sentence) <= REPLY_CHARS_MAX and self.begins("own", sentence):
                return True
            if 0 < len(after) <= REPLY_CHARS_MAX and self.begins("self", sentence):
                return True
        second = sentence[max(map(sentence.rfind, ",;:–—，；،")) + 1 :]
        if second != sentence and self.has("not", second):
            return True
        return not self.has("says", after) and (self.has("not", after[:VERDICT_CHARS_MAX]) or self.judges(after))

    def begins(self, name: str, sentence: str, within: int = SUBJECT_CHARS_MAX) -> bool:
        """Whether the first words of a sentence have a word of this class."""
        pattern = self.classes.get(name)
        if pattern is None:
            return False
        label = sentence.find(": ", 0, LABEL_CHARS_MAX) + 1  # "Editor's note: a line was cut"
        starts = ((at, pattern.search(sentence, at)) for at in {0, label})
        return any(found is not None and found.start() - at < within for at, found in starts)

    def acts(self, head: str) -> bool:
        """Whether an agency corrects something by these words before a colon."""
        pattern = self.classes.get("corrects")
        agency = _AGENCY.match(head)
        if agency is None or pattern is None or agency[1].lower() not in _agencies():
            return False
        return pattern.match(head, agency.end()) is not None

    def judges(self, sentence: str) -> bool:
        """Whether a sentence is a verdict on the one before it: "In fact", "That was wrong."."""
        pattern = self.classes.get("right")
        if pattern is not None and pattern.match(sentence):
            return True
        return 0 < len(sentence) <= VERDICT_CHARS_MAX and self.has("wrong", sentence)


def _word(word: str) -> str:
    """One phrase of the table as a pattern; in scripts without blanks it may stand anywhere."""
    stem = r"[^\W_]{2,20}" if word.startswith("**") else r"[^\W_]{0,3}" if word.startswith("*") else ""
    before = rf"(?<![^\W_]){stem}"
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
    spelt = {name: _any_of(words) for name, words in classes.items()}
    if "body" in classes:
        spelt["self"] = f"{spelt.get('self', '(?!)')}|(?:{spelt['in']})(?:\\s|(?<=[’']))(?:{spelt['body']})"
    patterns = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in spelt.items()}
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
        rf"|\s[-–—|]\s{named}\W{{0,3}}\Z|\s\*{{1,3}}{named}\*{{1,3}}\W{{0,3}}\Z"
    )
    opening = rf"[\W_]{{0,3}}{_OPEN}\s?{named}"
    return Language(patterns, *(re.compile(each, re.IGNORECASE) for each in (leading, bracketed, named, opening)))


@cache
def _classes() -> Mapping[str, Mapping[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = {}
    for language, name, words in data.rows("notice_words.tsv"):
        table.setdefault(language, {})[name] = words.split("|")
    return table


@lru_cache(maxsize=8)
def _heads(cues: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    """The languages in which a word with this beginning may speak of a notice."""
    heads: dict[str, set[str]] = {}
    for language, name, words in data.rows("notice_words.tsv"):
        for phrase in words.split("|") if name in cues else ():
            if longest := max(_WORDS.findall(phrase), key=len, default=""):
                heads.setdefault(longest[:HEAD_CHARS], set()).add(language)
    return {head: frozenset(languages) for head, languages in heads.items()}


@cache
def _agencies() -> frozenset[str]:
    """The names of news agencies that are one word."""
    return frozenset(
        name.lower() for row in data.rows("agencies.tsv") if row[2] == "agency" for name in row[3].split("|")
    )


@cache
def _by_script() -> tuple[str, ...]:
    rows = data.rows("notice_words.tsv")
    return tuple(dict.fromkeys(row[0] for row in rows if _OTHER_SCRIPT.search(row[2])))


def _candidates(sentence: str, cues: tuple[str, ...] = CUES) -> list[Language]:
    """The languages whose notices this sentence may be one of; for nearly all sentences none."""
    heads = _heads(cues)
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
    if colon and rest.strip() and language.named and language.begins("own", head) and language.named.search(head):
        return True
    if found and colon and rest.strip() and (_TIMED(head) or any(map(language.has, _OBJECTS, repeat(head)))):
        return True
    if colon and language.acts(head):
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
    if sentence.rstrip(" )").endswith(_ASKED):
        return False
    return any(
        (_speaks_of_earlier(each, sentence, after) or (not strictly and _speaks_of_change(each, sentence, after)))
        and not each.has("asks", sentence)
        for each in _candidates(sentence)
    )


def _speaks_of_earlier(language: Language, sentence: str, after: str) -> bool:
    """ "In an earlier version of this article"; of an earlier version alone where it was wrong or is put right."""
    if not language.has("earlier", sentence):
        return False
    version, wrong = language.has("version", sentence), language.has("wrong", sentence)
    judged = language.judges(after)
    if language.has("text", sentence):
        return version or wrong or judged
    return version and (wrong or judged or language.has("we", sentence))


def _speaks_of_change(language: Language, sentence: str, after: str) -> bool:
    """ "The article was corrected", "we wrongly reported", "we ask our readers' pardon for the mistake"."""
    has = {name for name in _SPEAKING if language.has(name, sentence)}
    if {"text", "wrong"} <= has and any(language.has(name, after) for name in ("sorry", "fixed", "right")):
        return True
    if "we" in has and language.judges(after):
        return True
    return any(names <= has for names in _CHANGES)


def closing(sentence: str, after: str = "", body: str = "") -> bool:
    """Whether a line that closes a text says that something in it was wrong or was changed; `body` stands before it."""
    sentence = sentence[:SENTENCE_CHARS_MAX].replace("İ", "i")
    if sentence.rstrip(" )").endswith(_ASKED):
        return False
    return any(
        _closes(each, sentence, after, body) and not each.has("asks", sentence)
        for each in _candidates(f"{sentence} {after}", CLOSING_CUES)
    )


def _closes(language: Language, sentence: str, after: str, body: str) -> bool:
    if language.begins("performs", sentence[: SUBJECT_CHARS_MAX * 2]):
        return True
    acts = {name for name in _ACTS if language.has(name, sentence)}
    reworked = any(language.has(name, after[:VERDICT_CHARS_MAX]) for name in ("changed", "fixed", "undone"))
    if not acts:
        shown = language.has("picture", sentence) and language.has("text", sentence)
        return reworked and (shown or language.has("part", sentence))
    has = acts | {name for name in _VOICES if language.has(name, sentence)}
    if "own" in has and len(language.classes["own"].findall(body)) >= VOICES_MAX:
        has.discard("own")
    if "own" in has and "past" in language.classes and "past" not in has:
        has.discard("wrong")
    tail = sentence[max(map(sentence.rfind, ",，،")) + 1 :]
    if {"datum", "changed"} <= has and "wrong" not in has:
        return False
    if "self" in has and tail == sentence and _is_of_words(has) and language.rebuts(has, sentence, after):
        return True
    if "says" in has and ("own" not in has or (language.has("says", tail) and not language.has("own", tail))):
        return False
    if any(names <= has for names in _CLOSES) or (_is_of_words(has) and language.rebuts(has, sentence, after)):
        return True
    if {"datum", "told"} <= has and language.begins("wrong", sentence):
        return True
    if has & {"datum", "part"} and language.begins("fixed", sentence, 1):
        return True  # "Corrected: the name", where the verb comes first
    if reworked and ("part" in has or {"datum", "wrong"} <= has):
        return True
    if "wrong" in has and any(language.has(name, after[:VERDICT_CHARS_MAX]) for name in ("sorry", "pardon")):
        return not language.has("says", after)
    if {"earlier", "told"} <= has and language.judges(after):
        return True
    return any(second in has and language.begins(first, sentence) for first, second in _SUBJECTS)


def _is_of_words(has: set[str]) -> bool:
    """Whether a line says what was written: "We had said", "In this article the mayor was called"."""
    return "told" in has and ("own" in has or "self" in has)


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
