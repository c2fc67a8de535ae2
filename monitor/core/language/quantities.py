"""Numbers in running text: digits and words, ranges, qualifiers, money, percentages, ages, and what they count.

`find` is one regular expression and a few table look-ups; it is meant for millions of short texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor import data
from monitor.core.language import ages, eastern_numerals, figure_patterns, numerals, shares, units, vocabulary
from monitor.core.language.figure_patterns import QUALIFIERS

COUNTED_MAX = 1e18  # more than the news counts of anything; longer rows of digits would be infinite (set)
PHRASE_WORDS_MAX = 5  # words after a figure that say what is counted (set by reading)
ROUNDING = 0.05  # share by which a rounded figure may miss the exact one (set)
ROUNDED_DOWN_MAX = 1.5  # how many times the round number that a number is over may be in it (set)
EXACT_BELOW = 1000.0  # below which whole figures are exact (set)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts. `low`/`high` are in the unit class ("days"); `noun` is the counted word as written.

    `bound` says what the qualifier does: "max" (up to), "min" (more than), "about", or "". `vague` marks "dozens".
    `other` is the value in the other convention, where "12.500" may be read either way.
    """

    start: int
    end: int
    value: str
    low: float
    high: float
    unit: str = ""
    family: str = ""
    qualifier: str = ""
    bound: str = ""
    noun: str = ""
    vague: bool = False
    noun_end: int = 0
    other: float | None = None


_NUMERIC = data.words("parts_and_multiples").union(numerals.WORDS)
_PHRASE = re.compile(r"[-\s'‘’\"“”(\[]*([^\W\d_²³]+(?:['’.][^\W\d_]+)*|°[cf]|\$|km/h)", re.IGNORECASE)
_GLUED = re.compile(r"(km/h|kmh|km|kg|cm|mph|ft|ha|mi|lbs?|m|c|f|s)(?:\b|(?<=m)(?=[²³23]\b))", re.IGNORECASE)
_GRAMS = re.compile(r"g\b", re.IGNORECASE)
_BREAK = re.compile(r"\(|\s[-–—]\s")
# "A mother of three" is no count of mothers, nor of anybody else in the news.
_PARENT_OF = re.compile(r"\b(?:(?:grand)?(?:mother|father)|parent|mum|mom|dad)s?[-\s]of[-\s]$", re.IGNORECASE)
# "Brenn and four others" are five.
_NAMED_WITH, _OTHERS = re.compile(r"[A-Z][\w'’-]{1,20}\sand\s$"), re.compile(r"\sothers?\b")
_SCORE_NUMBERS = re.compile(r"\d{1,3}\s?[-–—]\s?\d{1,3}$")
_NATIONALS = re.compile(r"^[A-Z]\w+(?:ans|ese|ish|is|lers)$")
_DIGIT = re.compile(rf"[\d{''.join(numerals.VULGAR)}]")
_EASTERN = re.compile(rf"[{numerals.UNSPACED}]")
_QUALIFIED = re.compile(rf"\b({figure_patterns.alternatives(QUALIFIERS)})\s$", re.IGNORECASE)
# What parts groups and decimals in Arabic and in full width.
_SEPARATORS = str.maketrans({"٫": ".", "٬": ",", "．": ".", "，": ","})
BOTH = "both"
_BOTH = re.compile(data.patterns("both"), re.IGNORECASE)
_LETTERS = re.compile(r"[a-z]+")
_WORD = re.compile(r"[^\W\d_]+")
_WHOLE = re.compile(r"(\d[\d.,]*|[^\W\d_]+)(?=\s)")
# A telephone number or a code, with all its groups.
_CODE = re.compile(r"0\d(?:[\d\s/-]{0,20}\d)?")
_PUNCTUATED = re.compile(r"\d[,.'’\s]\d")
_YEAR = re.compile(r"(?:1[89]|20)\d\d$")
_STOP = data.words("phrase_ends")
_LABELS = data.words("number_labels")
_BARE_PLURALS = data.words("bare_plurals")
_FILLERS, _ARTICLES = data.words("phrase_fillers"), data.words("articles_abroad")
_BARE = frozenset(("one", "zero"))
# "A row over two deaths", "charged over 12 thefts": because of them, not more than so many.
_BECAUSE = data.words("because_of")


