"""Who speaks in a sentence: an office ("prosecutors in Ghent"), a capital for its government, a person, a firm.

The subject of a verb of speaking is read word by word and must be read whole; what is not is nobody. Verbs and offices
are tables. One party has one name: "Prosecutors in Ghent" are "Ghent prosecutors".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from monitor import data
from monitor.core import times
from monitor.core.language import countries, lexicon, numerals, sentence_parts, speakers_abroad, speaking_verbs
from monitor.core.language.speaking_verbs import Verb, is_noun
from monitor.deferred import Deferred

# Whether two parties are one is asked by who only lists what is kept, and reads no sentence.
if TYPE_CHECKING:
    from monitor.core.language import proper_names
else:
    proper_names = Deferred("monitor.core.language.proper_names")

SENTENCE_CHARS_MAX = 400  # characters of a sentence in which a speaker is looked for: two long ones (set)
SUBJECT_CHARS_MAX = 40  # characters behind an office in which its holder's name stands (set)
SUBJECT_WORDS_MAX = 8  # words of a subject before its verb; longer ones are clauses (set by reading)
LABEL_WORDS_MAX = 5  # words of a speaker before a colon or behind a dash (set by reading)
ROLE_WORDS_MAX = 4  # words of an office in the table ("ministry of foreign affairs")
PLURAL_WORDS_MAX = 2  # words of several people who have no office in the table (set)
PLURAL_CHARS_MIN = 5  # letters of the word for them: "men say" says too little (set)
FULL_NAME_WORDS = 2  # words of a name that is told as one without an office (set)
ACRONYM_CHARS_MIN = 3  # letters of an office's or a firm's acronym, whose acts are told by itself (set)
MODIFIERS_MAX = 2  # plain words before an office ("harbour pilots' union"); more are a clause (set by reading)

_WORD = re.compile(r"[^\W_]+(?:[.'&-][^\W_]+)*'?")
_ELIDED = re.compile(rf"\b(?:{'|'.join(sorted(data.words('elided')))})'(?=\w)", re.IGNORECASE)
# "Bridge to reopen in June (mayor)"
_BRACKETED = re.compile(r"\s\(([^()]{3,50})\)\W*\Z")
_CITED = re.compile(rf"\b(?:{data.patterns('cited')})\s(?P<who>[^,.;:()\"“”\n]{{2,90}})", re.IGNORECASE)
# "Según admitió la Armada": the verb stands before who speaks; "do not rule out": between speaker and verb.
_BEFORE_SPEAKER = re.compile(r"(?:disse|dijo|dice|\w{2,20}(?:ó|ou|aron|ieron|aram|eram|iram))\Z", re.IGNORECASE)
_AUXILIARY = re.compile(r"\s(?:do|does|did)(?:\snot|n't)\b")
_verbs = speaking_verbs.table
_JOINS = data.words("clause_joins")
_SKIPPED = data.words("before_speakers")
# Behind these stands what was done before: but for courts and police, who did it is not who tells of it.
_BACKGROUND = frozenset(("after", "since", "before", "despite"))
_LINKS = frozenset(("in", "of", "for", "at", "from", "near", "behind"))
_OFFICE_LINKS = _LINKS | {"de", "du", "des", "del", "della", "di", "do", "da", "von", "van", "la"}
_VOICES = data.words("voices")
_PASSIVE = data.words("after_passives")
_BIDDEN = frozenset(("told", "urged", "ordered", "warned", "advised", "instructed"))  # "to leave": by others, anywhere
# Verbs that nothing but people can be the subject of: of one, and of one or several.
_PLAINLY_ONE = data.words("says_plainly")
_PLAINLY = _PLAINLY_ONE | data.words("say_plainly")
# What takes lives or titles claims nothing.
_TAKEN = frozenset(("life", "lives", "victim", "victims", "title", "gold", "crown", "medal", "record"))
_UNNAMED = frozenset(("officials", "envoy", "envoys", "negotiator", "negotiators"))
_MANY = frozenset(("police", "family", "staff", "taliban", "crew"))
_NOT_SPEAKERS = data.words("not_speakers")
_FIRMS = data.words("firm_names")
_DECIDERS = data.words("deciders")
_STUDIES = data.words("voiceless")
# An outlet passes on what others say, and a study has no voice of its own.
_OUTLETS = data.words("outlet_names")
_NO_PARTIES = _STUDIES | _OUTLETS | numerals.WORDS.keys()


@dataclass(frozen=True, slots=True)
class Speaker:
    """A party that speaks: its one name, what it is by office ("" for a name alone), and what tells it from others."""

    name: str
    role: str
    marks: frozenset[str]
    kind: str = ""


@cache
def _roles() -> dict[tuple[str, ...], tuple[str, str]]:
    return {
        tuple(form.split()): (name, kind)
        for name, kind, forms in data.rows("speaker_roles.tsv")
        for form in (name, *forms.split("|"))
    }


@lru_cache(maxsize=4096)
def find(sentence: str, *, headline: bool = False) -> Speaker | None:
    """The party to which a sentence ascribes what it says; None where none is found.

    In a headline a label before a colon ("Ghent police: ...") or behind a dash speaks as well.
    """
    text = sentence[:SENTENCE_CHARS_MAX].translate(_FOLDED)
    if headline and (lead := speakers_abroad.find(text)):
        return Speaker(" ".join((lead[1], lead[0])).strip(), lead[0], frozenset(lead[1:2]) - {""})
    for cited in _CITED.finditer(text):
        if who := _leading_party(_until_verb(cited["who"]).split()):
            return who
    text = _AUXILIARY.sub("", text)
    text = _ELIDED.sub(lambda found: "de " if found.group() in "d'D'" else "", text)
    text = _BRACKETED.sub(r" - \1", text) if headline else text
    names = frozenset(word for name in proper_names.find(text) for word in name.split())
    if not text.isupper():
        names |= frozenset(word for word in _WORD.findall(text) if len(word) > 1 and word.isupper() and word.isalpha())
    parts = list(sentence_parts.split(text))
    if headline and len(parts) > 1 and parts[-1][1] in ("-", "|") and _prints(parts[-1][0]):
        parts[-2:] = [(*parts[-2][:2], "")]  # "Minister knew of leak: aide - The Evening Ledger"
    first = _WORD.match(text)
    if first and first.group()[0].isupper() and not lexicon.ordinary(_bare(first.group())):
        names |= {first.group()}  # "Norvolt boss Per Lind": a name that no other word of the sentence makes one
        behind = _WORD.match(text, first.end() + 1)
        if behind and behind.group().lower() in _DECIDERS and behind.group()[0].isupper():
            names |= {behind.group()}  # "Brightwater Energy"
    if first and (first.group().lower(),) in _roles():
        named = _WORD.findall(text, first.end(), first.end() + SUBJECT_CHARS_MAX)[:1]
        names |= {who for who in named if who[0].isupper() and not lexicon.ordinary(_bare(who))}  # "Prosecutor Faber"
    last = _WORD.findall(parts[-1][0]) if headline and len(parts) > 1 and parts[-1][1] == "," else ()
    if last and last[-1].lower() in _verbs() and (who := _subject(last, names, headline)):
        return who  # "Dockers reject deal, union leader says"
    for at, (part, before, _) in enumerate(parts):
        words = _WORD.findall(part)
        who = _subject(words, names, headline)
        if who is None and at > 1 and before == parts[at - 1][1] == "," and words[:1] and words[0].lower() in _verbs():
            who = party(" ".join(_WORD.findall(parts[at - 2][0])), names)  # "Anna Berg, mayor of Karvin, rejects toll"
        who = who or (_inverted(words, names) if at else None)
        if who:
            return who
        if headline and len(parts) > 1 and len(words) <= LABEL_WORDS_MAX and (who := _label(parts, at, words)):
            return who
    return None


def _label(parts: Sequence[tuple[str, str, str]], at: int, words: Sequence[str]) -> Speaker | None:
    """Who speaks as a headline's label, before a colon or behind a dash; what follows "Report:" is what it says."""
    _, before, after = parts[at]
    if not ((at == 0 and after == ":") or (at and at == len(parts) - 1 and before in ("-", ":"))):
        return None
    if before == ":" and _names_a_study(parts[at - 1][0]):
        return None
    if at == 0 and len(words) > 1 and lexicon.ordinary(_bare(words[0])) and not words[0].isupper():
        words = [words[0].lower(), *words[1:]]  # "Rescue chief: ..."
    who = party(" ".join(words))
    if who is None or {"place", "topic"} & {*who.kind.split()}:
        return None
    firm = len(words) > 1 and words[-1].lower() in _DECIDERS  # "Korvan Air: no survivors"
    speaks = who.role or firm or words[-1].lower() in _VOICES
    return who if speaks and (before != "-" or _office(words[-ROLE_WORDS_MAX:])) else None


