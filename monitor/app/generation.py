"""One configuration for all workers of a state: the process with the pages lays it down there, workers take it over."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from monitor import config as configuration
from monitor.config import Config
from monitor.errors import ConfigError
from monitor.ports import Store

# The text of the configuration as a setting of the state, and its digest: what is asked every few seconds is short.
TEXT, DIGEST = "configuration", "generation"


def lay_down(store: Store, config: Config) -> None:
    """Let every worker of a shared state go by this; the digest comes last, so that it names a text that is there."""
    if store.shared and store.setting(DIGEST) != digest(config.text):
        store.set_setting(TEXT, config.text)
        store.set_setting(DIGEST, digest(config.text))


def laid_down(store: Store, ours: Config) -> Config | None:
    """What was laid down, where it is another than ours; ConfigError where it cannot be in force here.

    Where the state is, on what this process listens, and what its environment says, stays its own; so does the folder
    that files are looked for in. A program is run here only where our own file names it: who can write to a database
    shall not run programs on every worker.
    """
    wanted = store.setting(DIGEST)
    if wanted in ("", digest(ours.text)):
        return None
    text = store.setting(TEXT)
    if digest(text) != wanted:  # another one is being laid down
        return None
    theirs = configuration.parse(text, ours.path, ours.environ)
    if foreign := _programs(theirs) - _programs(ours):
        raise ConfigError(f"it runs {foreign.pop()}, which {ours.path} here does not name: name it there as well")
    service = theirs.document.service.model_copy(update={"state": ours.document.service.state})
    document = theirs.document.model_copy(update={"service": service, "http": ours.document.http})
    return replace(theirs, document=document, own_endpoint=ours.own_endpoint)


def _programs(config: Config) -> set[str]:
    """The programs that a configuration has run, as they are written."""
    written = (config.document.judge.command, *(table.get("token_command") for table in config.document.channel))
    return {str(command) for command in written if command}


def digest(text: str) -> str:
    """Names a generation."""
    return hashlib.sha256(text.encode()).hexdigest()