def singular(word: str) -> str:
    """A plain guess at the singular of a counted word: "parties" -> "party", "tests" -> "test"."""
    word = word.lower()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word


def _counted(text: str, end: int, english: bool) -> tuple[str, tuple[str, str, float] | None, int]:
    """The word that a number counts: the first known unit in the phrase that follows, else its likeliest noun."""
    if _EASTERN.match(text, end):
        return text[end], units.of(text[end], english=False), end + 1
    if figure_patterns.DID.match(text, end):
        return "", ("people", "people", 1.0), end
    if not english and (of_them := figure_patterns.OF_THEM_ABROAD.match(text, end)):
        noun, unit, behind = _counted(text, _past_number(text, of_them.end()), english)
        return (noun, None, behind) if noun and unit is None else ("", None, end)
    words: list[tuple[str, int]] = []
    position = end
    while len(words) < PHRASE_WORDS_MAX and (found := _PHRASE.match(text, position)):
        word = found.group(1)
        lower = word.lower()
        if lower in _STOP or _BREAK.search(text, position, found.start(1)):
            break
        position = found.end()
        if lower in _FILLERS or (not english and lower in _ARTICLES):
            continue
        if measured := units.measured(text, words[-1][0] if words else "", word, position):
            return measured
        unit = units.of(lower, english=english)
        if unit is not None:
            follower = _PHRASE.match(text, position)
            if (
                follower
                and (next_unit := units.of(follower.group(1)))
                and next_unit[1] == unit[1] == "people"
                and follower.group(1).endswith("s")
            ):
                return follower.group(1), next_unit, follower.end()
            return word, unit, position
        if not english and _is_german_noun(text, word, position):
            return lower, None, position
        words.append((word, position))
        follower = _PHRASE.match(text, position) if lower in _BARE_PLURALS else None
        bare = lower in _BARE_PLURALS and not (follower and follower.group(1).endswith("s"))  # not "sheep farmers"
        if bare or (lower.endswith("s") and not lower.endswith("ss") and word.islower()):
            return lower, None, position
    if words and _NATIONALS.search(words[0][0]):
        return words[0][0], ("people", "people", 1.0), words[0][1]
    lowered = [(word, at) for word, at in words[:2] if word.islower()]
    if not lowered:
        return "", None, end
    return lowered[-1 if len(lowered) > 1 and not lowered[-1][0].endswith("ed") else 0][0], None, lowered[-1][1]


def _past_number(text: str, start: int) -> int:
    """Behind the whole of which a part is told: "der zwölf Kräne", "de las 3 grúas"."""
    whole = _WHOLE.match(text, start)
    is_whole = whole is not None and (whole.group(1)[0].isdigit() or whole.group(1).lower() in numerals.words_abroad())
    return whole.end() if whole and is_whole else start


def _is_german_noun(text: str, word: str, end: int) -> bool:
    """Whether a word of a German text is what is counted: by its capital, unless it says where from or is cut off."""
    if not word[0].isupper() or text[end : end + 1] == "-" or "de" not in vocabulary.likeliest(text):
        return False
    behind = _PHRASE.match(text, end)
    return not (word.endswith("er") and behind and behind.group(1)[0].isupper())