def _prints(label: str) -> bool:
    """Whether the last words behind a dash are an outlet's: it has words that outlets are named with."""
    return not _OUTLETS.isdisjoint(label.lower().split())


def _names_a_study(label: str) -> bool:
    words = _WORD.findall(label.lower())
    return bool(words) and not _STUDIES.isdisjoint((words[-1], words[-1].removesuffix("s")))


_FOLDED = str.maketrans({"‘": "'", "’": "'", " ": " "})


def _until_verb(who: str) -> str:
    words = who.split()[:SUBJECT_WORDS_MAX]
    stop = next((n for n, word in enumerate(words) if word.lower() in _JOINS or word in ("who", "which", "that")), None)
    return " ".join(words[:stop])


def _leading_party(words: Sequence[str]) -> Speaker | None:
    """The party that the longest beginning names: "Polizei starben zwei Menschen" of "laut Polizei starben ..."."""
    if words and words[0].lower().rstrip("s") in _STUDIES:
        return None
    words = words[1:] if len(words) > 1 and _BEFORE_SPEAKER.match(words[0]) else words
    ends = (end for end in range(len(words), 0, -1) if end == len(words) or words[end][:1].islower())
    return next((who for end in ends if (who := party(" ".join(words[:end])))), None)


def _subject(words: Sequence[str], names: frozenset[str], headline: bool) -> Speaker | None:
    """Who stands before the first verb of speaking of a part."""
    begin, beside = 0, ""
    past = False
    for at, word in enumerate(words):
        folded = word.lower()
        if folded in _JOINS:
            beside = " ".join(words[begin:at]) if folded == "and" else ""
            begin = at + 1
            past = folded in _BACKGROUND
            continue
        if at == begin or at - begin > SUBJECT_WORDS_MAX or folded not in _verbs() or is_noun(folded, words[at + 1 :]):
            continue
        if folded == "states" and words[at - 1] in ("US", "U.S"):
            continue
        subject = _without_day(words[begin:at])
        who = party(" ".join(subject), names) or _plural(subject, folded) or _named_last(subject, names)
        following = words[at + 1].lower() if at + 1 < len(words) else ""
        first = words[0][:1].isupper() and _bare(words[0])
        if who is None and at == 1 and first and (first in _FIRMS or not lexicon.ordinary(first)):
            who = party(words[0])  # no word of common speech, or a firm's name
        if who and past and "law" not in who.kind and folded not in _PLAINLY:
            continue
        if who and any(_speaks(verb, folded, who, subject[-1], following, headline) for verb in _verbs()[folded]):
            return who
        if who and beside and any(verb.form == "base" and not verb.follows for verb in _verbs()[folded]):
            return party(beside, names)  # of two who speak together, the first
    return None


