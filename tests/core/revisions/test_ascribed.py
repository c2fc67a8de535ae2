"""Who vouches for a statement, before and after."""

from __future__ import annotations

import pytest

from monitor.core import revisions

FRAME = {
    "en": "The council meets on Thursday.\n\n{}\n\nThe valley waits.",
    "de": "Der Rat tagt am Donnerstag wieder.\n\n{}\n\nDas Tal wartet auf die Straße.",
    "fr": "Le conseil se réunit jeudi.\n\n{}\n\nLa vallée attend.",
    "es": "El concejo se reúne el jueves.\n\n{}\n\nEl valle espera.",
    "it": "Il consiglio si riunisce giovedì.\n\n{}\n\nLa valle aspetta.",
    "sv": "Rådet möts på torsdag.\n\n{}\n\nDalen väntar.",
}


def attributed(language: str, old: str, new: str) -> list[tuple[str, str]]:
    """The attributions that changed between two versions of a sentence in a report."""
    found = revisions.compare(
        *(FRAME[language].format(each) for each in (old, new)), old_title="2031", new_title="2031"
    )
    assert found.verdict == "revision" or not found.changes
    return [(change.before, change.after) for change in found.changes if change.kind == "attribution"]


@pytest.mark.parametrize(
    ("language", "old", "new", "before", "after"),
    [
        ("en", "Engineers say the dam is safe.", "The contractor says the dam is safe.", "Engineers", "The contractor"),
        ("en", "The dam has a crack, a diver said.", "The dam has a crack.", "diver", ""),
        ("en", "The keeper was asleep that night.", "The keeper was allegedly asleep that night.", "", "allegedly"),
        ("de", "Laut Polizei war der Weg vereist.", "Laut Anwohnern war der Weg vereist.", "Polizei", "Anwohnern"),
        ("de", "Dem Betreiber zufolge hält der alte Damm.", "Der alte Damm hält.", "Dem Betreiber", ""),
        (
            "fr",
            "Le barrage tient, a dit le préfet.",
            "Le barrage tient, a dit le syndicat.",
            "le préfet",
            "le syndicat",
        ),
        ("es", "La presa está rota.", "La presa está rota, según la fiscalía.", "", "la fiscalía"),
        ("it", "Il custode avrebbe dormito di notte.", "Il custode ha dormito di notte.", "avrebbe", ""),
        ("sv", "Dammen håller, säger kommunen.", "Dammen håller, säger facket.", "kommunen", "facket"),
    ],
)
def test_another_source_is_told(language: str, old: str, new: str, before: str, after: str) -> None:
    changed = attributed(language, old, new)
    assert len(changed) == 1
    assert changed[0][0].startswith(before)
    assert changed[0][1].startswith(after)
    assert bool(before) == bool(changed[0][0])
    assert bool(after) == bool(changed[0][1])


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("en", "Police said the road was icy.", "Police told reporters the road was icy."),
        ("en", "The ministry said the dam is safe.", "The interior ministry said the dam is safe."),
        ("en", "Farrad said the dam is safe.", "Olwen Farrad said the dam is safe."),
        ("en", "The dam is safe, the operator said.", "According to the operator, the dam is safe."),
        ("en", "Officials said the road was icy.", "Police said the road was icy."),
        ("en", "Firefighters said the blaze was out.", "The fire service said the blaze was out."),
        ("en", "Governor Hohcul said the dam is safe.", "Governor Hochul said the dam is safe."),
        ("en", "The band sells its rights for a reported sum.", "The band sells rights for a reported sum."),
        ("en", "Only two candidates said they would stand again.", "Only 2 candidates said they would stand again."),
        ("en", "The road connects their two states, and the sea.", "The road connects their 2 states, and the sea."),
        ("en", "The coach disputes claims that he was unfit.", "The coach contests claims that he was unfit."),
        ("en", "In court the coach rejects claims.", "In court the coach denies claims."),
        ("en", "He will say the dam is safe.", "The president says the dam is safe."),
        ("de", "Das Ministerium sagte, der Damm halte.", "Das Innenministerium sagte, der Damm halte."),
        ("fr", "Selon le préfet, le barrage tient.", "D'après le préfet, le barrage tient."),
    ],
)
def test_the_same_source_in_other_words_is_not(language: str, old: str, new: str) -> None:
    assert not attributed(language, old, new)


def test_a_source_that_stands_beside_is_not_lost() -> None:
    old = "The road was icy, police said. The driver fled, police said."
    assert not attributed("en", old, "The road was icy, police said. The driver fled.")


def test_a_person_named_elsewhere_is_no_other_source() -> None:
    old = "Minister Olwen Farrad was there. The minister said the dam is safe."
    assert not attributed("en", old, "Minister Olwen Farrad was there. Farrad said the dam is safe.")
