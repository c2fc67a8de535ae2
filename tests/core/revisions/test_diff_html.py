"""The word diff."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.revisions import diff_html

TEXTS = st.text(alphabet="ab <>&\"'\n", max_size=80)


def test_shows_what_came_and_went() -> None:
    assert diff_html.html("Send 30 men now.", "Send 50 men now.") == "Send <del>30</del> <ins>50</ins> men now."


def test_escapes_everything() -> None:
    assert "<script" not in diff_html.html("<script>1</script>", "<script>2</script> <b onclick=x>")


def test_a_lone_small_word_does_not_split_a_change() -> None:
    assert diff_html.html("Fire in Altdorf", "Flood in Basel") == "<del>Fire in Altdorf</del><ins>Flood in Basel</ins>"


@settings(max_examples=80, deadline=None)
@given(TEXTS, TEXTS)
def test_holds_the_new_text_and_only_two_tags(old: str, new: str) -> None:
    made = diff_html.html(old, new)
    assert not re.sub(r"</?(?:ins|del)>", "", made).count("<")
    kept = re.sub(r"<del>.*?</del>", "", made, flags=re.S)
    plain = re.sub(r"</?ins>", "", kept).replace("&lt;", "<").replace("&gt;", ">")
    plain = plain.replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")
    assert "".join(plain.split()) == "".join(new.split())


def test_long_texts_are_compared_by_line() -> None:
    lines = [f"line {number} of the report" for number in range(1500)]
    made = diff_html.html("\n".join(lines), "\n".join([*lines[:700], "a new line", *lines[700:]]))
    assert made.count("<ins>") == 1
    assert "<del>" not in made
