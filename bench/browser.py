"""A headless Chromium, spoken to over a pipe (Chrome DevTools Protocol, NUL between messages): pages as pictures."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHUNK = 65_536
# The protocol lives on descriptors 3 and 4 of the browser.
LAUNCH = """import fcntl, os, sys
there, back = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(there, 3), os.dup2(back, 4), os.execv(sys.argv[3], sys.argv[3:])"""


def found() -> str:
    """Where the browser is, or ""."""
    return next(filter(None, map(shutil.which, NAMES)), "")


class Browser:
    """One browser with one page."""

    def __init__(self, program: str) -> None:
        """Start `program`; its profile lives in a temporary folder."""
        self._profile = tempfile.TemporaryDirectory(prefix="looks-", ignore_cleanup_errors=True)
        read_by_them, self._write = os.pipe()
        self._read, written_by_them = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(read_by_them), str(written_by_them), program, "--headless",
             "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe", "--hide-scrollbars",
             f"--user-data-dir={self._profile.name}"],
            pass_fds=(read_by_them, written_by_them), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(read_by_them)
        os.close(written_by_them)
        self._buffer, self._number, self._session = b"", 0, ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._call("Page.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        os.close(self._write)
        self._process.kill()
        self._process.wait()
        os.close(self._read)
        self._profile.cleanup()

    def picture(self, url: str, width: int, dark: bool, file: Path) -> int:
        """Write the whole page as PNG; returns by how many pixels it is wider than the window."""
        self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        self._call("Page.navigate", url=url)
        self._until("Page.loadEventFired")
        # A phone's window grows with what is too wide for it.
        wide = self._value("document.documentElement.scrollWidth") - width
        shot = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))
        return int(wide)

    def title(self) -> str:
        """The title of the page that was drawn last."""
        return str(self._value("document.title"))

    def _value(self, expression: str) -> Any:
        return self._call("Runtime.evaluate", expression=expression)["result"]["value"]

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _until(self, event: str) -> None:
        while self._receive().get("method") != event:
            pass

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._read, CHUNK)
            if not chunk:
                raise RuntimeError("the browser has ended")
            self._buffer += chunk
        raw, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        return message