def _build(text: str, found: re.Match[str], english: bool) -> Quantity | None:
    before = text[max(0, found.start("low") - 26) : found.start("low")]
    if _PARENT_OF.search(before) or (_OTHERS.match(text, found.end()) and _NAMED_WITH.search(before)):
        return None
    low_text, high_text, joint = found.group("low"), found.group("high"), (found.group("joint") or "").strip()
    if high_text and joint in ("and", "or") and not found.group("between"):
        return None
    if low_text[0] == "0" and low_text[1:2].isdigit():
        return None  # a code or a telephone
    first = numerals.read((found.group("minus") or "") + low_text, english=english)
    low, high, vague = first.low, first.high, first.vague
    after = text[found.end() : found.end() + 1]
    if after.isalpha() and not found.group("ordinal") and not (_glued(text, found.end()) or _EASTERN.match(after)):
        return None
    if high_text:
        last = numerals.read(high_text, english=english)
        second, high, vague = last.low, last.high, vague or last.vague
        scale = numerals.scale(high_text, english)
        if numerals.scale(low_text, english) == 1.0 and second > low * 100 and scale > 1.0:
            low *= scale
        elif second <= low or (_SCORE_NUMBERS.match(f"{low_text}-{high_text}") and second < 10 and joint in "-–—"):
            low, high = low, second
    written = found.group("qualifier")
    if written == "over" and text[: found.start()].rstrip().rpartition(" ")[2].lower() in _BECAUSE:
        written = None
    qualifier, bound = _qualifier(written)
    start = found.start("qualifier") if qualifier else found.start()
    names = ("between",) if found.group("between") and joint == "and" else ("minus", "currency", "low")
    begin = min(found.start(name) for name in names if found.group(name))
    made = Quantity(
        start, found.end(), text[begin : found.end()].strip(), low, high, qualifier=qualifier, bound=bound,
        other=None if high_text else first.other,
    )  # fmt: skip
    return _with_unit(text, found, made, vague, joint, english)


def _qualifier(written: str | None) -> tuple[str, str]:
    said = re.sub(r"\s", " ", (written or "").lower())
    plain, bound = QUALIFIERS.get(said) or figure_patterns.ABROAD.get(said, ("", ""))
    return plain, "" if bound == "none" else bound


def _glued(text: str, end: int) -> bool:
    return (_GLUED.match(text, end) or _GRAMS.match(text, end)) is not None


def _with_unit(
    text: str, found: re.Match[str], made: Quantity, vague: bool, joint: str, english: bool
) -> Quantity | None:
    if found.group("ordinal") or numerals.WORDS.get(found.group("low").lower(), ("",))[0] == "rank":
        ranked = _PHRASE.match(text, found.end())
        noun, end = (ranked.group(1).lower(), ranked.end()) if ranked else ("", 0)
        return replace(made, unit="rank", family="rank", noun=noun, noun_end=end)
    if found.group("points") or found.group("basis"):
        size = 0.01 if found.group("basis") else 1.0
        return replace(
            made, unit="points", family="points", low=made.low * size, high=made.high * size, noun="points",
            vague=vague, noun_end=found.end(),
        )  # fmt: skip
    if found.group("percent"):
        return replace(made, unit="percent", family="percent", vague=vague, noun_end=found.end())
    if ages.is_age(text, found):
        return replace(made, unit="age", family="age", vague=vague, noun_end=ages.end(text, found))
    if unit := units.currency(found.group("currency") or ""):
        return replace(made, unit=unit[0], family=unit[1], vague=vague, noun_end=found.end())
    glued = _GLUED.match(text, found.end())
    if glued and glued.group(1).lower() == "s":
        kind = "decade" if made.low >= 100 else "age"
        return replace(made, unit=kind, family=kind, high=made.low + 9, noun_end=glued.end())
    noun, counted, end = _counted(text, found.end(), english)
    if glued:
        noun, end = glued.group(1).lower(), glued.end()
        degrees = {"c": ("degrees C", "temperature", 1.0), "f": ("degrees F", "temperature", 1.0)}
        noun, counted, end = units.measured(text, "", noun, end) or (noun, degrees.get(noun, units.of(noun)), end)
    if made.high <= made.low and found.group("high") and joint in "-–—":
        return replace(made, unit="score", family="score", noun_end=found.end())
    if counted is None:
        if _YEAR.match(found.group("low")) and not found.group("currency") and not _PUNCTUATED.search(made.value):
            return None
        if not made.qualifier and text[: made.start].rstrip().rpartition(" ")[2].lower() in _LABELS:
            return None
        kind = singular(noun)
        return replace(made, unit=kind, family=kind, noun=noun, vague=vague, noun_end=end)
    unit_class, family, factor = counted
    if family == "people" and made.other is not None and made.low < made.other:
        made = replace(made, low=made.other, high=made.other, other=None)  # nobody counts people in thousandths
    other = None if made.other is None else made.other * factor
    return replace(
        made, unit=unit_class, family=family, low=made.low * factor, high=made.high * factor, noun=noun.lower(),
        vague=vague, noun_end=end, other=other,
    )  # fmt: skip


