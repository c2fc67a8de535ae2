"""The lane: the verbs in order (`lane`), over what is watched (`watch`)."""

from monitor.pipeline.lane import Lane, Settings
from monitor.pipeline.watch import HEARD, MUTED, Watch, words_on

__all__ = ["HEARD", "MUTED", "Lane", "Settings", "Watch", "words_on"]
