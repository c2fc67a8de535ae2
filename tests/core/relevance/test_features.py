"""An entry read once: what its first sentences are, however they are found."""

from __future__ import annotations

import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.relevance import features
from monitor.core.text import sentences
from monitor.model import Entry


@given(st.text("ab。！ .!?\n\u2028U.S.", max_size=400))
def test_a_lead_is_the_first_three_sentences_and_sixty_words(text: str) -> None:
    words = [word for sentence in sentences(text)[:3] for word in sentence.split()]
    assert features.lead(text) == " ".join(words[:60])


def test_a_lead_of_a_long_text_is_cut_within_a_sentence() -> None:
    assert features.lead("One two. " * 10) == "One two. One two. One two."
    assert features.lead("word " * 100) == " ".join(["word"] * 60)
    assert features.lead("他走了。她来了。「好。」完") == "他走了。 她来了。 「好。」"


def test_a_reading_is_gone_as_soon_as_nobody_has_it() -> None:
    """Of thirty thousand that wait for the collector a pass takes 20 MiB more."""
    gc.disable()
    try:
        reading = features.read(Entry(title="Ferry sinks off Brackwater", summary="Divers look for the cause. " * 20))
        assert reading.words.whole
        left = weakref.ref(reading)
        del reading
        assert left() is None
    finally:
        gc.enable()
