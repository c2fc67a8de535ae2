"""Figures for `/metrics`, in a registry of our own. Labels are kinds and results, never titles or feed addresses."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import partial
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from monitor import __version__
from monitor.model import AlertKind
from monitor.model.words import Outcome

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LAG_BUCKETS_S = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600)  # seconds: from a tick to an hour (set)


class Metrics:
    """All figures of one process. Names are part of the contract."""

    def __init__(self) -> None:
        """Make a fresh registry: two daemons in one process do not share figures."""
        self.registry = CollectorRegistry()
        counter, gauge = partial(Counter, registry=self.registry), partial(Gauge, registry=self.registry)
        self.poll_lag = Histogram(
            "monitor_poll_lag_seconds", "How late a due visit began", buckets=LAG_BUCKETS_S, registry=self.registry
        )
        self.visits = counter("monitor_visits", "Visits by result", ["result"])
        self.entries = counter("monitor_entries_new", "Entries seen for the first time")
        self.readings = counter("monitor_page_readings", "Followed articles read again, by state", ["state"])
        self.attempts = counter("monitor_delivery_attempts", "Delivery attempts by outcome", ["outcome"])
        self.alerts = counter("monitor_alerts", "Alerts recorded by this process, by kind", ["kind"])
        kept = "Alerts in the state, by kind; falls when old ones are let go"
        self.alerts_kept = gauge("monitor_alerts_kept", kept, ["kind"])
        self.outbox_pending = gauge("monitor_outbox_pending", "Deliveries not yet settled")
        self.outbox_age = gauge("monitor_outbox_age_seconds", "Age of the oldest delivery that is due")
        self.sources_failing = gauge("monitor_source_failing", "Sources that fail now")
        self.sources = gauge("monitor_sources", "Sources by state", ["state"])
        self.gaps = counter("monitor_gaps", "Gaps noticed by this process")
        self.gaps_kept = gauge("monitor_gaps_kept", "Gaps in the state")
        self.errors = counter("monitor_errors", "Things that should not fail and did")
        self.blocked_addresses = counter("monitor_blocked_addresses", "Visits refused by the address guard")
        self.config_ok = gauge("monitor_config_ok", "0 while a wrong configuration is ignored")
        self.config_ok.set(1)
        about = "1, with the version of this program and of Python"
        gauge("monitor_build_info", about, ["version", "python"]).labels(__version__, platform.python_version()).set(1)
        ProcessCollector(registry=self.registry)
        self._begin()

    def _begin(self) -> None:
        """Let counters be there from the start, so that a rate over the first hour is right."""
        for counter, values in (
            (self.visits, ("changed", "unchanged")), (self.attempts, get_args(Outcome)),
            (self.alerts, get_args(AlertKind)),
        ):  # fmt: skip
            for value in values:
                counter.labels(value)

    def refresh(self, counts: Mapping[str, float], states: Mapping[str, int], failing: int) -> None:
        """Take over what the store knows; called at each scrape."""
        self.alerts_kept.clear()
        for name, value in counts.items():
            if name.startswith("alerts:"):
                self.alerts_kept.labels(name.removeprefix("alerts:")).set(value)
        self.outbox_pending.set(counts.get("outbox_pending", 0))
        self.outbox_age.set(counts.get("outbox_age_seconds", 0))
        self.gaps_kept.set(counts.get("gaps", 0))
        self.sources.clear()
        for state, count in states.items():
            self.sources.labels(state).set(count)
        self.sources_failing.set(failing)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
