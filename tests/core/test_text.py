"""Outside text: plain, clean, folded, cut into words and sentences; and never slow, whatever it is."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core import text

PLAIN = [
    ("<p>one</p><p>two</p>", "one two"),
    ("one<br>two", "one two"),
    ("<b>bold</b>ly", "boldly"),
    ("<dl><dt>who</dt><dd>they</dd></dl>", "who they"),
    ("fish &amp;lt; chips", "fish &lt; chips"),
    ("&lt;b&gt;", "<b>"),
    ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ("<img alt='a>b'>seen", "seen"),
    ('<a title="5 > 4" href="/x">link</a>', "link"),
    ("<p don't>said</p>", "said"),
    ("<script>var x = '<p>';</script>shown", "shown"),
    ("<style>p { color: red }", ""),
    ("<script src='x.js'/>shown", "shown"),
    ("before<iframe src='x'/>after", "beforeafter"),
    ("before<iframe src='x'>after", "beforeafter"),
    ("<noscript>hidden</noscript>shown", "shown"),
    ("<SCRIPT>hidden</Script >shown", "shown"),
    ("<\u017fcript>hidden</\u017fcript>shown", "shown"),
    ("<scr<!-- -->ipt>hidden</script>shown", "shown"),
    ("<STRI\u212aE>ten</strike> nine", "nine"),
    ("<!-- hidden -->shown", "shown"),
    ("<![CDATA[kept]]>", "kept"),
    ("cut here <a href='https://exa", "cut here"),
    ("If a <b then", "If a <b then"),
    ("AT&T &#x2014; &eacute;", "AT&T — é"),
]


@pytest.mark.parametrize(("markup", "expected"), PLAIN)
def test_plain(markup: str, expected: str) -> None:
    assert " ".join(text.plain(markup).split()) == expected


CLEAN = [
    ("  two\n\twords \u2028 ", "two words"),
    ("bell\x07 esc\x1b[31m c1\x9b nul\x00", "bell esc[31m c1 nul"),
    ("right\u202eleft\u2066x\u2069 zero\u200bwidth\ufeff soft\u00adhyphen", "rightleftx zerowidth softhyphen"),
    ("\ud83d\ude00 pair, \udc00 alone", "\U0001f600 pair, \ufffd alone"),
    ("cafe\u0301", "café"),
    ("a\u200d\u0301", "á"),
    ("z" + "\u0316" * 40, "z" + "\u0316" * 4),
    ("o" + "\u20dd" * 9, "o" + "\u20dd" * 4),
    ("filler\u3164\u034f\ufe0f", "filler"),
    ("tag\U000e0041\ue000", "tag"),
    ("한국 뉴스", "한국 뉴스"),
]


@pytest.mark.parametrize(("dirty", "expected"), CLEAN)
def test_clean(dirty: str, expected: str) -> None:
    assert text.clean(dirty, 200) == expected


def test_clean_cuts_and_never_ends_in_space() -> None:
    assert text.clean("four " * 10, 5) == "four"
    assert text.clean("x" * 5000, 1000) == "x" * 1000


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=80), st.integers(1, 60))
def test_clean_text_is_safe_to_print_and_stays_as_it_is(dirty: str, chars_max: int) -> None:
    cleaned = text.clean(dirty, chars_max)
    assert len(cleaned) <= chars_max
    assert cleaned == text.clean(cleaned, chars_max)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in cleaned)
    cleaned.encode("utf-8")


def test_fold_makes_spellings_equal() -> None:
    assert text.fold("Zelenskýj’s “ÉTÉ” — STRASSE") == text.fold('zelenskyj\'s "ete" - straße')
    assert text.fold("한국") == unicodedata.normalize("NFC", "한국")
    assert text.fold("ﬁve ｆｕｌｌ") == "five full"


def test_western_letters_are_folded_as_all_others_are() -> None:
    for code in range(0x80, 0x2100):
        letter = chr(code)
        assert text.fold(f"É{letter}x’") == text._folded(f"É{letter}x’"), hex(code)


@given(st.text("Zürich “wächst” … weiß ½ Ω . ! ?。\n\u2028\xa0", max_size=60))
def test_folding_and_counting_sentences_say_what_the_long_ways_say(some: str) -> None:
    assert some.isascii() or text.fold(some) == text._folded(some)
    for number in range(4):
        assert not text.has_few_sentences(some, number) or len(text.sentences(some)) <= number


def test_words_keep_numbers_whole_in_any_script() -> None:
    assert text.words("10,000 men, 3.5 tons") == ["10,000", "men", "3.5", "tons"]
    assert text.words("Russia's soldiers’ don't") == ["russia", "soldiers", "don't"]
    assert text.words("snake_case __bold__") == ["snake", "case", "bold"]
    assert text.words("북한 병사 Солдаты") == ["북한", "병사", "солдаты"]
    assert len(text.words("हिन्दी समाचार")) == 2
    assert len(text.words("กินข้าว")) == 1
    assert text.words("...!? ") == []


@given(st.text("ab1'’.,_ \n\x1c\x7fé", max_size=40))
@settings(max_examples=500)
def test_words_are_those_that_the_pattern_finds(some: str) -> None:
    found = text._WORD.findall(some)
    assert text.words_of(some) == [word.removesuffix("'s") for word in found]


SENTENCES = [
    ["N. Korea sent 3.5 tons.", "Gen. Ri saw it."],
    ["He came from the U.S. in May.", "They left at 5 p.m.", "The U.S. Army stayed."],
    ["Mr. Park spoke.", "Dr. No. 2 listened, e.g. to this.", "Really?!", "Yes."],
    ["“It ended.”", "She left.", "“Why?” he asked.", "Nobody knew."],
    ["Talks went on ... and on.", "Then they stopped."],
    ["Sen. Jones (R-Ky.) agreed.", "Others did not."],
    ["On Jan. 5 it began.", "It ended in Feb.", "The rest is silence."],
    ["В. Путин приехал.", "Он уехал."],
    ["Am 24. Februar kam er.", "Er ging."],
    ["No stop at the end"],
]


@pytest.mark.parametrize("expected", SENTENCES)
def test_sentences(expected: list[str]) -> None:
    assert text.sentences(" ".join(expected)) == expected


def test_sentences_end_where_lines_do_and_in_chinese() -> None:
    assert text.sentences("A headline\n\nIt said so.") == ["A headline", "It said so."]
    assert text.sentences("他走了。她来了。「好。」完") == ["他走了。", "她来了。", "「好。」", "完"]
    assert text.paragraphs(" one \n\n two\tand ") == ["one", "two and"]


HOSTILE = {
    "full stops": "." * 250_000 + "x",
    "stops and quotes": ".\"'" * 80_000 + "x",
    "abbreviations": "a. " * 80_000,
    "open frames": "<svg>" * 50_000,
    "frames closed once": "</svg>" + "<svg>" * 50_000,
    "open scripts": "<script " * 30_000,
    "open comments": "<!--" * 60_000,
    "open tags": "<a " * 80_000,
    "open quotes": "<a b=\"<a b='" * 20_000,
    "equal signs": "<a " + "=" * 250_000,
    "equal signs closed": ("<a " + "=" * 60_000 + "<") * 4,
    "spaces": " " * 250_000 + "x",
    "marks": "z" + "\u0301" * 250_000,
    "digits": "1," * 120_000,
    "ampersands": "&" * 250_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name: str) -> None:
    began = time.process_time()
    markup = HOSTILE[name]
    text.clean(text.plain(markup), 250_000)
    text.sentences(markup)
    text.words(markup)
    assert time.process_time() - began < 2


def test_an_opening_is_whole_sentences() -> None:
    said = "The bridge stands. It cost 4.5 million euros. Nobody complained."
    assert text.opening(said, 100) == said
    assert text.opening(said, 50) == "The bridge stands. It cost 4.5 million euros."
    assert text.opening(said, 12) == "The …"
    assert len(text.opening("x" * 900, 600)) <= 600


def test_any_opening_keeps_its_limit() -> None:
    for size in range(3, 60):
        assert len(text.opening("A longish word, then more of them; without an end", size)) <= size


@pytest.mark.parametrize("part", ["\u1100", "\u1161", "\u11a8", "\ua960", "\u0915\u094d", "\u1780\u17d2", "\u0d4e"])
def test_what_no_line_can_be_broken_in_is_short(part: str) -> None:
    assert len(text.clean(part * 1000, 1000)) <= 12


@pytest.mark.parametrize("said", ["क्ष्त्र्य राष्ट्रीय", "ប្រទេសកម្ពុជា ស្ត្រី", "ᄒᆞᆫ글 나랏말ᄊᆞ미", "한국어 문장입니다"])
def test_words_with_joined_letters_stay(said: str) -> None:
    assert text.clean(said, 100) == said
