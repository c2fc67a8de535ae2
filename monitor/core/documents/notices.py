"""Notices of correction, clarification, amendment and withdrawal.

Three readings, each enough: a label in a label's place and the telling words of some fifty languages
(`notice_grammar`), and the sentences in which English newsrooms say what they got wrong (`notices.tsv`). What only
serves the page ("send us a correction") is furniture, and what somebody is quoted with is no word of the newsroom.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from monitor import data
from monitor.core.documents import boilerplate, notice_grammar, notice_voice
from monitor.core.text import paragraphs, sentences

NOTICE_CHARS_MAX = 500  # characters of a notice; longer text is the article (set by reading)
_LABEL = re.compile(r"[\W_]*+[^\W_]++(?:\s(?:and|&)\s[^\W_]+)?\s?(?:\([^)]*\))?[\W_]*")
_MARKS = re.compile(
    r"\W{0,2}(?:(?:corrected|clarified|refile|rpt|exclusive|breaking|(?:update|wrapup)\s\d{1,2})(?:[\])]\s|\s?[-:–—]\s?))+",
    re.IGNORECASE,
)
# "Korrektur: T. Mård": who read the proofs.
_CREDIT = re.compile(
    r"\W*[^\W\d_]{3,24}(?:\s[^\W\d_]{3,24}){0,2}\s?[:：]\s?(?:[A-ZÀ-ÞΑ-ΩА-ЯЁІЇЄ](?:\.|[\w’'-]{1,20})\s){1,2}[A-ZÀ-ÞΑ-ΩА-ЯЁІЇЄ]"
    r"[\w’'-]{1,20}\W{0,3}"
)
_QUOTED = re.compile(r"[“«„][^“”«»„\n]{8,400}[”»“]|\"[^\"\n]{8,400}\"")
# A quotation that is not over where the line stands: what is left when those that are have been taken out.
_QUOTATION = re.compile(r"[“«„][^“”«»„]{0,600}[”»“]")
_UNCLOSED = re.compile(r"[“«„]|``|''")
_SPOKEN = re.compile(r",\s(?:[\w’'.-]+\s){1,6}(?:said|says|told|added|wrote)\b[^,]{0,60}\W*$", re.IGNORECASE)
_WE_TOLD = re.compile(
    r"\b(?:we|our\s(?:[\w’'-]+\s){0,4}?(?:report|story|article|coverage|headline|caption|newsletter|feature|podcast)s?)\s"
    r"(?:\w+\s){0,2}?(?:said|wrote|reported|stated|gave|named|described|called|quoted|suggested|implied|put)\b",
    re.IGNORECASE,
)
_IN_OUR = re.compile(
    r"\bin\s(?:our|an?|the|yesterday[’']s)\s(?:[\w’'-]+\s){0,4}?(?:report|story|article|item)\b", re.IGNORECASE
)
_IN_FACT = re.compile(
    r"^\W*(?:in\s(?:actual\s)?fact|actually|in\sreality|(?:he|she|it|they|this|that)\s(?:is|was|are|were)\s(?:not|wrong|incorrect)"
    r"|that\s(?:should|is\swrong)|the\s(?:correct|right)\s|this\swas\s(?:wrong|an\serror)|it\sshould)\b",
    re.IGNORECASE,
)
# "We said the well was 300 years old. It is 200 years old."
_WE_FIRST = re.compile(
    r"\A\W*we\s(?:had\s)?(?:said|wrote|written|reported|stated|gave|given|named|called|put|quoted|described|credited|listed"
    r"|identified|introduced)\b",
    re.IGNORECASE,
)
_IT_IS = re.compile(
    r"\A\W*(?:it|he|she|they|this|that|there)\s(?:is|was|are|were|said|has|had|does|did|owns?|plays?|works?|lives?)\b",
    re.IGNORECASE,
)
_RECORD = re.compile(r"\A\W*(?:for\sthe\srecord|setting\sthe\srecord\sstraight)\s?[:—–-]", re.IGNORECASE)
_INSTEAD = re.compile(
    r"\b(?:not|rather\sthan|instead\sof|incorrect\w*|wrong\w*|error|mistake\w*|earlier|misstated|misspelled"
    r"|(?:stor(?:y|ies)|articles?|reports?|items?|captions?|columns?|headlines?)\s)",
    re.IGNORECASE,
)
# Sentences remembered: both versions of a text are read, and they share most of theirs; at most 8 MB.
READ_MAX = 4096
# How many sentences a text ends with among which newsrooms put what they said and what is so.
CLOSING_SENTENCES = 4
GOING_ON_CHARS_MAX = 160  # characters of a sentence that says what is so instead; longer ones go on to tell (set)
# How many it begins with that say what it is about: its headline and its first sentence (set)
OPENING_SENTENCES = 2
# Characters up to them in which it is looked for whose voice it is, and whether a quotation has begun (set).
BODY_CHARS_MAX = 8000


@cache
def _hint() -> re.Pattern[str]:
    """Every notice of `notices.tsv` has one of these; most sentences have none."""
    return re.compile(
        r"contrary|corr[ei]|clari|\bclear\b|amend|withdr|withh|retract|remov|kill|revis|version|headline|caption|update|mis[a-z]|error|errat"
        r"|editor|edition|wrong|apolog|regret|sorry|accura|earl[iy]|previous|origina|initial|rectif|refile|repeats|reissue"
        r"|taken\s(?:down|out)|\bwe\s(?:have\s)?(?:now\s|since\s)?(?:put|set|gave|cut|dropped)\b|changed|replaced|reporte?d?|disregard|former|older|newsletter|some\sversion|delete"
        r"|paragraph|stated|\bwe\sshould|happy\sto|confus|\bmixed|\bshould\s(?:be|have)\b|publi[sc]"
        r"|photo|picture|image|graphic|subhead|standfirst|edited|altered|struck|\bcut\b|oops|mea\sculpa|our\sbad|\bwe\sgot\b|\beds\b|substitute"
        r"|(?:print|audio|online|web|digital|broadcast|first)\s.{0,60}(?:version|edition|stor)|\bhold\b"
        r"|swapp|switch|transpos|jumbl|interchang|quotation|quote|remark|typing|typist|keyboard|auto-?correct|spell|translation"
        r"|obliged|grateful|indebted|thank|\b(?:says|reads|shows)\s(?:so|now|that|the\sright)|went\s(?:out|up)|stand\sby|note\sthat"
        r"|\bwe\shad\b|mistook|left\sout|omit|overlook|for\s[\"“‘']|blame|had\sit|despite|whatever|accident|sums|arithmetic"
        r"|\bmaths?\b|geography|\bgone\b|\bis\s(?:right|correct)",
        re.IGNORECASE,
    )


def find(text: str) -> tuple[str, ...]:
    """The sentences of a text that are notices of correction, clarification, amendment or withdrawal.

    A label that stands by itself ("Correction") is given with the sentence after it, and what says in a labelled one's
    next sentence what is so: "Correction: We gave its height as 9 m. It was 6."
    """
    parts = sentences(text)
    found: list[str] = []
    for place, (part, after) in enumerate(zip(parts, [*parts[1:], ""], strict=False)):
        opening = " ".join(parts[: min(place, OPENING_SENTENCES)])
        if _is_notice(part, after, heads=place == 0 and len(parts) > 1, opening=opening):
            whole = f"{part} {after}" if _LABEL.fullmatch(part) or _goes_on(part, after) else part
            found.append(whole[:NOTICE_CHARS_MAX].strip())
        elif place >= max(1, len(parts) - CLOSING_SENTENCES):
            if _is_told_again(part, after):
                found.append(f"{part} {after}"[:NOTICE_CHARS_MAX].strip())
            elif _closes(part, after, parts[:place]) and not notice_voice.excused(part, opening):
                found.append(part[:NOTICE_CHARS_MAX].strip())
    return tuple(found)


def _goes_on(part: str, after: str) -> bool:
    """Whether the sentence behind a labelled one says what is so."""
    says = _IT_IS.match(after) is not None or _IN_FACT.match(after) is not None
    return says and len(after) <= GOING_ON_CHARS_MAX and notice_grammar.labelled(part)


def tells_of_another(notice: str, before: str, after: str) -> bool:
    """Whether a notice of a new version was put amid a paragraph that stood there, and speaks of no text of its own.

    "The article had been wrong", between two sentences of a report, is what somebody else did.
    """
    if notice_voice.speaks_of_here(notice):
        return False
    stood = set(sentences(before))
    for paragraph in paragraphs(after):
        head, found, rest = paragraph.partition(notice)
        if found and head.strip():
            return any(sentence in stood for sentence in sentences(rest))
    return False


@lru_cache(READ_MAX)
def _is_notice(part: str, after: str, *, heads: bool, opening: str) -> bool:
    """Whether a sentence is a notice; one that heads a text may be a headline, where fewer forms count."""
    part = part[: 2 * NOTICE_CHARS_MAX]
    if notice_grammar.labelled(part):
        return _CREDIT.fullmatch(part) is None
    own = _QUOTED.sub('""', part) if part.count('"') % 2 == 0 else part
    if _SPOKEN.search(own) and own != part:
        return False
    found = (
        (_hint().search(own) is not None and data.matcher("notices.tsv")(own))
        or (_RECORD.match(own) is not None and _INSTEAD.search(f"{own} {after}") is not None)
        or notice_grammar.worded(own, after, strictly=heads)
    )
    return found and not boilerplate.is_furniture(part) and not notice_voice.excused(own, opening)


def _closes(part: str, after: str, before: list[str]) -> bool:
    """Whether a line behind a text speaks of a fault in it, in the newsroom's own voice or of a piece of the text."""
    if len(part) > NOTICE_CHARS_MAX or part.count('"') % 2 or _SPOKEN.search(part):
        return False
    body = _QUOTATION.sub('""', "\n".join([*before, part])[-BODY_CHARS_MAX:])
    if _UNCLOSED.search(body):
        return False
    own = body[body.rfind("\n") + 1 :] if "\n" not in part else part
    found = notice_grammar.closing(_QUOTED.sub('""', own), after, _QUOTED.sub('""', body))
    return found and not boilerplate.is_furniture(part)


def _is_told_again(part: str, after: str) -> bool:
    """ "We said he was the manager. In fact he is the deputy." """
    if _WE_FIRST.match(part) and _IT_IS.match(after) and not _SPOKEN.search(after):
        return len(after) <= GOING_ON_CHARS_MAX
    if '"' in part or "“" in part:
        return False
    return bool(_WE_TOLD.search(part) or (_IN_OUR.search(part) and " we " in part)) and bool(_IN_FACT.search(after))


def is_usual(notice: str) -> bool:
    """Whether a notice wears a label, or is in the usual words of English newsrooms and agencies."""
    return notice_grammar.labelled(notice) or data.matcher("notices.tsv")(notice)


def unmarked(headline: str) -> str:
    """A text without the marks of its headline: "CORRECTED-UPDATE 2-Dam breaks", "(LEAD) Dam breaks": "Dam breaks"."""
    first, newline, rest = headline.partition("\n")
    first = boilerplate.without_marks(first)
    if marks := _MARKS.match(first):
        first = first[marks.end() :]
    first = notice_grammar.without_label(first)
    return f"{boilerplate.without_marks(first)}{newline}{rest}"
