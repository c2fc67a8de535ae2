"""The step that a headline says its matter has reached: planned, ordered, under way, denied, confirmed, put off.

Only the clause of the act itself is asked: in "prisoners stuck as Cairo hesitates" nothing was put off, a court that
orders somebody to pay orders no step of the story, and who admits a failure confirms none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from monitor import data
from monitor.core import text
from monitor.core.language import countries, event_classes, headline, lexicon, predicates, statements
from monitor.core.text import words
from monitor.model import Phase

# In the languages whose orders `phases_abroad.tsv` knows.
_COURT = re.compile(data.patterns("court"), re.IGNORECASE)
# Orders that somebody wears, obeys, or fills with goods.
_DECORATION = re.compile(data.patterns("no_order"), re.IGNORECASE)
_FAULT = re.compile(data.patterns("fault"), re.IGNORECASE)
_REQUEST = re.compile(data.patterns("request"), re.IGNORECASE)
# Ends of words that name what happens and are no verbs behind "to": "yes to settlement", "put to striking staff".
_NO_VERBS = ("ment", "tion", "sion", "ing", "ed")
_PLAIN = data.words("plain_verbs")
_PASTS = (data.words("past_verbs") | data.words("participles")) - data.words("pasts_too")
_NO_INFINITIVES = data.words("no_infinitives") | _PASTS
_VERBS = data.words("governing")
_WORD = re.compile(r"[^\W_]+")
# What is not, and for whom or for how much it would be: "too soon to say", "reason for students to leave".
_NOT = re.compile(
    r"\b(?:not|never|nobody|no(?! \d))\b|n['’]t\b|\btoo\s\w+\sto\Z|(?<!\bcalls )\bfor\s(?:[\w’'-]+\s){1,3}to\Z",
    re.IGNORECASE,
)
_DOERS = ("or", "ors", "er", "ers")  # who does it: "regulator to probe", "investigators to dig"
# What befalls somebody is feared and not planned: "fever will spread".
_BEFALLS = data.words("befalls")
_OPEN = frozenset(("will", "could", "may", "might"))
# What is said to be right, or goes on, is no plan: "must let the crew bring aid", "continues to bring aid".
_DUTIES = frozenset(("must", "should", "can", "cannot", "continues", "continue", "vital", "paves"))
# An act, and behind it yet none: "Spain moves to curb deepfakes".
_MOVES = frozenset(("moves", "moved"))
# "First woman to row across": who has done it.
_RANKED = frozenset(("first", "last", "only", "youngest", "oldest", "latest"))
RANKED_WORDS = 4  # words before "to" in which one of these stands (set)
# After these "to" is no future: "fails to hold", "close to", "according to".
_NO_FUTURE = data.words("no_future")


# What is put off, ordered or called off by somebody, up to where it only says when, for whom and where.
_ACT = re.compile(rf"\b(?:{data.patterns('puts_off')})\s(?:off\s|out\s|back\s|over\s|on\s)?(?P<what>[^,;:]{{3,100}})")
# The same said of what it is done to: "exams postponed".
_DONE = re.compile(rf"(?P<what>[^,;:]{{3,60}}?)\s(?:(?:is|are|was|were|been|being)\s)?(?:{data.patterns('put_off')})\b")
_TAIL = re.compile(rf"\s(?:{data.patterns('where_and_when')})(?:\s.*)?$")
# Who admits something, where it says more than that it is so: a fault of one's own is no step of somebody else's story.
_ADMITS = re.compile(r"^(?P<who>[^,;:]{2,60}?)\s(?:admit|acknowledge|concede|own|confesse)s?\b")
_OFFICE = data.whole_words("admitting_office")
_WHERE = re.compile(r"\s(?:in|at|of|near|from)\s.*$")
MATTER_CHARS_MAX = 4000  # characters of a seed from which its matter is read (set)


@lru_cache(maxsize=64)
def matter(title: str, text: str) -> frozenset[str]:
    """The stems of what a story's seed speaks of, and the classes of what happens in it."""
    whole = f"{title} {text[:MATTER_CHARS_MAX]}"
    return lexicon.content(whole) | event_classes.classes(event_classes.find(words(whole)))


