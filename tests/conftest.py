"""For every test: the same examples each run, so that the gate tells of a change and not of luck."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile("gate")