def find(text: str, taken: Sequence[tuple[int, int]] = ()) -> tuple[Quantity, ...]:
    """Every quantity of a text in order, without those in `taken` spans (dates).

    "One" and "zero" count only with a noun.
    """
    text = text.translate(_SEPARATORS)
    english = vocabulary.is_english(text)
    if english and not (
        _DIGIT.search(text) or "fold" in text or "point" in text or _NUMERIC & set(_LETTERS.findall(text.lower()))
    ):
        return ()
    pattern = figure_patterns.number(english)
    parts = [_share(text, share) for share in shares.find(text, english)]
    parts += [] if english else [_eastern(text, spelt) for spelt in eastern_numerals.find(text)]
    taken = [*taken, *((part.start, part.end) for part in parts), *figure_patterns.uncounted(text)]
    quantities = [*parts, *_both(text)]
    position = 0
    while found := pattern.search(text, position):
        position = found.end()
        if not english and (other := _other_word(text, found.group("low"))):
            position = found.start("low") + other
            continue
        if any(start < found.end() and found.start("low") < end for start, end in taken):
            position = max(found.start("low") + 1, min(end for start, end in taken if found.start("low") < end))
            continue
        joint = (found.group("joint") or "").strip()
        apart = found.group("high") and numerals.are_apart(found.group("low"), joint, found.group("high"), english)
        moved = joint == "to" and found.group("between") and figure_patterns.MOVED.search(text, 0, found.start())
        if moved or (apart and not found.group("between")):
            cut = position = found.end("low")
            found = pattern.match(text[:cut], max(found.start(), found.end("between"))) or found
            made = _build(text, found, english) if found.end() == cut else None
        else:
            made = _build(text, found, english)
            if made is None and (code := _CODE.match(text, found.start("low"))):
                position = code.end()
        if (
            made is None or made.high > COUNTED_MAX
            or figure_patterns.NO_COUNT.match(text, found.start("low"))
            or (found.group("low").lower() in _BARE and made.family not in ("people", "time", "cases"))
        ):  # fmt: skip
            continue
        quantities.append(made)
    return tuple(sorted(quantities, key=lambda each: each.start))


def _other_word(text: str, written: str) -> int:
    """The letters of a number word that begins a figure and is another word in the text's language: German "hat"."""
    word = _WORD.match(written)
    languages = numerals.shared().get(word.group().lower()) if word else None
    return word.end() if word and languages and languages.isdisjoint(vocabulary.likeliest(text)) else 0


def _share(text: str, share: shares.Share) -> Quantity:
    """A part of a whole as a percentage: "two thirds of the men"; a multiple as times."""
    before = next((m for m in (_QUALIFIED.search(text, max(0, share.start - 24), share.start),) if m), None)
    qualifier, bound = _qualifier(before.group(1) if before else None)
    return Quantity(
        before.start(1) if before and qualifier else share.start, share.end, text[share.start : share.end], share.value,
        share.value, share.unit, share.unit, qualifier, bound, noun_end=share.end,
    )  # fmt: skip


def _eastern(text: str, spelt: eastern_numerals.Spelt) -> Quantity:
    """A number in signs, counted as the same in digits is: by what stands behind it."""
    value, counter = spelt.value, spelt.counter[0]
    unit, family, _ = units.of(counter, english=False) or (counter, counter, 1.0)
    written = text[spelt.start : spelt.end]
    return Quantity(spelt.start, spelt.end, written, value, value, unit, family, noun=counter, noun_end=spelt.end + 1)


