"""A shell asks what may follow, and is told the verbs and their options."""

from __future__ import annotations

from tests.cli.command import monitor


def asked(words: str, place: int) -> list[str]:
    answer = monitor(COMP_WORDS=words, COMP_CWORD=str(place), _MONITOR_COMPLETE="complete_bash")
    assert answer.code == 0, answer.err
    return answer.out.split()


def test_verbs_are_completed() -> None:
    assert set(asked("monitor re", 1)) >= {"replay", "resume", "redeliver", "restore"}


def test_options_of_a_verb_are_completed() -> None:
    assert set(asked("monitor search --s", 2)) >= {"--story", "--source", "--since"}
