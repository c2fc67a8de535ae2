"""The process's one certificate store, for feeds, hooks and mail: the system's, and the company's own beside it.

OpenSSL reads SSL_CERT_FILE and SSL_CERT_DIR without a word when they lead nowhere, and then trusts nobody: here that is
a configuration error, which names the variable and the file. A context is made once for each use (20 ms each): HTTP
sets application protocols on its own that a mail host would not know.
"""

from __future__ import annotations

import functools
import os
import re
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import certifi
import truststore

from monitor.errors import ConfigError

Use = Literal["web", "mail"]
CA_FILE = "ca_file"
FILE_VARIABLE, FOLDER_VARIABLE = "SSL_CERT_FILE", "SSL_CERT_DIR"
_HASHED = re.compile(r"[0-9a-fA-F]{8}\.[0-9]+")


def context(
    use: Use = "web", ca_file: str = "", where: str = "", environ: Mapping[str, str] | None = None
) -> ssl.SSLContext:
    """What verifies peers: the store that the variables name, else the system's; `ca_file` is trusted beside it.

    ConfigError naming `where` or the variable, and the file, that holds no certificate.
    """
    environ = os.environ if environ is None else environ
    try:
        return _made(use, ca_file, environ.get(FILE_VARIABLE, ""), environ.get(FOLDER_VARIABLE, ""))
    except ConfigError as error:
        # Not part of what is kept: where a file was named does not make it another.
        raise ConfigError(error.args[0].replace(CA_FILE, where or CA_FILE, 1)) from error


@functools.cache
def _made(use: Use, ca_file: str, file: str, folder: str) -> ssl.SSLContext:
    if file or folder:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if file:
            _add(made, file, f"environment variable {FILE_VARIABLE}")
        if folder:
            if not _holds_certificates(Path(folder)):
                raise ConfigError(
                    f"environment variable {FOLDER_VARIABLE}: {folder} is no folder of hashed certificates"
                )
            made.load_verify_locations(capath=folder)
    elif sys.platform in ("darwin", "win32"):
        made = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        made = _of_openssl()
    if ca_file:
        _add(made, ca_file, CA_FILE)
    return made


def _of_openssl() -> ssl.SSLContext:
    """OpenSSL's own paths, where something lies there; else the list that comes with us, as in a bare container.

    truststore would read the whole file again for every connection here, which is more than a visit costs.
    """
    made = ssl.create_default_context()
    folder = ssl.get_default_verify_paths().capath
    if not made.cert_store_stats()["x509_ca"] and not (folder and _holds_certificates(Path(folder))):
        made.load_verify_locations(certifi.where())
    return made


def _holds_certificates(folder: Path) -> bool:
    return folder.is_dir() and any(_HASHED.fullmatch(entry.name) for entry in folder.iterdir())


def _add(made: ssl.SSLContext, file: str, where: str) -> None:
    try:
        made.load_verify_locations(cafile=file)
    except ssl.SSLError as error:
        raise ConfigError(f"{where}: {file} holds no certificate (PEM)") from error
    except OSError as error:
        raise ConfigError(f"{where}: {file} cannot be read ({error.strerror})") from error