def _both(text: str) -> list[Quantity]:
    """ "Both pilots": two, where the counted follow; it gives no figure that was not known, but supports one."""
    found = []
    for both in _BOTH.finditer(text):
        noun, counted, end = _counted(text, both.end(), True)
        unit, family, _ = counted or (singular(noun), singular(noun), 1.0)
        if noun:
            found.append(
                Quantity(both.start(), both.end(), BOTH, 2.0, 2.0, unit, family, noun=noun.lower(), noun_end=end)
            )
    return found


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether two figures may count the same: nouns that no unit table has ("homes", "interiors") may be synonyms."""
    if one.family == other.family or "rank" in (one.family, other.family):
        return one.family == other.family
    return not (one.family in units.FAMILIES and other.family in units.FAMILIES)


def significant(value: float) -> int:
    """How many leading digits a number shows: 30,000 -> 1, 4.1 million -> 2."""
    digits = f"{value:.6g}".replace(".", "").split("e")[0].strip("0")
    return max(1, len(digits))


def _rounds(fine: float, coarse: float) -> bool:
    if fine == 0 or abs(fine - coarse) > ROUNDING * abs(fine):
        return False
    if abs(coarse) < EXACT_BELOW and fine == int(fine):
        return False
    return float(f"{fine:.{significant(coarse)}g}") == coarse


def same(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities of one unit family say the same number: in words, digits, or rounded the usual way.

    "Fewer than 600" is not "more than 600", nor are euros dollars; "up to 600" may be 600.
    """
    if {_side(one), _side(other)} == {-1, 1}:
        return False
    if one.family == other.family == "money" and "money" not in (one.unit, other.unit) and one.unit != other.unit:
        return False
    return any(same_range(*mine, *theirs) for mine in _readings(one) for theirs in _readings(other))


def counted(one: Quantity, other: Quantity) -> bool:
    """Whether an estimate became a count: "dozens" -> "42", "hundreds" -> "some 340", not -> "some 40"."""
    return one.vague and not other.vague and (other.bound != "about" or significant(other.low) > 1)


def rounded_down(exact: Quantity, other: Quantity) -> bool:
    """Whether a number is told by a round one that it is over: "120" -> "more than 100", not -> "more than 121"."""
    plain = not (exact.bound or exact.qualifier or exact.vague) and exact.low == exact.high
    near = other.bound == "min" and other.low < exact.low <= ROUNDED_DOWN_MAX * other.low
    return plain and near and exact.family == other.family and significant(other.low) < significant(exact.low)


def _readings(one: Quantity) -> tuple[tuple[float, float, bool], ...]:
    plain = (one.low, one.high, one.vague)
    return (plain,) if one.other is None else (plain, (one.other, one.other, one.vague))


def _side(one: Quantity) -> int:
    """Where a qualifier puts the true number: -1 beneath the one given, 1 above it, 0 at it."""
    return 1 if one.bound == "min" else -1 if one.bound == "max" or one.qualifier == "nearly" else 0


def same_range(low: float, high: float, vague: bool, other_low: float, other_high: float, other_vague: bool) -> bool:
    """As `same`, on bare ranges: equal bounds, one a round form of the other, or one inside the other's vague range."""
    if vague != other_vague:
        wide, narrow = ((low, high), (other_low, other_high)) if vague else ((other_low, other_high), (low, high))
        return wide[0] <= narrow[0] and narrow[1] <= wide[1]
    if vague:  # "several dozen" is "dozens"
        return low < other_high and other_low < high and max(low, other_low) <= 2 * min(low, other_low)
    return _near(low, other_low) and _near(high, other_high)


def _near(one: float, other: float) -> bool:
    if abs(one - other) <= 1e-6 * max(abs(one), abs(other), 1.0):
        return True
    if abs(one) > 2 * abs(other) or abs(other) > 2 * abs(one):  # what rounds to the other is nearer
        return False
    return _rounds(one, other) or _rounds(other, one)
