"""What may stand in `config.toml`: one class a table, one field a key; unknown keys are errors."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from monitor.config import request_headers
from monitor.config.spans import Seconds, SizeBytes, seconds
from monitor.core import proxy
from monitor.core.delivery import hours

CONTACT_CHARS_MAX = 200  # characters of the contact in the User-Agent header (set)
HOSTS_MAX = 100  # names of [http] hosts; set here, far above what one server is called by
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\.?")
_PASSWORD = re.compile(r"[/\\][^/?#]*:[^/?#]*@")
ID = re.compile(r"[a-z0-9-]{1,64}")

Moment = Annotated[str, BeforeValidator(hours.moment)]


def _web_address(value: str) -> str:
    # What was written is never quoted: a password may stand in it.
    if value:
        import ada_url

        try:
            parts = ada_url.URL(value)
        except ValueError as error:
            raise ValueError("it is no web address") from error
        if parts.protocol not in ("http:", "https:"):
            raise ValueError("write an address that begins with http:// or https://")
        if parts.username or parts.password:
            raise ValueError("write username and password_env beside the url, not inside it")
    return value


def _without_password(value: str) -> str:
    """A feed's address as it stands: one that cannot be visited is the trouble of its source, not of all the others."""
    if _PASSWORD.search(value):
        raise ValueError("write username and password_env beside the url, not inside it")
    return value


def _proxy(value: str) -> str:
    if "@" in value:
        raise ValueError("it has a password in it: name the variable or file that holds it by proxy_env or proxy_file")
    if value and value != proxy.DIRECT:
        proxy.read(value)
    return value


class Table(BaseModel):
    """A table of the file: unknown keys are errors, values do not change."""

    # Deferred: a table is compiled as a part of the document, and alone only where somebody reads it alone.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _one_proxy(table: Any) -> Any:
    if sum(map(bool, (table.proxy, table.proxy_env, table.proxy_file))) > 1:
        raise ValueError("write one of proxy, proxy_env and proxy_file")
    return table


class Secret(Table):
    """A value that is named and not written: `{ env = "NAME" }` or `{ file = "path" }`."""

    env: str = ""
    """The variable that holds it."""
    file: str = ""
    """The file that holds it."""

    @model_validator(mode="after")
    def _one(self) -> Secret:
        if bool(self.env) == bool(self.file):
            raise ValueError('write { env = "NAME" } or { file = "path" }')
        return self


def _header(value: Any) -> Any:
    """A table as a secret, so that what is wrong in it is said of it."""
    if isinstance(value, dict):
        if len(value) != 1 or not set(value) <= {"env", "file"}:
            raise ValueError('write a text, { env = "NAME" } or { file = "path" }')
        return Secret(**value)
    return value


Header = Annotated[str | Secret, BeforeValidator(_header)]


class Service(Table):
    """`[service]`: where the state lies, who runs this, how it logs, which channels hear of sources in trouble."""

    state: Annotated[str, Field(min_length=1)] = "state/monitor.db"
    """Where everything is kept: the path of a SQLite file, or `postgresql://USER@HOST/DATABASE`."""
    contact: str = ""
    """Whom publishers may write to, such as `mailto:you@example.org`; goes into the User-Agent."""
    log: Literal["json", "text"] = "json"
    """`json`: one record a line, for machines; `text`: for a terminal."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged."""
    operators: tuple[str, ...] = ()
    """Channels that hear of sources in trouble; empty: all."""
    include: tuple[str, ...] = ()
    """More files with `[[source]]` and `[[story]]`, such as `feeds/*.toml`; each has 1 MiB at most."""
    ca_file: str = ""
    """A company's own certificates, trusted beside the system's by feeds, hooks and mail."""
    keep: Annotated[Seconds, Field(ge=90 * 86400)] = 400 * 86400
    """How long what no story accepted, attempts and ended deliveries are kept; follow-ups and alerts stay."""

    @field_validator("contact")
    @classmethod
    def _header(cls, value: str) -> str:
        if not (value.isascii() and value.isprintable() and len(value) <= CONTACT_CHARS_MAX):
            raise ValueError(
                f"write an address of plain characters, at most {CONTACT_CHARS_MAX}: it is sent in a header"
            )
        return value


