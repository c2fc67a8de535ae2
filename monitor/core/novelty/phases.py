"""The step that a headline says its matter has reached: planned, ordered, under way, denied, confirmed, put off.

Only the clause of the act itself is asked: in "prisoners stuck as Cairo hesitates" nothing was put off, a court that
orders somebody to pay orders no step of the story, and who admits a failure confirms none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from monitor import data
from monitor.core.language import event_classes, headline, statements
from monitor.core.text import words
from monitor.model import Phase

# In the languages whose orders `phases_abroad.tsv` knows.
_COURT = re.compile(
    r"\b(?:court|judges?|jury|tribunal|magistrates?|jue(?:z|za|ces)|juzgado|ju[ií]z(?:a|es)?|justiça|giudic[ei]|cour|juges?|gericht"
    r"|richter(?:in)?|rechter|rechtbank|domstol(?:en)?|tingsrätten|käräjäoikeus|sąd|sędzia|soud(?:ce)?|bíróság|instanța|judecător\w*"
    r"|суд(?:ья|дя)?|hakim|pengadilan|mahkeme\w*|tòa(?: án)?|mahakama|δικαστ\w+)\b"
    r"|법원|판사|裁判所|地裁|高裁|法院|法官|अदालत|कोर्ट|আদালত|محكمة|قاض[يٍ]|دادگاه|בית (?:ה)?משפט|ศาล",
    re.IGNORECASE,
)
# Orders that somebody wears, obeys, or fills with goods.
_DECORATION = re.compile(
    r"\bOrders? of\b|\bin order to\b|\b(?:law and|restraining|gag|executive|new|factory|export|record|pre|back|mail)"
    r"\sorders?\b|\borders? (?:for|books?|worth|fall|rise|drop|jump|surge|slump)\b",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"\b(?:acknowledg|admit|confess)\w*\s(?:\w+\s){0,3}(?:failures?|faults?|mistakes?|errors?|shortcomings?|lapses?|blame"
    r"|guilt|defeat|problems?)\b"
    r"|\b(?:fehler|versäumniss?e?|erreurs?|fautes?|error(?:es|e|i)?|erros?|falhas?|fout(?:en)?|misstag|fejl|feil|virhe\w*|błęd\w+|błąd|chyb[ay]"
    r"|hibá\w*|greșel\w+|ошибк\w+|помилк\w+|hata\w*|kesalahan|kelalaian)\b|실수|잘못|誤り|ミス|错误|錯誤|गलती|خطأ|اشتباه",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:asks?|asked|requests?|requested)\s(?:\w+\s){0,3}(?:for|to)\b|\b(?:seeks?|wants?|hopes? (?:for|to))\b"
    r"|\b(?:appeal|turn|look)(?:s|ed)? to\s(?:[\w'’-]+\s){1,4}for\b"
    r"|\b(?:appl(?:y|ies|ied)|plead(?:s|ed)?|beg(?:s|ged)?|lobb(?:y|ies|ied)|bids?|looks?|in line) for\b|\bin need of\b"
    r"|\bpress(?:es|ed)?\s(?:[\w'’-]+\s){1,4}for\b|\binvit(?:e|es|ed)\b|\bawaits?\b|\bto be [a-z]{2,}(?:ed|n)\b"
    r"|\b(?:demands?|needs?|eyes|requests?)\s"
    r"(?:\d[\d,]*|more|another|extra|further|second|two|three|four|five|six|ten)\b",
    re.IGNORECASE,
)
# Ends of words that name what happens and are no verbs behind "to": "yes to settlement", "put to striking staff".
_NO_VERBS = ("ment", "tion", "sion", "ing", "ed")
_PLAIN = data.words("plain_verbs")
_DOERS = ("or", "ors", "er", "ers")  # who does it: "regulator to probe", "investigators to dig"
# After these "to" is no future: "fails to hold", "close to", "according to".
_NO_FUTURE = frozenset(
    (
        "fails", "failed", "fail", "refuses", "refused", "forced", "used", "according", "due", "close", "next",
        "thanks", "up", "back", "home", "unable", "able", "free", "had", "has", "have", "not", "how", "where", "what",
        "rise", "rises", "yet",
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def of_headline(title: str) -> Phase | None:
    """The phase that a headline states in its main clause."""
    content = _DECORATION.sub(" ", headline.content(title))
    clause = _main(content)
    found = statements.phase(clause)
    if found == "ordered" and _COURT.search(clause):
        return None
    if found == "confirmed" and _FAULT.search(clause):
        return None
    if found is None and (_REQUEST.search(clause) or _to_come(clause)):
        return "planned"
    return found


def _main(content: str) -> str:
    """The text up to the word that joins another clause; all of it where that clause says who speaks."""
    pieces = re.split(
        r"\s(?:after|following|amid|amidst|(?<!suspended\s)as|while|since|because)\s", content, maxsplit=1
    )
    return pieces[0] if len(words(pieces[0])) >= headline.CLAUSE_WORDS_MIN else content


def _to_come(clause: str) -> bool:
    """ "Union to hold vote": an infinitive behind the subject is what is to come; not for what something happens."""
    folded = words(clause)
    for at in range(1, len(folded) - 1):
        before, verb = folded[at - 1], folded[at + 1]
        if before.endswith(("s", "ed")) and event_classes.of_word(before):
            return False
        doing = event_classes.of_word(before) and not before.endswith(_DOERS)
        if folded[at] == "to" and before not in _NO_FUTURE and not doing:
            return bool(event_classes.of_word(verb) or verb in _PLAIN) and not verb.endswith(_NO_VERBS)
    return False
