"""The lane: the verbs in order (`lane`), over what is watched (`watch`)."""

from monitor.pipeline.backfill import backfill_all
from monitor.pipeline.pipeline import Pipeline, Settings
from monitor.pipeline.watchlist import HEARD, MUTED, Watchlist, words_on

__all__ = ["HEARD", "MUTED", "Pipeline", "Settings", "Watchlist", "backfill_all", "words_on"]
