"""An entry read once for every story: its headline's stems, names, acts and figures, and the names at its head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Literal

from monitor import data
from monitor.core import slugs
from monitor.core.language import event_classes, gazetteer, rarity
from monitor.core.language import words as lexicon
from monitor.core.relevance.lexical_model import Words
from monitor.core.remembered import once
from monitor.core.text import each_sentence, fold, has_few_sentences, words
from monitor.model import Entry
from monitor.model.nouns import dataclass

HEAD_WORDS = 60  # words of the first sentences that count (set)
LEAD_CHARS, LEAD_SENTENCES = 1500, 3  # characters in which they are looked for, and how many there are (set)
BODY_WORDS = 150  # words of a text that count (set)
# A text of fewer words is a headline only, one of fewer than BRIEF_WORDS the sentence or two that feeds show: it is
# read as a longer headline. One of fewer than SHORT_WORDS says little more than a headline.
BARE_WORDS, BRIEF_WORDS = 8, 60
SHORT_WORDS = 22  # see above
# A headline has at most so many words that count; the longest headlines of the recorded feeds have 35.
TITLE_WORDS = 40
CAPITALISED = 0.8  # share of a word's occurrences with a capital that makes it a name (set by reading)

# What of a reading is worked out when asked for.
_LATE = ("actors", "runs", "acts", "acts_abroad", "people", "abroad", "words")
# What a feed shows of an entry beside its headline: nothing, a sentence or two, the article.
Kind = Literal["headline", "brief", "text"]

_APOSTROPHE = re.compile("['’]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_TITLE_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Of headlines with at least so many longer words, this share with a capital means that Every Word Has One.
_LONG_LETTERS, _LONG_WORDS = 4, 3
TITLE_CASE = 0.75  # share, see above


@dataclass(frozen=True, slots=False)
class Glance:
    """What says whether an entry is worth reading: the stems of headline and `first` sentences, and who is named.

    `raw` is the headline with the first sentences, `head` the same folded; `slug` are the words of its address.
    """

    entry: Entry
    first: str
    raw: str
    head: str
    terms: list[str]
    first_terms: list[str]

    @once
    def slug(self) -> tuple[str, ...]:
        """The distinct stems of the address that the headline has not, however it is spelt there: "dont" is "don't"."""
        new = set(found := lexicon.terms(slugs.words(self.entry.url))).difference(self.terms)
        if not new:  # most addresses only repeat the headline
            return ()
        joined = _APOSTROPHE.sub("", self.entry.title)
        if joined != self.entry.title:
            new.difference_update(lexicon.terms(joined))
        return tuple([stem for stem in dict.fromkeys(found) if stem in new])

    @once
    def actors(self) -> Mapping[str, gazetteer.Found]:
        """The countries and organisations that are named, and what stands for them."""
        return _actors(self.raw, self.head)

    @once
    def title(self) -> tuple[str, ...]:
        """The distinct stems of headline and address, which is often the plainer headline."""
        return tuple(dict.fromkeys((*self.terms, *self.slug)))[:TITLE_WORDS]

    @once
    def opening(self) -> tuple[str, ...]:
        """The distinct stems of the first sentences."""
        return tuple(dict.fromkeys(self.first_terms))


@dataclass(frozen=True, slots=False)
class Reading:
    """What relevance looks at. `head` is the folded title with the first sentences.

    `title` and `opening` are the distinct stems of headline with address and of first sentences. What is weighed are
    the `parts`, the headline and of a brief the first sentences as well, and the address: `weighed` are their stems
    with how rare and how likely each is in the news. All else is worked out when asked for, some of it from `rest`,
    which is read behind the first sentences: most stories that share a word with an entry share no more.
    """

    entry: Entry
    seen: Glance
    weighed: tuple[tuple[str, rarity.Weight], ...]
    kind: Kind
    rest: str
    is_short: bool

    @property
    def head(self) -> str:
        """The folded headline with the first sentences."""
        return self.seen.head

    @property
    def title(self) -> tuple[str, ...]:
        """The distinct stems of headline and address."""
        return self.seen.title

    @property
    def opening(self) -> tuple[str, ...]:
        """The distinct stems of the first sentences."""
        return self.seen.opening

    @once
    def words(self) -> Words:
        """Its words by where they stand."""
        seen = self.seen  # words that knew the reading would keep it until the collector comes
        title, opening, rest = seen.terms, seen.first_terms, lexicon.terms(self.rest)
        return Words(title, opening, rest, lambda: seen.actors, self.is_short)

    @property
    def vector(self) -> Mapping[str, float]:
        """All its words."""
        return self.words.whole

    @property
    def actors(self) -> Mapping[str, gazetteer.Found]:
        """Countries and organisations, and what stands for them."""
        return self.seen.actors

    @once
    def nations(self) -> frozenset[str]:
        """The stems of the countries and organisations that it calls by their names, not by a town or a person."""
        named = (found.surface for found in self.actors.values() if found.strength == 1.0)
        return frozenset(term for surface in named for term in lexicon.terms(surface))

    @property
    def bare(self) -> bool:
        """Whether it is a headline only."""
        return self.kind == "headline"

    @once
    def parts(self) -> tuple[str, ...]:
        """What is weighed."""
        title = self.entry.title
        return (title, *each_sentence(self.seen.first)) if self.kind == "brief" else (title,)

    @once
    def runs(self) -> tuple[frozenset[str], ...]:
        """The stems of each name."""
        return tuple(run for part in self.parts for run in title_runs(part))

    @once
    def names(self) -> frozenset[str]:
        """The stems of its capitalised words."""
        return frozenset[str]().union(*self.runs)

    @once
    def acts(self) -> Mapping[str, float]:
        """What happens in it, by class, with how surely."""
        return _strongest(map(acts, self.parts))

    @once
    def acts_abroad(self) -> Mapping[str, float]:
        """The same, read as no English."""
        return _strongest(map(acts_abroad, self.parts))

    @once
    def numbers(self) -> frozenset[str]:
        """Its figures."""
        return frozenset(stem for stem, _ in self.weighed if stem[0].isdigit())

    @once
    def people(self) -> Mapping[str, gazetteer.Found]:
        """Classes of people."""
        return gazetteer.people().find(self.seen.raw, self.head)

    @once
    def abroad(self) -> bool:
        """Whether it speaks of another country."""
        return bool(gazetteer.abroad().find(self.seen.raw, self.head))


def lead(text: str) -> str:
    """The first sentences of a text, at most 60 words: what a report says it is about."""
    text = text[:LEAD_CHARS]
    if has_few_sentences(text, LEAD_SENTENCES):
        return " ".join(text.split(None, HEAD_WORDS)[:HEAD_WORDS])
    kept: list[str] = []
    for sentence in islice(each_sentence(text), LEAD_SENTENCES):
        kept += sentence.split()[: HEAD_WORDS - len(kept)]
        if len(kept) == HEAD_WORDS:
            break
    return " ".join(kept)


def _actors(raw: str, folded: str) -> dict[str, gazetteer.Found]:
    """The actors of a text; a bare "North" or "Kim" counts, weakly, beside those who go with it."""
    found = gazetteer.actors().find(raw, folded)
    if not raw.isascii() and _HANGUL.search(raw):
        for code, short in gazetteer.shorthand():
            if code not in found and (met := short.search(raw)):
                found[code] = gazetteer.Found(code, gazetteer.PLACE, met.group(1))
    for code, beside, alone, capital in gazetteer.companions() if found else ():
        if code not in found and not beside.isdisjoint(found):
            met = (capital if _capitalised(raw) else alone).search(raw)
            if met:
                found[code] = gazetteer.Found(code, gazetteer.WEAK, met.group().lower())
    return found


def _capitalised(text: str) -> bool:
    """Whether a headline writes Every Word With a Capital."""
    long = [word for word in text.split()[:12] if len(word) > 3]
    return sum(word[0].isupper() for word in long) > CAPITALISED * len(long)


def title_names(title: str) -> frozenset[str]:
    """Stems of a headline's capitalised words; where every word has a capital, and at its start, of uncommon ones."""
    return frozenset[str]().union(*title_runs(title))


