"""The facts of a text: figures, dates, names and places, attributions, negations, quotes, and what happened."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import Stemmer
from rapidfuzz import fuzz

from monitor import data
from monitor.core.claims import dates, quantities, stances

NAME_RATIO = 84.0
NAMES_MAX = 400
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")
_OPENING = re.compile(r"[.!?:;|–—]\s*[\"“'‘]?$|\s-\s$|^\s*[\"“'‘]$")
_DERIVED = re.compile(r"(?:ing|ed|tion|ions|ive|ly|er|ers|ment|ness|ous|able|ful|less|ity|ism|ist|ists|ies|ess)$")
_NEGATION = re.compile(r"\b(?:not|never|no longer|nobody|cannot)\b(?!\sonly)|\b\w+n[’']t\b", re.IGNORECASE)
_QUOTE = re.compile(r"[“\"]([^“”\"\n]{12,400})[”\"]|(?<![^\W_])[‘']([^‘’'\n]{18,300})[’'](?![^\W_])")
_NEVER_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december north south east west midwest northeast northwest southeast southwest"
    " northern southern eastern western live latest updated breaking exclusive watch video".split()
)
_AHEAD = re.compile(
    r"\b(?:to|will|would|may|might|could|should|help(?:\sin)?|ready\sto|before|ahead\sof|set\sto|for|in|without|hopes?\sof)"
    r"\s(?:be\s|then\s)?$",
    re.IGNORECASE,
)
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "from",
        "with",
        "by",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "it",
        "its",
        "this",
        "that",
        "he",
        "she",
        "they",
        "his",
        "her",
        "their",
        "who",
        "which",
        "will",
        "would",
        "can",
        "could",
        "may",
        "after",
        "before",
        "over",
        "into",
        "out",
        "up",
        "about",
        "than",
        "more",
        "not",
        "no",
        "new",
        "says",
        "said",
        "say",
        "us",
        "we",
        "you",
        "your",
        "i",
        "my",
        "our",
        "so",
        "if",
        "how",
        "why",
        "what",
        "when",
        "where",
        "there",
        "one",
        "also",
        "just",
        "amid",
        "against",
    ]
)


@dataclass(frozen=True, slots=True)
class Event:
    """A word that says what happened. `ahead` where it is only wanted, tried or to come ("to return")."""

    name: str
    word: str
    sentence: int
    ahead: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be compared in a run of sentences. Sentence indices go with each fact."""

    sentences: tuple[str, ...]
    figures: tuple[tuple[quantities.Quantity, int], ...]
    dates: tuple[tuple[dates.When, int], ...]
    names: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    quotes: tuple[tuple[str, int], ...]
    negated: tuple[tuple[int, str], ...]
    events: tuple[Event, ...]
    words: frozenset[str]
    stems: frozenset[str]
    canonicals: frozenset[str]
    letters: str
    text: str


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@cache
def _places() -> dict[str, str]:
    return {
        fold(name): names[0]
        for row in data.rows("places.tsv")
        for names in [[part.strip() for part in row[0].split(",")]]
        for name in names
    }


@cache
def _variants() -> dict[str, str]:
    return {
        fold(spelling): row[0]
        for row in data.rows("name_variants.tsv")
        for spelling in [row[0], *(row[1].split() if len(row) > 1 and " " not in row[0] else [row[1]])]
    }


@cache
def _events() -> dict[str, str]:
    stem = _stemmer().stemWord
    return {
        (word[1:] if word.startswith("=") else "~" + stem(word)): name
        for name, row in data.rows("events.tsv")
        for word in row.split()
    }


@cache
def _common() -> frozenset[str]:
    return frozenset(word for row in data.rows("common_words.txt") for word in row[0].split())


def _ordinary(word: str) -> bool:
    """Whether a capital on this word may be there for another reason than that it is a name."""
    word = fold(word)
    return word in _SMALL or word in _common() or _stemmer().stemWord(word) in _common()


