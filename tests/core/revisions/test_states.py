"""States of play that a headline gives."""

from __future__ import annotations

import pytest

from monitor.core import revisions
from monitor.core.revisions import states


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Chess: Adams and Blom level before last game", "Chess: Adams a point ahead before last game"),
        ("Coupe des Lacs: Lyonnet and Bardi share lead", "Coupe des Lacs: Bardi takes sole lead"),
        ("Bus drivers in Karst on the brink of strike", "Bus drivers in Karst down tools"),
        ("Wildfire near Petra Alta out of control", "Wildfire near Petra Alta contained"),
        ("Rover wheel stuck in sand, controllers say", "Rover wheel turning again, controllers say"),
        ("Foam on Lake Varn is not from the mill", "Foam on Lake Varn came from an algal bloom"),
        ("Minister Strand clings to office", "Minister Strand gone"),
        ("Fallen mast halts trams in Orle", "Trams running again in Orle after mast fell"),
        ("Police appeal for witnesses to Lom robbery", "Police name suspect in Lom robbery"),
        ("Ministers to meet on Friday over Varn dam", "Ministers put off meeting over Varn dam"),
        ("Freeze Watch for parts of the valley", "Freeze Warning for parts of the valley"),
        ("Wind Watch for the valley", "Wind Warning and Freeze Watch for the valley"),
        ("Tanners in Sele to vote on pay cut", "Tanners in Sele back pay cut"),
        ("Poet Runa Lind shortlisted for Elm Prize", "Poet Runa Lind snubbed for Elm Prize"),
        ("Fire in Orle mill blamed on lightning", "Lightning not to blame for fire in Orle mill"),
        ("Lom v Tarn - follow live", "Lom struggling against Tarn - follow live"),
        ("Early try puts Lom in the lead in Tarn", "Tarn hit back to take lead over Lom"),
        ("Orle Grand Prix practice - follow live", "Orle Grand Prix practice: Lund crashes heavily - follow live"),
        ("Kestrel launch attempt on Friday", "Kestrel launch attempt in doubt"),
        ("Evacuation order issued for Lom", "Evacuation order lifted for Lom"),
        ("Tarn Open: Dale two shots clear on back nine - live", "Tarn Open: Dale pipped on final green"),
        ("Lom 1-1 Tarn - hosts pile on pressure - radio & text", "Lom 1-1 Tarn: points shared - reaction"),
        ("Cup: Lom v Tarn - follow live", "Cup: Lom v Tarn - Berg with double"),
        ("Climber badly hurt in Orle fall", "Climber fighting for life after Orle fall"),
        ("Barge adrift off Lom", "Barge under tow off Lom"),
        ("Lake Varn still rising", "Lake Varn peaks"),
        ("Skiers stranded on lift above Arn", "Skiers plucked from lift above Arn"),
        ("Spire in Tarn tilting", "Spire in Tarn shored up"),
        ("Taxi drivers block ring road in Varn", "Taxi drivers lift ring road blockade in Varn"),
    ],
)
def test_another_state_is_a_revision(old: str, new: str) -> None:
    assert states.turn(old, new)
    assert revisions.compare("", "", old_title=old, new_title=new).verdict == "revision"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Fire near Lom under control", "Fire near Lom contained"),
        ("Barge adrift off Lom", "Barge drifting off Lom"),
        ("Skiers stranded on lift above Arn", "Skiers stuck on lift above Arn"),
        ("Bardi leads Coupe des Lacs", "Bardi in front in Coupe des Lacs"),
        ("Talks in Brun stall", "Talks in Brun deadlocked"),
        ("Coalition in Belmora on the brink", "Coalition in Belmora faces collapse"),
        ("Police seek witnesses to Lom robbery", "Police appeal for witnesses to Lom robbery"),
        ("Lom and Tarn goalless as half-time looms", "Lom and Tarn level after breathless half"),
        ("Lom v Tarn: how to watch", "Tarn v Lom: how to watch"),
        ("Lund v Berg - Berg wins by a point", "Lund v Berg - reaction as Berg wins"),
        ("Lund's century puts Tarn on top - text", "Lund's century puts Tarn on top - reaction"),
        ("Lom v Tarn - team news", "Lom v Tarn - team news and cup draw"),
        ("The train left at 0645 hours from Alder", "The train left at 6.45am from Alder"),
    ],
)
def test_the_same_state_in_other_words_is_none(old: str, new: str) -> None:
    assert not states.turn(old, new)


def body(old: str, new: str) -> str:
    """The verdict on two versions of a sentence beneath a headline that stayed."""
    frame = "Valley watch\n\nThe matter has occupied the valley for weeks.\n\n{}\n\nThe council meets on Thursday."
    return revisions.compare(*(frame.format(each) for each in (old, new))).verdict


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The hikers are safe in the hut.", "The hikers are in danger in the hut."),
        ("The seal on the crate is valid.", "The seal on the crate is invalid."),
        ("The clinic in Halden is overstaffed.", "The clinic in Halden is understaffed."),
        ("The beach is clean this summer.", "The beach is polluted this summer."),
        ("The bridge was partly destroyed.", "The bridge was completely destroyed."),
        ("The guard pushed the driver in the yard.", "The driver pushed the guard in the yard."),
        ("The crash was caused by ice on the road.", "The crash was caused by a burst tyre."),
        ("The plant will reopen.", "The plant will reopen only if the filters hold."),
        ("The loan will be paid unless the auditors object.", "The loan will be paid."),
        ("The mayor is believed to have left the country.", "The mayor has left the country."),
    ],
)
def test_a_sentence_beneath_that_says_the_contrary_is_told(old: str, new: str) -> None:
    assert body(old, new) == "revision"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The hikers are safe in the hut.", "The hikers are unharmed in the hut."),
        ("The bishop welcomed the ruling.", "The bishop applauded the ruling."),
        ("The guard and the driver argued in the yard.", "The driver and the guard argued in the yard."),
        ("The crash was caused by ice on the road.", "Ice on the road caused the crash."),
        ("If the river rises, the road will be closed.", "The road will be closed if the river rises."),
        ("The mayor is believed to have left the country.", "The mayor is thought to have left the country."),
    ],
)
def test_the_same_in_other_words_beneath_is_not(old: str, new: str) -> None:
    assert body(old, new) == "touch"