class Fetch(Table):
    """`[fetch]`: how often and how carefully the sources are visited."""

    interval: Annotated[Seconds, Field(ge=300, le=86400)] = 900
    """The base interval; each feed's rhythm moves it between 5m and 24h."""
    allow_private: tuple[str, ...] = ()
    """Addresses that may be visited although private: CIDR, IP or name, optional `:port`."""
    timeout: Annotated[Seconds, Field(ge=1, le=600)] = 60
    """Of one whole visit."""
    connect_timeout: Annotated[Seconds, Field(ge=1, le=60)] = 10
    """Until a server answers the connection."""
    idle_timeout: Annotated[Seconds, Field(ge=1, le=120)] = 15
    """How long a server may be silent within a visit."""
    body_max: SizeBytes = 10 * 1024**2
    """The largest answer, decoded."""
    follow_pages: bool = True
    """Read an article's page where its headline alone does not decide."""
    host_spacing: Annotated[float, BeforeValidator(seconds), Field(ge=0, le=60)] = 2.0
    """Between two requests to one host."""
    concurrency: int = Field(default=200, ge=1, le=1000)
    """Visits at once."""
    poll_limit: Annotated[Seconds, Field(ge=60, le=86400)] = 120
    """One whole `monitor poll`, whoever hangs; its last 40 s are for deliveries, what is unsure stays in doubt."""
    proxy: str = ""
    """The way out: `http://`, `https://` or `socks5://`, without a password."""
    proxy_env: str = ""
    """The variable that holds the proxy's address, where a password is in it."""
    proxy_file: str = ""
    """The file that holds it."""
    _no_password = field_validator("proxy")(_proxy)
    _one = model_validator(mode="after")(_one_proxy)


class Hooks(Table):
    """`[hooks]`: private addresses that webhooks and chats may reach, and their way out."""

    allow_private: tuple[str, ...] = ()
    """Private addresses that webhooks and chats may reach, written as in `[fetch]`."""
    proxy: str = ""
    """The way out of webhooks and chats, as in `[fetch]`."""
    proxy_env: str = ""
    """The variable that holds the proxy's address, where a password is in it."""
    proxy_file: str = ""
    """The file that holds it."""
    _no_password = field_validator("proxy")(_proxy)
    _one = model_validator(mode="after")(_one_proxy)


class Http(Table):
    """`[http]`: the operator's endpoint. Another address than loopback needs a token."""

    listen: str = "127.0.0.1:8765"
    """Address and port of the pages; another address than loopback needs a token."""
    token_env: str = ""
    """The variable with the token that every route but /livez and signed links asks for."""
    token_file: str = ""
    """The file with the token."""
    public_url: str = ""
    """Where people reach the pages, and links in alerts point to; it may have a path."""
    hosts: tuple[str, ...] = Field(default=(), max_length=HOSTS_MAX)
    """Other names and networks by which the pages may be asked without a token."""
    enabled: bool = True
    """Are there pages at all?"""
    _check = field_validator("public_url")(_web_address)

    @field_validator("public_url")
    @classmethod
    def _plain(cls, value: str) -> str:
        if "?" in value or "#" in value:
            raise ValueError("write an address without ? and #: paths are added to it")
        import ada_url

        return str(ada_url.URL(value).href).rstrip("/") if value else value

    @field_validator("hosts")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            if not (_is_network(entry) or _HOST.fullmatch(entry)):
                raise ValueError(f'{entry!r} is no host; write a name or a network such as "monitor" or "10.0.0.0/8"')
        return value

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not port.isdigit() or not 0 <= int(port) <= 65535:
            raise ValueError('write an address and a port such as "127.0.0.1:8765"')
        # As other servers read it: no address, or a star, is every address of both families.
        return f"[::]:{port}" if host in ("", "*") else value

    @property
    def host(self) -> str:
        """The address part of `listen`, without brackets."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port part of `listen`."""
        return int(self.listen.rpartition(":")[2])

    @property
    def reached_from_elsewhere(self) -> bool:
        """Does its address mean something to other machines? Neither loopback does, nor "every address"."""
        every = ("0.0.0.0", "::")  # noqa: S104 - compared with, nothing is bound here
        return bool(self.public_url) or not (_is_loopback(self.host) or self.host in every)

    @model_validator(mode="after")
    def _token(self) -> Http:
        if not _is_loopback(self.host) and not (self.token_env or self.token_file):
            raise ValueError("an address other than loopback needs token_env or token_file")
        return self


def _is_network(text: str) -> bool:
    """Is it an address or a network, and not the whole of them?"""
    try:
        return ipaddress.ip_network(text).prefixlen > 0
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _id(value: str) -> str:
    if not ID.fullmatch(value):
        raise ValueError("write an id of a-z, 0-9 and -, at most 64 characters")
    return value


Id = Annotated[str, BeforeValidator(lambda value: _id(value) if isinstance(value, str) else value)]