def fold(text: str) -> str:
    """Lower case, no diacritics, no full stops, no possessive: how names are compared."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).lower()
    plain = "".join(char for char in plain if not unicodedata.combining(char)).replace(".", "")
    return plain.removesuffix("'s").strip(" '\"-,:;!?()[]")


def words(text: str) -> list[str]:
    """The folded words of a text in order."""
    return [folded for word in _WORD.findall(text) if (folded := fold(word))]


def content(text: str) -> set[str]:
    """Stems of the words that carry meaning."""
    return {_stemmer().stemWord(word) for word in words(text) if word not in _SMALL and not word[0].isdigit()}


def titled(sentence: str) -> bool:
    """Whether a sentence is a headline in title case, where capitals mark no names."""
    long_words = [word for word in _WORD.findall(sentence) if len(word) > 3 and word[0].isalpha()]
    return len(long_words) > 2 and sum(word[0].isupper() for word in long_words) >= 0.75 * len(long_words)


def names_of(sentence: str) -> list[str]:
    """Capitalised runs that are names. In a title-case headline, and at the start of a sentence, only words that no
    dictionary has count as names, and places."""
    found: list[str] = []
    run: list[str] = []
    headline = titled(sentence)
    previous_end = 0
    for match in _WORD.finditer(sentence):
        word, gap = match.group(), sentence[previous_end : match.start()]
        capital = word[0].isupper() and word not in ("I", "A")
        starts = previous_end == 0 or _OPENING.search(gap) is not None
        if run and (not capital or gap.strip()):
            found.append(" ".join(run))
            run = []
        if capital and _is_name(word, headline or starts, sentence[match.end() : match.end() + 30], bool(run)):
            run.append(word)
            if word.endswith(("'s", "’s")):
                found.append(" ".join(run))
                run = []
        elif run:
            found.append(" ".join(run))
            run = []
        previous_end = match.end()
    if run:
        found.append(" ".join(run))
    return found


def _is_name(word: str, doubtful: bool, following: str, inside: bool) -> bool:
    folded = fold(word)
    if folded in _places():
        return True
    if folded in _SMALL or (folded in _NEVER_NAMES and not inside) or (len(folded) < 2 and not inside):
        return False
    if not doubtful:
        return True
    return not _ordinary(word) and (len(folded) > 3 or word.isupper()) and not _DERIVED.search(folded)


def of(sentences: Sequence[str], published_at: datetime | None) -> Facts:
    """The facts of these sentences."""
    figures: list[tuple[quantities.Quantity, int]] = []
    whens: list[tuple[dates.When, int]] = []
    names: list[tuple[str, int]] = []
    sources: list[tuple[str, int]] = []
    quotes: list[tuple[str, int]] = []
    negated: list[tuple[int, str]] = []
    events: list[Event] = []
    for index, sentence in enumerate(sentences):
        spans = dates.find(sentence, published_at)
        whens += [(span, index) for span in spans]
        taken = [(span.start, span.end) for span in spans]
        figures += [(found, index) for found in quantities.find(sentence, taken)]
        names += [(name, index) for name in names_of(sentence)]
        sources += [(who, index) for who in stances.attributions(sentence)]
        quotes += [((found.group(1) or found.group(2)), index) for found in _QUOTE.finditer(sentence)]
        negated += [(index, found.group()) for found in _NEGATION.finditer(sentence)]
        events += _happened(sentence, index)
    text = "\n".join(sentences)
    return Facts(
        tuple(sentences), tuple(figures), tuple(whens), tuple(names[:NAMES_MAX]), tuple(sources), tuple(quotes),
        tuple(negated), tuple(events), frozenset(words(text)), frozenset(content(text)), _canonicals(text), "".join(words(text)), text,
    )  # fmt: skip


def _happened(sentence: str, index: int) -> list[Event]:
    table = _events()
    found = []
    for match in _WORD.finditer(sentence):
        word = fold(match.group())
        name = table.get(word) or table.get("~" + _stemmer().stemWord(word))
        if name:
            ahead = _AHEAD.search(sentence[max(0, match.start() - 24) : match.start()])
            found.append(Event(name, word, index, ahead is not None))
    return found


def place(name: str) -> str:
    """The canonical place of a name ("Russian" -> "russia"), or ""."""
    return _places().get(fold(name), "")


def canonical(word: str) -> str:
    """One spelling for the variants of a name, and of a place's names."""
    folded = fold(word)
    return _variants().get(folded) or _places().get(folded) or folded


def same_name(name: str, known: Facts) -> bool:
    """Whether a text already has this name: its last or longest word, a variant, near spelling, or initials."""
    tokens = [token for token in (fold(word) for word in name.split()) if token and token not in _SMALL]
    if not tokens or canonical(name) in known.canonicals:
        return True
    key = {tokens[-1], max(tokens, key=len)}
    if any(token in known.words or canonical(token) in known.canonicals for token in key):
        return True
    initials = "".join(token[0] for token in tokens)
    if len(tokens) > 1 and initials in known.words:
        return True
    if len(tokens) == 1 and name.replace(".", "").isupper() and _spelt_out(tokens[0], known.text):
        return True
    joined = "".join(tokens)
    if len(joined) > 4 and joined in known.letters:
        return True
    longest = max(key, key=len)
    return len(longest) > 4 and any(
        abs(len(word) - len(longest)) <= 3 and word[0] == longest[0] and fuzz.ratio(word, longest) >= NAME_RATIO
        for word in known.words
    )


def _canonicals(text: str) -> frozenset[str]:
    tokens = [fold(word) for word in _WORD.findall(text)]
    pairs = [f"{first} {second}" for first, second in zip(tokens, tokens[1:], strict=False)]
    return frozenset(canonical(token) for token in (*tokens, *pairs))


def _spelt_out(initials: str, text: str) -> bool:
    pattern = r"\b" + r"\w*[\s-](?:(?:of|and|the|for)\s)?".join(re.escape(letter) for letter in initials) + r"\w*"
    return len(initials) > 1 and initials.isalpha() and re.search(pattern, text, re.IGNORECASE) is not None
