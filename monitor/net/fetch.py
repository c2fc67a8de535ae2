"""Fetching: a visit goes out through the guarded door, its redirects walked by hand, and comes back as a value.

Nothing raises out of here but cancellation, and `Starved` where this machine cannot read a page just now. Whatever a
server does - hang, lie, flood, loop - ends within the wall clock and the byte limits of the settings, as `Fetched` with
a class of error, its connection closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

import httpcore

from monitor.core.decisions import poll_schedule
from monitor.errors import Starved
from monitor.model import ErrorClass, Fetched, Page, Source, Visit
from monitor.net import errors, requests, responses, robots, urls
from monitor.net.content_encoding import Decoder
from monitor.net.errors import DoorError
from monitor.net.guard import Connections, Guard, Ways
from monitor.net.politeness import Holds, Pacing
from monitor.net.requests import Plan, Trail

Extract = Callable[[bytes, str, str], Awaitable[Page]]
DESCRIPTOR_PAUSE_S = 0.25  # seconds until a descriptor may be free again (set)
# Of the page that comes with an error: bytes, and seconds to send them. Set here: a challenge has 2 to 30 KiB, and the
# status was read already.
ERROR_PAGE_BYTES_MAX = 64 * 1024
ERROR_PAGE_S = 3.0  # seconds, see above
# How a gzip file begins, and no document that is text (RFC 1952, 2.3.1).
GZIP_FILE = b"\x1f\x8b\x08"
_PAGE_TYPES = ("", "text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """The limits of fetching. `in_flight_max` must exceed the number of hosts that may plausibly hang at once."""

    contact: str = ""
    timeout_s: float = 60.0
    connect_s: float = 10.0
    idle_s: float = 15.0
    body_bytes_max: int = 10 * 1024 * 1024
    page_bytes_max: int = 5 * 1024 * 1024
    hops_max: int = 10
    spacing_s: float = 2.0
    per_host_max: int = 2
    in_flight_max: int = 200


class HttpFetcher:
    """The fetcher of `ports.Fetcher`, over HTTP. One per process, used within one event loop."""

    def __init__(
        self, guard: Guard, settings: FetchSettings, extract: Extract, *, ways: Ways | None = None,
        sources: Iterable[Source] = (),
    ) -> None:  # fmt: skip
        """`extract(body, url, content_type)` reads an article page, out of the loop's way.

        Pages of an origin that one of the `sources` has are asked for as that source is.
        """
        self._guard = guard
        self._settings = settings
        self._extract = extract
        self._agent = requests.user_agent(settings.contact)
        self._ways = ways or Ways(guard)
        self._own = {_origin(source.url): source for source in sources}
        self._pacing = Pacing(settings.spacing_s, settings.per_host_max)
        self._holds = Holds()
        self._in_flight = asyncio.Semaphore(settings.in_flight_max)
        self._robots = robots.Robots(self._get_robots)

    async def fetch(self, visit: Visit) -> Fetched:
        source, status = visit.source, visit.status
        plan = Plan(
            url=status.url or source.url, at=visit.at, source_id=source.id, bad_address="bad_config",
            accept=requests.ACCEPT_PAGE if source.kind == "page" else requests.ACCEPT_FEED,
            body_bytes_max=self._settings.body_bytes_max, robots=source.kind != "feed",
            etag="" if visit.unconditional else responses.validator(status.etag),
            last_modified="" if visit.unconditional else responses.validator(status.last_modified),
        )  # fmt: skip
        if source.username or source.password:
            plan = replace(plan, authorization=requests.basic_authorization(source.username, source.password))
        return await self._visit(_as_of(plan, source))

    async def get(self, url: str, *, body_max: int, accept: str, at: datetime) -> Fetched:
        """Read any address under the same guards: homepages and candidate feeds. `body_max` in decoded bytes.

        Never raises.
        """
        plan = Plan(url=url, at=at, accept=accept, body_bytes_max=body_max)
        return await self._visit(_as_of(plan, self._own.get(_origin(url))))

    async def page(self, url: str, at: datetime, earlier: Page | None = None) -> Page:
        plan = Plan(
            url=url, at=at, accept=requests.ACCEPT_PAGE, body_bytes_max=self._settings.page_bytes_max, robots=True,
            etag=earlier.etag if earlier else "", last_modified=earlier.last_modified if earlier else "",
        )  # fmt: skip
        fetched = await self._visit(_as_of(plan, self._own.get(_origin(url))))
        if fetched.error is not None:
            return _unread(fetched, url, at)
        if fetched.not_modified:
            return Page(url=url, at=at, state="unchanged")
        media = fetched.content_type.partition(";")[0].strip().lower()
        if media not in _PAGE_TYPES:
            return Page(url=url, at=at, state="empty")
        try:
            page = await self._extract(fetched.body, fetched.final_url, fetched.content_type)
            return replace(page, url=url, at=at, etag=fetched.etag, last_modified=fetched.last_modified)
        except Starved:
            raise
        except Exception:  # whatever a parser makes of hostile bytes, the page is simply not read
            return Page(url=url, at=at, state="failed", error="parse")

    async def close(self) -> None:
        await self._ways.close()

    async def _get_robots(self, url: str, at: datetime) -> Fetched:
        return await self.get(url, body_max=robots.BYTES_MAX, accept="text/plain, */*;q=0.5", at=at)

    async def _visit(self, plan: Plan) -> Fetched:
        trail: Trail | None = None
        try:
            trail = Trail(self._first_target(plan))
            fetched = await self._follow(plan, trail)
        except Exception as exception:
            error, detail = errors.translate(exception, in_body=trail is not None and trail.in_body)
            fetched = Fetched(
                source_id=plan.source_id, url=plan.url, at=plan.at, error=error, detail=detail[:500],
                status=trail.status if trail else None, final_url=trail.target.url if trail else "",
            )  # fmt: skip
        if trail and plan.source_id and fetched.status is not None:
            until = poll_schedule.retry_until(fetched, plan.at) if fetched.error else None
            self._holds.note(trail.target.authority, plan.source_id, until)
        return replace(fetched, elapsed_s=trail.spent_s if trail else 0.0)

    def _first_target(self, plan: Plan) -> urls.Target:
        try:
            target = urls.parse(plan.url)
        except DoorError as error:
            mistyped = error.error == "bad_http" and not urls.is_tricky(plan.url)
            raise DoorError(plan.bad_address if mistyped else error.error, str(error)) from error
        if target.userinfo:
            self._guard.check(target)
            raise DoorError(plan.bad_address, "a user name or password in the address is never sent")
        return target

    async def _follow(self, plan: Plan, trail: Trail) -> Fetched:
        """Walk from redirect to redirect; each target is judged before it is spoken to."""
        while True:
            self._guard.check(trail.target)
            if trail.target.userinfo:
                raise DoorError("bad_http", "a redirect carries a user name or password")
            if plan.robots and not await self._robots.allows(trail.target, plan.at):
                raise DoorError("http_status", f"robots.txt forbids {trail.target.url[:200]}")
            trail.seen.add((trail.target.url, trail.cookies.header(trail.target)))
            fetched, location = await self._hop(plan, trail)
            if fetched is not None:
                return fetched
            following = requests.next_target(trail, location, self._settings.hops_max)
            trail.permanent = trail.permanent and trail.status in responses.PERMANENT
            trail.hops, trail.target, trail.status = trail.hops + 1, following, None

    async def _hop(self, plan: Plan, trail: Trail) -> tuple[Fetched | None, str]:
        """One request when its turn comes: the final answer, or None and the Location. Waiting costs no visit time.

        A host that asked to be left alone meanwhile is not asked: that is "rate_limited" without a status.
        """
        clock = asyncio.get_running_loop().time
        host, delay_s = trail.target.authority, self._robots.delay_s(trail.target.origin) if plan.robots else 0.0
        async with (
            self._pacing.turn(host, delay_s, lambda: self._holds.left_s(host, plan.at)) as held_s,
            self._in_flight,
        ):
            if held_s:
                return Fetched(
                    plan.source_id, plan.url, plan.at, error="rate_limited", retry_after_s=math.ceil(held_s),
                    detail=f"{host} asked two other visits to come back later", final_url=trail.target.url,
                ), ""  # fmt: skip
            began = clock()
            try:
                async with asyncio.timeout(self._settings.timeout_s - trail.spent_s):
                    return await self._exchange(plan, trail)
            finally:
                trail.spent_s += clock() - began

    async def _exchange(self, plan: Plan, trail: Trail) -> tuple[Fetched | None, str]:
        settings = self._settings
        timeouts = {"connect": settings.connect_s, "read": settings.idle_s, "write": settings.idle_s, "pool": None}
        request = requests.build(plan, trail.target, self._agent, timeouts, trail.cookies.header(trail.target))
        response = await self._send(request, self._ways.connections(plan.proxy, plan.ca_file))
        try:
            # What a proxy on the way has rewritten is the document all the same (RFC 9110, 15.3.4).
            trail.status = 200 if response.status == 203 else response.status
            headers = responses.read_headers(response.headers)
            if trail.status in responses.REDIRECTS:
                trail.cookies.take(trail.target, response.headers)
                return None, headers.get("location", "")
            error, detail = responses.status_error(trail.status, headers, conditional=plan.conditional)
            body = b""
            if error is None and trail.status == 200:
                trail.in_body = True
                body = await _read_body(response, headers, plan.body_bytes_max)
                if not body:
                    error, detail = "not_a_feed", "an empty body"
            elif error and error not in ("challenge", "bad_http") and trail.status not in responses.PLAIN:
                page = await _read_error_page(response, headers)
                asked_to_wait = responses.retry_after_s(headers, plan.at) is not None
                error, detail = responses.with_page(error, detail, trail.status, page, asked_to_wait=asked_to_wait)
            return _answer(plan, trail, headers, body, error, detail), ""
        finally:
            await response.aclose()

    async def _send(self, request: httpcore.Request, connections: Connections) -> httpcore.Response:
        """Send; where this process has no descriptor left, wait for one as long as for a connection."""
        clock = asyncio.get_running_loop().time
        end = clock() + self._settings.connect_s
        while True:
            try:
                return await connections.handle_async_request(request)
            except errors.FOREIGN as error:
                if not errors.out_of_descriptors(error) or clock() > end:
                    raise
                await asyncio.sleep(DESCRIPTOR_PAUSE_S)


def _origin(url: str) -> str:
    try:
        return urls.parse(url).origin
    except DoorError:
        return ""


def _as_of(plan: Plan, source: Source | None) -> Plan:
    """The visit made as the source asks: its headers for its own origin, its way out for all hops."""
    if source is None:
        return plan
    return replace(
        plan, own_origin=_origin(source.url), headers=source.headers, user_agent=source.user_agent,
        proxy=source.proxy, ca_file=source.ca_file,
    )  # fmt: skip


def _chunks(response: httpcore.Response) -> AsyncGenerator[bytes, None]:
    """What httpcore makes of a body: a generator, which it does not say, and whose end closes the connection."""
    return cast("AsyncGenerator[bytes, None]", cast(AsyncIterable[bytes], response.stream).__aiter__())


async def _read_body(response: httpcore.Response, headers: dict[str, str], body_bytes_max: int) -> bytes:
    """The decoded body; refused on the header where Content-Length already says too much."""
    stated = headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) > body_bytes_max:
        raise DoorError("too_large", f"{stated} bytes announced, at most {body_bytes_max} are read")
    decoder = Decoder(headers.get("content-encoding", ""), body_bytes_max)
    async with aclosing(_chunks(response)) as chunks:
        async for chunk in chunks:
            decoder.feed(chunk)
    body = decoder.finish()
    if body.startswith(GZIP_FILE) and headers.get("content-encoding", "").strip().lower() in ("", "identity"):
        # A file that is stored compressed ("feed.xml.gz"): one layer, within the same limit.
        unpacked = Decoder("gzip", body_bytes_max)
        unpacked.feed(body)
        return unpacked.finish()
    return body


async def _read_error_page(response: httpcore.Response, headers: dict[str, str]) -> str:
    """The beginning of the page that came with an error, "" where none can be had: the status says enough."""
    decoder, read_bytes = Decoder(headers.get("content-encoding", ""), ERROR_PAGE_BYTES_MAX), 0
    with contextlib.suppress(*errors.FOREIGN, TimeoutError):
        async with asyncio.timeout(ERROR_PAGE_S), aclosing(_chunks(response)) as chunks:
            async for chunk in chunks:
                read_bytes += len(chunk)
                decoder.feed(chunk)
                if read_bytes >= ERROR_PAGE_BYTES_MAX:
                    break
    return decoder.so_far().decode("utf-8", "replace")


def _answer(
    plan: Plan, trail: Trail, headers: dict[str, str], body: bytes, error: ErrorClass | None, detail: str
) -> Fetched:
    """The last answer of a visit as a value: validators and a new address only where all went well."""
    well = error is None
    return Fetched(
        source_id=plan.source_id, url=plan.url, at=plan.at, status=trail.status, error=error, detail=detail,
        final_url=trail.target.url, content_type=headers.get("content-type", "")[:200],
        link=headers.get("link", "")[: responses.LINK_CHARS_MAX], body=body,
        retry_after_s=None if well else responses.retry_after_s(headers, plan.at),
        etag=responses.validator(headers.get("etag", "")) if well else "",
        last_modified=responses.validator(headers.get("last-modified", "")) if well else "",
        max_age_s=responses.max_age_s(headers, plan.at) if well else None,
        moved_to=trail.target.url if well and trail.hops and trail.permanent else "",
    )  # fmt: skip


def _unread(fetched: Fetched, url: str, at: datetime) -> Page:
    if fetched.error == "challenge":
        return Page(url=url, at=at, state="challenge", error="challenge")
    if fetched.error == "not_a_feed":
        return Page(url=url, at=at, state="empty")
    if fetched.status == 402:
        return Page(url=url, at=at, state="paywall", error="http_status")
    if fetched.status in (404, 410):
        return Page(url=url, at=at, state="gone", error=fetched.error)
    refused = fetched.error == "http_status" and fetched.status in (None, 401, 403, 451)
    return Page(url=url, at=at, state="forbidden" if refused else "failed", error=fetched.error)