def title_runs(title: str) -> tuple[frozenset[str], ...]:
    """The names of a headline as runs of capitalised words: "Halvorsen Museum" is one name, "Chad and Mali" are two."""
    matches = list(_TITLE_WORD.finditer(title))[:TITLE_WORDS]
    long = [match.group() for match in matches if len(match.group()) >= _LONG_LETTERS]
    everywhere = len(long) >= _LONG_WORDS and sum(word[0].isupper() for word in long) > TITLE_CASE * len(long)
    runs: list[set[str]] = []
    end = -1
    for number, match in enumerate(matches):
        word = match.group()
        if not word[0].isupper():
            continue
        name = fold(word).removesuffix("'s")
        if (everywhere or number == 0) and name in data.words("common_words.txt"):
            continue
        stems = _stems(name)
        if runs and match.start() - end <= 1:
            runs[-1] |= stems
        elif stems:
            runs.append({*stems})
        end = match.end()
    return tuple(map(frozenset, runs))


@lru_cache(maxsize=8192)
def _stems(name: str) -> frozenset[str]:
    return frozenset(term for term in lexicon.terms(name) if not term.isdigit())


def acts(text: str) -> dict[str, float]:
    """The classes of acts in a text with how surely each is meant: a word of three classes says a third of each."""
    return _surely(act.classes for act in event_classes.find(words(text)[:TITLE_WORDS]))


