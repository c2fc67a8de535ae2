"""The reader's own judge: an endpoint that speaks as OpenAI's does, through the guarded door; or a program."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from monitor.errors import JudgeError

ANSWER_BYTES_MAX = 64 * 1024  # bytes of an answer that are read: one sentence has 300 (set)
ANSWER_TOKENS_MAX = 120  # tokens that the model may write (set)
# All that a program is given of our environment: what stands there else may be a secret.
ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True, slots=True)
class HttpJudge:
    """Asks `url` (`.../v1/chat/completions`) for one completion; `timeout_s` bounds the whole exchange."""

    post: httpx.AsyncClient
    url: str
    model: str
    timeout_s: float
    token: str = field(default="", repr=False)

    async def ask(self, rules: str, question: str) -> str:
        """What the model writes. JudgeError where that cannot be had."""
        document = {
            "model": self.model, "temperature": 0, "max_tokens": ANSWER_TOKENS_MAX, "stream": False,
            "messages": [{"role": "system", "content": rules}, {"role": "user", "content": question}],
        }  # fmt: skip
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            async with asyncio.timeout(self.timeout_s):
                body = await self._read(document, headers)
            return str(json.loads(body)["choices"][0]["message"]["content"])
        except TimeoutError:
            raise JudgeError(f"no answer within {self.timeout_s:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise JudgeError(f"{type(error).__name__}: {error}") from error
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise JudgeError("its answer is no chat completion") from error

    async def _read(self, document: dict[str, object], headers: dict[str, str]) -> bytes:
        async with self.post.stream("POST", self.url, json=document, headers=headers) as answer:
            if answer.status_code != httpx.codes.OK:
                raise JudgeError(f"it answers {answer.status_code}")
            body = b""
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > ANSWER_BYTES_MAX:
                    raise JudgeError("its answer is too long")
            return body


@dataclass(frozen=True, slots=True)
class CommandJudge:
    """Runs a program for each question: JSON in, JSON out, no shell, none of our secrets, ended after `timeout_s`.

    It reads `{"rules","question","model"}` and writes one object: `{"points","why"}` of a near miss, else `{"answer"}`.
    """

    command: tuple[str, ...]
    folder: Path
    model: str
    timeout_s: float

    async def ask(self, rules: str, question: str) -> str:
        document = json.dumps({"rules": rules, "question": question, "model": self.model}).encode()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command, cwd=self.folder, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True,
                env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            )  # fmt: skip
        except (OSError, ValueError) as error:
            raise JudgeError(f"{self.command[0]} cannot be run: {error}") from error
        try:
            _limit(process.pid, round(self.timeout_s))
            async with asyncio.timeout(self.timeout_s):
                body = await _exchanged(process, document)
            found = json.loads(body)
        except TimeoutError:
            raise JudgeError(f"no answer within {self.timeout_s:g} s") from None
        except (OSError, ValueError, RecursionError) as error:
            raise JudgeError("its answer is no JSON") from error
        finally:
            await _end(process)
        if not isinstance(found, dict):
            raise JudgeError("its answer is no JSON object")
        return str(found["answer"]) if "answer" in found else body.decode("utf-8", "replace")


async def _exchanged(process: Process, document: bytes) -> bytes:
    """What a program answers to a document on its standard input, read to the end of both."""
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # one that does not read its question may answer
        process.stdin.write(document)
        await process.stdin.drain()
    process.stdin.close()
    body = b""
    while piece := await process.stdout.read(ANSWER_BYTES_MAX):
        body += piece
        if len(body) > ANSWER_BYTES_MAX:
            raise JudgeError("its answer is too long")
    if code := await process.wait():
        raise JudgeError(f"it ended with {code}")
    return body


def _limit(pid: int, seconds: int) -> None:
    """No more processor time than it has time, and no core files; where the system can say so of another process."""
    if hasattr(resource, "prlimit"):
        with contextlib.suppress(OSError, ValueError):  # it has ended already, or has less
            resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds + 1))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


async def _end(process: Process) -> None:
    """End it with all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