def _without_day(words: Sequence[str]) -> Sequence[str]:
    """A subject without the day behind it: "a judge on Friday"."""
    if len(words) > 2 and words[-2].lower() in ("on", "late", "early") and words[-1].capitalize() in times.DAYS:
        return words[:-2]
    return words


def _plural(words: Sequence[str], verb: str) -> Speaker | None:
    """Who has no office in the table: "engineers say", "Qatari mediators said", "ransomware gang denies"."""
    if not 0 < len(words) <= PLURAL_WORDS_MAX or verb not in _PLAINLY or words[0].lower() in _NOT_SPEAKERS:
        return None
    head, one = words[-1].lower(), verb in _PLAINLY_ONE
    silent = {head, head.removesuffix("s")} & _NO_PARTIES or all(word.lower() in _VOICES for word in words)
    if len(head) < PLURAL_CHARS_MIN - one or not (one or head[-1] == "s") or silent or (words[1:] and words[1] != head):
        return None
    owners = [countries.owner(word) for word in words[:-1] if word[:1].isupper()]
    whose = [f"{word}'s" if countries.find(word) == word else word for word in owners]
    plain = [word.lower() for word in words[:-1] if word[:1].islower()]
    return Speaker(" ".join((*whose, *plain, head)), head, frozenset(map(_bare, owners)), "" if one else "many")


