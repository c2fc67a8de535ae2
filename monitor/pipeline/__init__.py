"""The pipeline: the verbs in order (`pipeline`), over what is watched (`watchlist`)."""

from monitor.pipeline.backfill import backfill_all
from monitor.pipeline.decider import Settings
from monitor.pipeline.group_commit import Together, at_once
from monitor.pipeline.lessons import words_on
from monitor.pipeline.pipeline import Pipeline
from monitor.pipeline.watchlist import Watchlist
from monitor.ports.setting_names import HEARD

__all__ = ["HEARD", "Pipeline", "Settings", "Together", "Watchlist", "at_once", "backfill_all", "words_on"]
