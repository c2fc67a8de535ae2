"""Which of several workers does what, without asking: the highest of all hashes of name and worker wins. Pure.

Rendezvous hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998): all who know the
same workers agree, and where one leaves only its own work moves. A host's feeds stay with one worker, who then paces
its requests and knows its robots.txt; so do a channel's deliveries, which keeps their order.
"""

from __future__ import annotations

from collections.abc import Collection

from monitor.core import ids


def is_mine(name: str, me: str, workers: Collection[str]) -> bool:
    """Whether this worker does what bears that name. One that nobody knows, or that is alone, does everything."""
    return me not in workers or max(workers, key=lambda worker: (ids.digest("w", name, worker), worker)) == me