# What is decided says not yet of what.
_DECIDED = lexicon.content("ban bid decision deal law order plan request ruling verdict vote")
# What one may deny without a word of the matter: "driver denies involvement".
_ANY_CHARGE = lexicon.content(
    "accusations allegations charges claims guilt involvement knowledge link links part report reports responsibility "
    "role rumours wrongdoing"
)
# What somebody is quoted with before the news, and what is asked before it.
_QUOTED = re.compile(r"\A[‘'“\"].{3,120}?[’'”\"]: ")
_ASKED = re.compile(r"\A[^?]{3,160}\? ")
# What a headline asks or explains it does not state: "Romania wonders why Norway wants the rods".
_WHY = re.compile(
    r"\A(?:why|how)\b|\breasons? why\b|\b(?:wonder|ask|question|explain|wonders|asks|questions|explains) (?:why|how)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def of_headline(title: str, about: frozenset[str] = frozenset()) -> Phase | None:
    """The phase that a headline states in its main clause; none of what somebody does to another thing than `about`."""
    content = _DECORATION.sub(" ", _ASKED.sub("", _QUOTED.sub("", headline.content(title))))
    clause = _main(content)
    if _WHY.search(clause):
        return None
    found = statements.phase(clause)
    if found == "ordered" and _COURT.search(clause):
        return None
    if found == "confirmed" and (_FAULT.search(clause) or (about and _of_a_bystander(clause, about))):
        return None
    if found and about and _of_another(clause, about):
        return None
    if found is None and (_requests(clause) or _to_come(clause)):
        return "planned"
    return found


def _requests(clause: str) -> bool:
    found = _REQUEST.search(clause)
    if found is None or predicates.governing(clause, found.start()):
        return False
    return not _NOT.search(clause[: found.start()])


def _of_a_bystander(clause: str, about: frozenset[str]) -> bool:
    """Whether who admits a thing is no party that the story speaks of, and no office: "caterer concedes slip"."""
    found = _ADMITS.search(clause)
    if found is None or _OFFICE.search(found["who"]):
        return False
    who = _WHERE.sub("", found["who"]).split()
    head = who[-1]
    common = head.islower() or (len(who) == 1 and not countries.find(head))
    return common and lexicon.content(head).isdisjoint(about)


def _of_another(clause: str, about: frozenset[str]) -> bool:
    """Whether what is ordered or put off is nothing that the story speaks of: "council orders dogs on leash"."""
    act, done = _ACT.search(clause), _DONE.match(clause)
    found = act or done
    what = _TAIL.sub("", found["what"]) if found else ""
    if found and lexicon.content(what) <= _DECIDED:
        what = found["what"]  # "court suspends order to kill bear"
    acts = event_classes.classes(event_classes.find(words(what)))
    if done and not act and acts:
        what = done["what"]  # "trial over theft adjourned": whose trial it is stands behind
    if act and act.group().startswith("denies") and not lexicon.content(clause[: act.start()]).isdisjoint(about):
        return False  # a party of the story denies its part in it, whatever that is called: "Koll denies knowing of it"
    meant = (lexicon.content(what) | acts) - _ANY_CHARGE
    return bool(meant) and meant.isdisjoint(about)


# Where a headline's main clause ends; "suspended as a precaution" is one.
_JOINED = re.compile(
    r"\s(?:after|following|amid|amidst|(?<!suspended\s)as|while|since|because|if|unless|despite|although|where|"
    r"ahead of)\s",
    re.IGNORECASE,
)
_OPENED = re.compile(r"\A(?:even as|as|while|although|despite) [^,]{3,100}, ", re.IGNORECASE)
_DONE_TO = re.compile(r"\A[^\W\d_]+ [^\W\d_]+ed\Z")  # "Villagers evacuated" after something


def _main(content: str) -> str:
    """The text up to the word that joins another clause; all of it where that clause says who speaks."""
    content = _OPENED.sub("", content)
    pieces = _JOINED.split(content, maxsplit=1)
    return pieces[0] if len(words(pieces[0])) >= headline.CLAUSE_WORDS_MIN or _DONE_TO.match(pieces[0]) else content


def _to_come(clause: str) -> bool:
    """ "Union to hold vote": an infinitive behind the subject is what is to come; not for what something happens."""
    found = list(_WORD.finditer(clause))
    folded = [text.fold(word.group()) for word in found]
    for at in range(1, len(folded) - 1):
        before, verb = folded[at - 1], folded[at + 1]
        happens = before.endswith(("s", "ed")) and event_classes.of_word(before) and before not in _MOVES
        if happens or before in _DUTIES:
            return False
        doing = event_classes.of_word(before) and not before.endswith(_DOERS) and before not in _MOVES
        if folded[at] in _OPEN and event_classes.of_word(verb) - _BEFALLS and not event_classes.of_word(before):
            return not predicates.governing(clause, found[at].start())
        ranked = not _RANKED.isdisjoint(folded[max(0, at - RANKED_WORDS) : at])
        if folded[at] == "to" and before not in _NO_FUTURE and not doing and not ranked:
            if predicates.governing(clause, found[at].start()) or _NOT.search(clause[: found[at].end()]):
                return False
            doable = event_classes.of_word(verb) or verb in _PLAIN or verb in _VERBS
            return bool(doable) and verb not in _NO_INFINITIVES and not verb.endswith(_NO_VERBS)
    return False


# Where the main clause of a sentence ends; what follows is background: "patients whose surgery was cancelled".
_CLAUSE_END = re.compile(data.patterns("clause_end"), re.IGNORECASE)
_OPENS_BEHIND = re.compile(rf"(?:{data.patterns('opens_behind')})\s", re.IGNORECASE)
# What something is to become, and is called by: "the planned quarry"; what somebody is said to have done in German.
_CALLED = re.compile(data.patterns("called"), re.IGNORECASE)


def of_lead(lead: str, title: str = "") -> Phase | None:
    """The phase that the main clause of one of its sentences states, the first's before others.

    None where the headline tells itself what happened: its first lines then state what others do beside it.
    """
    if event_classes.find(words(title)) or predicates.governing(title, len(title)):
        return None
    for sentence in text.sentences(lead):
        if _OPENS_BEHIND.match(sentence):
            sentence = sentence.partition(",")[2].strip() or sentence
        end = _CLAUSE_END.search(sentence)
        clause = _CALLED.sub(" ", sentence[: end.start()] if end else sentence)
        if not sentence.endswith("?") and (found := statements.phase(clause)):
            return found
    return None
