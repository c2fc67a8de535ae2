"""One tree of errors. Each docstring is the message an operator reads before the particulars."""

from __future__ import annotations


class MonitorError(Exception):
    """Something went wrong in monitor."""

    exit_code = 1

    def __str__(self) -> str:
        """The class's sentence, then the particulars."""
        detail = super().__str__()
        sentence = (type(self).__doc__ or "").strip().rstrip(".")
        return f"{sentence}: {detail}" if detail else sentence


class ConfigError(MonitorError):
    """The configuration is wrong; nothing was changed."""

    exit_code = 2


class UsageError(MonitorError):
    """The command cannot be carried out as written."""

    exit_code = 2


class ArticleError(MonitorError):
    """The article could not be read as the seed of a story."""


class StoreError(MonitorError):
    """The state could not be read or written."""


class StoreLost(StoreError):
    """The session with the state ended; what was under way is done again."""


class StoreMissing(StoreError):
    """There is no state there yet; `monitor run` or `monitor poll` makes it."""


class StoreOld(StoreError):
    """The state was written by an older monitor. Restart the daemon, or run `monitor migrate`."""


class StoreBusy(StoreError):
    """Another monitor holds this state; stop it first, or use another state."""


class StoreCorrupt(StoreError):
    """The state failed its integrity check."""


class CopyUnfit(StoreError):
    """The copy is not fit to be restored, and the state is as it was; name another copy."""


class StoreTooNew(StoreError):
    """The state was written by a newer monitor. Upgrade this one, or restore a backup made before the upgrade."""


class StoreReadOnly(StoreError):
    """The server takes no writes (a standby, or read-only by a setting); polling and sending wait until it does."""


class StoreFull(StoreError):
    """The disk cannot take a write; polling and sending stop until it can."""


class ChannelError(MonitorError):
    """The channel could not be asked."""


class JudgeError(MonitorError):
    """The reader's own judge gave no answer."""


class Starved(MonitorError):
    """This machine cannot do the work now; it will be tried again."""


class FeedError(MonitorError):
    """The document is not a feed."""


class RecordingError(MonitorError):
    """The recording could not be read."""


class NotFound(MonitorError):
    """Not found."""