class SourceTable(Table):
    """`[[source]]`: a feed to visit; or, where an outlet has none, its sitemap of news or the page of a section."""

    id: Id
    """Its name in verbs and in stories: a-z, 0-9 and -, at most 64."""
    name: str = ""
    """What people read in alerts; else the id."""
    url: Annotated[str, Field(min_length=1)]
    """The address of the feed, sitemap or page."""
    homepage: str = ""
    """The outlet's own page; tells which site is its own."""
    interval: Annotated[Seconds, Field(ge=300, le=86400)] | None = None
    """A fixed interval instead of the adaptive one."""
    language: str = ""
    """The language of its entries, such as `en`, where the feed does not say."""
    username: str = ""
    """For a feed behind a login (HTTP Basic)."""
    password_env: str = ""
    """The variable with the password."""
    password_file: str = ""
    """The file with the password."""
    paused: bool = False
    """Do not visit it."""
    kind: Literal["feed", "sitemap", "page"] = "feed"
    """`feed`; where there is none `sitemap` (of news) or `page` (of a section), as robots.txt allows."""
    user_agent: str = ""
    """Its own User-Agent."""
    headers: dict[str, Header] = Field(default={}, max_length=request_headers.COUNT_MAX)
    """Headers for its own origin only; a secret as `{ Cookie = { env = "NAME" } }`."""
    proxy: str = ""
    """Its own way out, or `direct`: past the usual one."""
    proxy_env: str = ""
    """The variable that holds the proxy's address, where a password is in it."""
    proxy_file: str = ""
    """The file that holds it."""
    ca_file: str = ""
    """Its own certificates."""
    _check = field_validator("homepage")(_web_address)
    _no_password = field_validator("url")(_without_password)
    _no_secret = field_validator("proxy")(_proxy)
    _one = model_validator(mode="after")(_one_proxy)

    @field_validator("user_agent")
    @classmethod
    def _agent(cls, value: str) -> str:
        return request_headers.value("User-Agent", value)

    @field_validator("headers")
    @classmethod
    def _names(cls, value: dict[str, Header]) -> dict[str, Header]:
        for name, content in value.items():
            request_headers.check_name(name)
            if isinstance(content, str):
                request_headers.value(name, content)
        return value


class StoryTable(Table):
    """`[[story]]`: what is watched: the seed article, its sources and channels, and optional plain terms."""

    id: Id
    """Its name in verbs and addresses: a-z, 0-9 and -, at most 64."""
    title: Annotated[str, Field(min_length=1)]
    """What people read in alerts, of any length: its first 200 characters are shown."""
    seed: str = ""
    """The file with the article; either this or `seed_text`."""
    seed_text: str = ""
    """The article itself."""
    seed_url: str = ""
    """Where the article stands."""
    sources: tuple[str, ...] = ()
    """Ids of the sources that it reads; empty: all."""
    channels: tuple[str, ...] = ()
    """Ids of the channels that it is told on; empty: all."""
    threshold: float | None = Field(default=None, ge=0, le=1)
    """0 to 1, else .5: raise it for calm, lower it for completeness; 0 takes every entry."""
    must: tuple[str, ...] = ()
    """Plain terms that an entry must have, all of them."""
    any: tuple[str, ...] = ()
    """Plain terms of which an entry must have one."""
    never: tuple[str, ...] = ()
    """Plain terms that exclude an entry."""
    ignore: tuple[str, ...] = ()
    """Words or names of the article that the watch is not to look for."""
    like: tuple[str, ...] = ()
    """Headlines that are of the story: they teach it, and are told."""
    unlike: tuple[str, ...] = ()
    """Headlines that are not, however near: their like is pushed away."""
    paused: bool = False
    """Do not watch it."""
    mute_until: Moment = ""
    """A date or time, in each channel's zone, until which what it tells is held."""

    @model_validator(mode="after")
    def _seeded(self) -> StoryTable:
        if bool(self.seed) == bool(self.seed_text):
            raise ValueError("give either seed (a file) or seed_text (the article itself)")
        return self


class Judge(Table):
    """`[judge]`: your own judge, off without url or command: it sorts near misses, writes a digest's first sentence."""

    url: str = ""
    """An endpoint that speaks as OpenAI's does, such as http://127.0.0.1:11434/v1/chat/completions."""
    command: tuple[str, ...] = ()
    """In its place a program with its arguments, as a list; it is asked in JSON and answers in JSON."""
    model: str = ""
    """The model to ask for."""
    token_env: str = ""
    """The variable with its token, where it asks for one."""
    token_file: str = ""
    """The file with it."""
    timeout: Annotated[Seconds, Field(ge=1, le=120)] = 20
    """How long it may take for one answer."""
    asks_a_day: int = Field(default=100, ge=1, le=10_000)
    """How often a day it is asked at most."""
    _check = field_validator("url")(_web_address)

    @model_validator(mode="after")
    def _single(self) -> Judge:
        if self.url and self.command:
            raise ValueError("write one of url and command")
        return self


class Document(Table):
    """The whole file. Channel tables are checked by the channel that they name."""

    service: Service = Field(default_factory=Service)
    fetch: Fetch = Field(default_factory=Fetch)
    hooks: Hooks = Field(default_factory=Hooks)
    http: Http = Field(default_factory=Http)
    judge: Judge = Field(default_factory=Judge)
    source: tuple[SourceTable, ...] = ()
    story: tuple[StoryTable, ...] = ()
    channel: tuple[dict[str, Any], ...] = ()
