"""An entry read once: what its first sentences are, however they are found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.relevance import features
from monitor.core.text import sentences


@given(st.text("ab。！ .!?\n\u2028U.S.", max_size=400))
def test_a_lead_is_the_first_three_sentences_and_sixty_words(text: str) -> None:
    words = [word for sentence in sentences(text)[:3] for word in sentence.split()]
    assert features.lead(text) == " ".join(words[:60])


def test_a_lead_of_a_long_text_is_cut_within_a_sentence() -> None:
    assert features.lead("One two. " * 10) == "One two. One two. One two."
    assert features.lead("word " * 100) == " ".join(["word"] * 60)
    assert features.lead("他走了。她来了。「好。」完") == "他走了。 她来了。 「好。」"