def _named_last(words: Sequence[str], names: frozenset[str]) -> Speaker | None:
    """Who is named behind what he is, where that is no office of the table: "freed hostage Lina Maro"."""
    name = tuple(takewhile(lambda word: word in names and word[:1].isupper(), reversed(words)))[::-1]
    before = words[: len(words) - len(name)]
    plain = 0 < len(before) <= MODIFIERS_MAX and all(word.isalpha() for word in before)
    if (
        len(name) < FULL_NAME_WORDS
        or not plain
        or name[0].lower() in _NO_PARTIES
        or before[-1].lower() in _LINKS | _VOICES | _JOINS | _verbs().keys()
    ):
        return None
    return Speaker(" ".join(name), "", frozenset(map(_bare, name)))


def _speaks(verb: Verb, word: str, who: Speaker, head: str, following: str, headline: bool) -> bool:
    """Whether verb and subject agree, and the verb is no noun and no passive."""
    if verb.follows and following != verb.follows:
        return False
    if word.startswith("claim") and (following in _TAKEN or following.isdigit() or following in numerals.WORDS):
        return False  # "fever claims fifth life"
    if ("l" in verb.marks and "law" not in who.kind) or ("n" in verb.marks and following == "of"):
        return False
    acronym = who.name.isupper() and len(who.name) >= ACRONYM_CHARS_MIN and "place" not in who.kind
    if "o" in verb.marks and not (_decides(who) or head.lower() in _DECIDERS or acronym):
        return False
    plural = "many" in who.kind if who.role else head[-1:] == "s" or head.lower() in _MANY
    if verb.form == "base":
        plural |= (
            bool(who.role) and "place" not in who.kind and not lexicon.ordinary(_bare(head))
        )  # "Związkowcy alarmują": no English plural
        return plural and not ("n" in verb.marks and head.lower() == "police")
    if verb.form == "third":
        return word == "says" or not plural or not who.role or "both" in who.kind
    passive = headline and (not following or following in _PASSIVE or (word == "named" and following.isalpha()))
    return "p" not in verb.marks or not (passive or (following == "to" and word in _BIDDEN))


def _decides(who: Speaker) -> bool:
    """Whether what a party does is told by itself: an office or a firm; of countries and crowds others tell."""
    return "law" in who.kind or (bool(who.role) and not {"place", "many"} & {*who.kind.split()})


def _inverted(words: Sequence[str], names: frozenset[str]) -> Speaker | None:
    """Who stands behind the verb: "..., says union"."""
    verbs = _verbs().get(words[0].lower(), ()) if len(words) > 1 and words[0].lower() != "told" else ()
    spoken = (verb for verb in verbs if "o" not in verb.marks)  # not "..., orders inquiry"
    if any(verb.form != "base" or words[0].lower() in ("say", "warn") for verb in spoken):
        said = _until_verb(" ".join(words[1:]))
        return party(said, names) or _plural(said.split(), words[0].lower())
    return None


@lru_cache(maxsize=4096)
def party(phrase: str, names: frozenset[str] | None = None) -> Speaker | None:
    """The party that a noun phrase names, read whole, or None. Without `names`, what has a capital is a name."""
    words = [word for word in _WORD.findall(phrase) if word.lower() not in _SKIPPED]
    if not words or len(words) > SUBJECT_WORDS_MAX or words[0].lower() in _NOT_SPEAKERS:
        return None
    if country := countries.find(" ".join(words)):
        return _government(country)
    office = _office(words)
    if office:
        made = _of_office(words, *office, names)
        bare = [word for word in words if word.lower() not in _OFFICE_LINKS]
        return replace(made, name=_whole(phrase, bare)) if made and made.name.split() == bare else made
    voice = next((at for at, word in enumerate(words) if word.lower() in _VOICES), 0)
    if voice and all(word.isupper() for word in words[:voice]):
        words = words[: voice + 1]  # "UN chief Anna Berg" is the UN
    bare = [word for word in words if word.lower() not in _VOICES | _LINKS]
    voiced = len(bare) < len(words)
    if not bare:
        head = "officials" if words[0].lower()[:8] == "official" else words[-1].lower()
        return Speaker(head, head, frozenset()) if head in _UNNAMED else None
    if voiced and (country := countries.find(" ".join(bare))):
        return _government(country)
    titled = words[-1].lower()
    if voiced and titled in _VOICES and len(bare) <= MODIFIERS_MAX and not any(_named(word, names) for word in bare):
        return Speaker(" ".join(words).lower(), titled, frozenset())  # "search chief"
    if not all(_named(word, names) for word in bare) or {_bare(bare[-1]), bare[0].lower()} & _NO_PARTIES:
        return None  # "Twelve US states" are not the country
    name = re.sub(r"'s?$", "", _whole(phrase, words if 0 < voice < len(words) - 1 else bare))  # "Norvolt boss Per Lind"
    country, who = countries.of(name)
    return Speaker(name, "", frozenset(map(_bare, f"{country} {who}".split())) - _VOICES)


