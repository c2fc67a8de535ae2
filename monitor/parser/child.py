"""The child that parses: reads one request a time from standard input, answers on standard output, knows nothing else.

Started fresh (never forked with the daemon's handles), with limits on memory and CPU, and first in line for the kernel
when memory runs out. A request is a line of JSON (see `parser.pool`) and the body; the answer is a
length in eight bytes, in four the milliseconds of processor time used so far, and the feed or page as JSON. The
length's highest bit says that no answer will follow.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from monitor.core.codec import to_bytes
from monitor.core.documents import feeds
from monitor.core.documents.feeds import rss_atom
from monitor.deferred import Deferred
from monitor.errors import ArticleError
from monitor.model import Entry, Feed
from monitor.parser import CPU_BYTES, LAST, LENGTH_BYTES, READY

_ = rss_atom  # `feeds` imports it with the first feed; a child is ready when it can read at once

if TYPE_CHECKING:
    from monitor.core.decisions import rehearsal
    from monitor.core.documents import autodiscovery, seed
else:
    rehearsal = Deferred("monitor.core.decisions.rehearsal")  # half of a start, and a pass may meet no long entry
    autodiscovery = Deferred("monitor.core.documents.autodiscovery")
    seed = Deferred("monitor.core.documents.seed")

HEADER_BYTES_MAX = 256 * 1024  # bytes of a request's line of JSON: marks of 2,000 entries (set)
CPU_MARGIN_S = 1  # seconds that the kernel waits longer than we do (setrlimit(2), RLIMIT_CPU)
# Seconds of CPU for the rehearsal of one document, out of the ten that a parse may take: 150 articles at full length.
REHEARSAL_S = 3.0
# Characters in all fields from which on an entry is rehearsed: even the square of fewer is milliseconds of work, and
# most entries have fewer (set in 2026 by the feeds of the catalogue: a headline and a summary are 400).
LONG_CHARS_MIN = 1000


def limit(memory_bytes_max: int) -> None:
    """No more memory than allowed, no core files, no new files; die before the daemon does."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = memory_bytes_max if hard == resource.RLIM_INFINITY else min(memory_bytes_max, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("900")


def allow_cpu(cpu_s: int) -> None:
    """Let this one parse use `cpu_s` more seconds of CPU; the kernel kills the process after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + cpu_s + CPU_MARGIN_S
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def read(asked: dict[str, Any], body: bytes) -> bytes:
    """What is asked for: a feed, an article page, the article of a new story, or the feeds that a page declares."""
    now = datetime.fromisoformat(asked["now"])
    if asked["kind"] == "page":
        from monitor.core.documents import pages  # costs a quarter of a second, and only once a page is asked for

        page = pages.extract(body, asked["url"], asked["content_type"], now)
        _rehearse(Entry(title=page.title, text=page.text))
        return to_bytes(page)
    if asked["kind"] == "article":
        return _article(asked, body)
    if asked["kind"] == "declared":
        return json.dumps(autodiscovery.declared(body, asked["url"], asked["link"], asked["content_type"])).encode()
    feed = feeds.parse(
        body, now=now, url=asked["url"], content_type=asked["content_type"], read_before=asked["read_before"],
        kind=asked["source"],
    )  # fmt: skip
    _rehearse(*feed.entries)
    return to_bytes(feed)


def _rehearse(*entries: Entry) -> None:
    """The longest entries first; those that are left when the time is up are shorter than some that were no trouble."""
    end = time.process_time() + REHEARSAL_S
    for entry in sorted([one for one in entries if _length(one) >= LONG_CHARS_MIN], key=_length, reverse=True):
        if time.process_time() > end:
            break
        rehearsal.read(entry)


def _length(entry: Entry) -> int:
    """Characters in all fields."""
    return len(entry.title) + len(entry.summary) + len(entry.text) + len(entry.url) + len(entry.id)


def _article(asked: dict[str, Any], body: bytes) -> bytes:
    try:
        article = seed.read(body, url=asked["url"], content_type=asked["content_type"])
    except ArticleError as error:
        return json.dumps({"error": " ".join(map(str, error.args))}).encode()  # its sentence is the parent's to say
    _rehearse(Entry(title=article.title, text=article.text))
    return to_bytes(article)


def serve(requests: BinaryIO, answers: BinaryIO, cpu_s: int) -> None:
    """Say that we are ready; answer until the parent closes the pipe, or memory has run out: it is in pieces then."""
    answers.write(READY)
    answers.flush()
    while header := requests.readline(HEADER_BYTES_MAX):
        asked = json.loads(header)
        body = requests.read(asked["size"])
        allow_cpu(cpu_s)
        last = 0
        try:
            answer = read(asked, body)
        except MemoryError:
            last = LAST
            answer = to_bytes(Feed(error="parse", detail="over the memory limit"))
        except Exception as error:
            answer = to_bytes(Feed(error="internal", detail=f"{type(error).__name__}: {error}"[:200]))
        used_ms = int(time.process_time() * 1000)
        answers.write((last | len(answer)).to_bytes(LENGTH_BYTES, "big") + used_ms.to_bytes(CPU_BYTES, "big") + answer)
        answers.flush()
        if last:
            return


if __name__ == "__main__":
    limit(int(sys.argv[1]))
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[2]))