def acts_abroad(text: str) -> dict[str, float]:
    """The classes of acts in a text of another language."""
    return _surely(event_classes.of_words_abroad(words(text)[:TITLE_WORDS]))


def _surely(found: Iterable[frozenset[str]]) -> dict[str, float]:
    surely: dict[str, float] = {}
    for classes in found:
        for name in classes:
            surely[name] = max(surely.get(name, 0.0), 1 / len(classes))
    return surely


def glance(entry: Entry) -> Glance:
    """Look at an entry."""
    body = entry.text or entry.summary
    first = lead(body) if body else ""
    title, opening = fold(entry.title), fold(first)
    raw, head = (f"{entry.title}. {first}", f"{title}. {opening}") if body else (entry.title, title)
    return Glance(entry, first, raw, head, lexicon.terms_of(title), lexicon.terms_of(opening))


def read(entry: Entry, everyday: rarity.Weigh = rarity.of) -> Reading:
    """Read an entry; `everyday` is what its source writes anyway."""
    return read_on(glance(entry), everyday)


def read_whole(entry: Entry) -> list[object]:
    """All that may be asked of a reading."""
    reading = read(entry)
    return [getattr(reading, part) for part in _LATE]


def read_on(seen: Glance, everyday: rarity.Weigh = rarity.of) -> Reading:
    """Read the entry that was looked at."""
    body = seen.entry.text or seen.entry.summary
    shown = body.split(None, BODY_WORDS)[:BODY_WORDS]
    bare, brief = len(shown) < BARE_WORDS, BARE_WORDS <= len(shown) < BRIEF_WORDS
    weighed = tuple(dict.fromkeys((*seen.title, *seen.first_terms))) if brief else seen.title
    weigh = getattr(everyday, "weigh", everyday)
    return Reading(
        entry=seen.entry, seen=seen,
        weighed=tuple(zip(weighed, map(weigh, weighed), strict=True)),
        kind="headline" if bare else "brief" if brief else "text",
        rest=" ".join(shown[len(seen.first.split()) :]),
        is_short=len(shown) < SHORT_WORDS,
    )  # fmt: skip


def _strongest(found: Iterable[Mapping[str, float]]) -> dict[str, float]:
    strongest: dict[str, float] = {}
    for some in found:
        for name, surely in some.items():
            strongest[name] = max(strongest.get(name, 0.0), surely)
    return strongest
