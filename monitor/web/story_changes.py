"""Changes of the configuration from a page: checked whole before the file is written, then put into force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tomlkit

from monitor import config as configuration
from monitor.app import App, adopt
from monitor.config import edit


async def change_story(app: App, story_id: str, values: Mapping[str, object]) -> None:
    """Set keys of a story. ConfigError leaves file and watch as they are."""
    await _change(app, lambda document: edit.set_story(document, story_id, dict(values)))


async def drop_story(app: App, story_id: str) -> None:
    """Stop watching a story; what was seen of it is kept."""
    await _change(app, lambda document: edit.drop_story(document, story_id))


async def _change(app: App, change: Callable[[Any], None]) -> None:
    path = app.config.path
    document = edit.load(path)
    change(document)
    fresh = configuration.parse(tomlkit.dumps(document), path, app.config.environ)
    edit.save(path, document)
    await adopt(app, fresh)
