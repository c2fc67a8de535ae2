"""Secret files: refused where others can write them, warned of where everybody on the machine can read them.

What runs in a container is handed its secrets by somebody who chooses their modes: systemd's credentials read 0440 (an
ACL for the service's user), Docker's and Kubernetes' 0444, on mounts that nobody there can change. Their advice to
`chmod 600` could not be followed.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from monitor.errors import ConfigError

# Bytes of a secret file. Set here: keys and tokens have under 4 KiB; a device or a log named by mistake is not read.
FILE_BYTES_MAX = 64 * 1024
# Where container engines put what they are told to keep secret.
HANDED = (Path("/run/secrets"), Path("/var/run/secrets"), Path("/run/credentials"))


def read(path: Path, where: str, environ: Mapping[str, str] | None = None) -> str:
    """The secret in a file, without the white space around it. ConfigError that begins with `where`."""
    try:
        with path.open("rb") as stream:
            _check(path, os.fstat(stream.fileno()), where, environ or {})
            raw = stream.read(FILE_BYTES_MAX + 1)
        value = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{where}: {path} is not UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{where}: {path} cannot be read ({error.strerror})") from error
    if not value:
        raise ConfigError(f"{where}: {path} is empty")
    if len(raw) > FILE_BYTES_MAX:
        raise ConfigError(f"{where}: {path} is over 64 KiB, which no secret is")
    return value


def _check(path: Path, found: os.stat_result, where: str, environ: Mapping[str, str]) -> None:
    if os.statvfs(path).f_flag & os.ST_RDONLY:  # on a mount that nobody here can write to
        return
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o022:
        raise ConfigError(f"{where}: {path} can be written by others; run: chmod go-w {path}")
    if mode & 0o004 and not _is_handed(path, environ):
        _warn(f"{where}: {path} can be read by everybody on this machine; run: chmod 600 {path}")


def _is_handed(path: Path, environ: Mapping[str, str]) -> bool:
    """Was it put there by systemd or by a container's engine?"""
    given = environ.get("CREDENTIALS_DIRECTORY", "")
    folders = (*HANDED, Path(given)) if given else HANDED
    return any(path.absolute().is_relative_to(folder) for folder in folders)


@cache
def _warn(text: str) -> None:
    """Once a process, however often the secret is read."""
    logging.getLogger("monitor.config").warning(text)