def _whole(phrase: str, words: Sequence[str]) -> str:
    """A name with the particles that stand in it: "Rossio de Pé", "Ann Lee of the water authority"."""
    start, end = phrase.find(words[0]), phrase.rfind(words[-1])
    written = phrase[start : end + len(words[-1])] if 0 <= start <= end else ""
    between = {*_WORD.findall(written)} - {*words}
    return written if between and between <= _OFFICE_LINKS | {"the"} else " ".join(words)


def _named(word: str, names: frozenset[str] | None) -> bool:
    if names is not None:
        return word in names or word.removesuffix("'s") in names
    return word[:1].isupper()


def _bare(word: str) -> str:
    return lexicon.fold(word).removesuffix("'")


def _office(words: Sequence[str]) -> tuple[int, int] | None:
    """Where the longest office stands in a phrase; of equal ones the first, or the head: "airport operator"."""
    folded = [word.lower() for word in words]
    for length in range(min(ROLE_WORDS_MAX, len(folded)), 0, -1):
        found = [at for at in range(len(folded) - length + 1) if tuple(folded[at : at + length]) in _roles()]
        if found:
            at = found[0]
            while at + length in found:
                at += length
            return at, at + length
    return None


def _of_office(words: Sequence[str], start: int, end: int, names: frozenset[str] | None) -> Speaker | None:
    role, kind = _roles()[tuple(word.lower() for word in words[start:end])]
    left = [word for word in words[:start] if word.lower() not in _VOICES | _OFFICE_LINKS]
    right = list(words[end:])
    while right and right[0].lower() in _VOICES:
        right.pop(0)
    person: list[str] = []
    if right and right[0].lower() not in _OFFICE_LINKS:
        stop = next((n for n, word in enumerate(right) if word.lower() in _OFFICE_LINKS), len(right))
        person, right = right[:stop], right[stop:]
        holder = person[-1].lower() not in data.words("matters")  # "Ada Berg Police Shooting: ..."
        if not (holder and all(word[:1].isupper() for word in person) and (names is None or set(person) <= names)):
            return None
    right = [word for word in right if word.lower() not in _OFFICE_LINKS]
    plain = [word for word in left if word[:1].islower()]
    acts = any(lexicon.event(_bare(word)) or word.endswith(("ed", "ing")) for word in plain)
    if len(plain) > MODIFIERS_MAX or (acts and len(words) > 2):  # "rescue official" is one
        return None
    if any(one[:1].isupper() and word in plain and not lexicon.ordinary(_bare(word)) for one, word in pairwise(left)):
        return None  # "Junge stirbt in Klinik"
    owners = [countries.owner(word) for word in (*right, *left)]
    if "state" in kind and len(owners) == 1 and (country := countries.find(owners[0])):
        return _government(country)
    office = " ".join(words[start:end])
    many = " many" if office[-1:] == "s" and office[-2:] != "ss" else " many both" if office.lower() in _MANY else ""
    spelt = (office if office.isupper() else office.lower()) if "own" in kind else role
    whose = [f"{word}'s" if countries.find(word) == word else word for word in owners]
    titled = "own" in kind and office[0].isupper() and words[end : end + 1] == ["of"]  # "Bank of Ostend"
    titled |= any(word[:1].islower() for word in right)  # "mother of drowned child"
    proper = len(left) > 1 and not plain and office[:1].isupper() and countries.find(left[0]) not in ("", left[0])
    titled |= proper  # "European Medicines Agency" is nobody's "Medicines agency"
    name = " ".join(words) if person or titled else " ".join((*whose, spelt))
    marks = [(word.isupper() and countries.find(word)) or word for word in owners]
    return Speaker(name, role, frozenset(map(_bare, (*marks, *person))), kind + many)


def government(sentence: str) -> Speaker | None:
    """The government of the country that a sentence names first."""
    named = (countries.find(word) for word in _WORD.findall(sentence[:SENTENCE_CHARS_MAX]) if word[0].isupper())
    return next((_government(country) for country in named if country), None)


def _government(country: str) -> Speaker:
    return Speaker(f"{country}'s government", "government", frozenset((_bare(country),)), "place")
