"""How many connections this process may have open at once, where its limit of descriptors is a low one."""

from __future__ import annotations

import resource
from collections.abc import Callable

from monitor.core.text import counted

# Descriptors that are not for visits: state, logs, the endpoint and who asks it, children that parse, mail and hooks
# under way. Set here: a daemon at rest holds about 20, and 16 deliveries may be on their way.
RESERVED = 40
LEAST = 8  # connections that are tried whatever the limit: each waits for a descriptor where there is none (set)


def room(wanted: int, told: Callable[[str], None] = lambda line: None) -> int:
    """How many of the `wanted` connections there may be; `told` hears where these are fewer, and what to raise."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft - RESERVED >= wanted:
        return wanted
    found = min(wanted, max(LEAST, soft - RESERVED))
    if found < wanted:
        visits = counted(found, "visit")
        told(f"{soft} descriptors: {visits} at once, not {wanted}; raise RLIMIT_NOFILE (ulimit -n) for more")
    return found
