"""The command line as a script meets it: words in; exit code, standard output and standard error out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor import cli


@dataclass(frozen=True)
class Answer:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


def monitor(*words: object, **environ: str) -> Answer:
    """Run a command in this process: the real entry point, without an interpreter's start."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["monitor", *map(str, words)])
        for name, value in environ.items():
            patch.setenv(name, value)
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
    out.flush(), err.flush()
    said, complained = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return Answer(code if isinstance(code, int) else 0 if code is None else 1, said, complained)


def process(*words: object, cwd: Path | None = None, **environ: str) -> Answer:
    """Run a command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *map(str, words)], cwd=cwd, env=os.environ | environ,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)
