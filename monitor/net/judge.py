"""The reader's own judge: an endpoint that speaks as OpenAI's does (Ollama, llama.cpp), through the guarded door."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

import httpx

from monitor.errors import JudgeError

ANSWER_BYTES_MAX = 64 * 1024  # bytes of an answer that are read: one sentence has 300 (set)
ANSWER_TOKENS_MAX = 120  # tokens that the model may write (set)


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
