"""One configuration for all workers of a state: the process with the pages lays it down there, workers take it over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import lru_cache

from monitor import config as configuration
from monitor.config import Config
from monitor.config.included import Part
from monitor.errors import ConfigError
from monitor.ports import Store

# The text of the configuration and of what it includes as settings of the state, and their digest: what is asked every
# few seconds is short.
TEXT, PARTS, DIGEST = "configuration", "configuration_parts", "generation"


def lay_down(store: Store, config: Config) -> None:
    """Let every worker of a shared state go by this; the digest comes last, so that it names a text that is there."""
    if store.shared and store.setting(DIGEST) != digest(config.text, config.parts):
        store.set_setting(TEXT, config.text)
        store.set_setting(PARTS, json.dumps([(part.name, part.text) for part in config.parts]))
        store.set_setting(DIGEST, digest(config.text, config.parts))


def laid_down(store: Store, ours: Config) -> Config | None:
    """What was laid down, where it is another than ours; ConfigError where it cannot be in force here.

    Where the state is, on what this process listens, and what its environment says, stays its own; so does the folder
    that files are looked for in. A program is run here only where our own file names it: who can write to a database
    shall not run programs on every worker.
    """
    wanted = store.setting(DIGEST)
    if wanted in ("", digest(ours.text, ours.parts)):
        return None
    text, parts = store.setting(TEXT), tuple(Part(*part) for part in json.loads(store.setting(PARTS) or "[]"))
    if digest(text, parts) != wanted:  # another one is being laid down
        return None
    theirs = configuration.parse(text, ours.path, ours.environ, parts)
    if foreign := _programs(theirs) - _programs(ours):
        raise ConfigError(f"it runs {foreign.pop()}, which {ours.path} here does not name: name it there as well")
    service = theirs.document.service.model_copy(update={"state": ours.document.service.state})
    document = theirs.document.model_copy(update={"service": service, "http": ours.document.http})
    return replace(theirs, document=document, own_endpoint=ours.own_endpoint)


def _programs(config: Config) -> set[str]:
    """The programs that a configuration has run, as they are written."""
    written = (config.document.judge.command, *(table.get("token_command") for table in config.document.channel))
    return {str(command) for command in written if command}


@lru_cache(maxsize=2)  # ours and theirs: both are asked every few seconds, and may have 27 MiB
def digest(text: str, parts: tuple[Part, ...] = ()) -> str:
    """Names a generation."""
    return hashlib.sha256("\0".join((text, *(f"{part.name}\0{part.text}" for part in parts))).encode()).hexdigest()
