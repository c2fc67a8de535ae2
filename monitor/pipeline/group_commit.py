"""Group commit: calls that come while others of their kind are under way share the next turn.

Most visits bring nothing but a new due date, most documents one entry that concerns nobody. A thread and a transaction
for each would cost more than what is done in them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, ParamSpec, TypeVar

from monitor.errors import StoreError

# Of documents with one new entry, eight in a turn cost 1.2 ms of CPU each, twenty-four 0.96, a hundred 0.86 (measured).
WORTH_A_TURN = 100
MOMENT_S = 0.05  # seconds that a turn waits for others at most (set: nobody looks at a visit so soon)
P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")


async def at_once(act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what blocks right here: for who shares the event loop with nobody, and groups commits in this thread."""
    return act(*args, **kwargs)


@dataclass(slots=True)
class Together(Generic[T, R]):
    """Calls of one kind, many in a turn: `act` does those that it is given, and answers them in their order.

    A turn takes calls of no more than `weight_max` together, but always one. It waits a moment for those that are on
    their way: `coming` says how many there are, those that wait for it included. Used within one event loop.
    """

    act: Callable[[list[T]], Awaitable[Sequence[R]]]
    weight: Callable[[T], int] = lambda one: 1
    weight_max: int = 1000
    coming: Callable[[], int] = lambda: 0
    _waiting: list[tuple[T, asyncio.Future[R]]] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    async def __call__(self, one: T) -> R:
        """Its answer, once its turn is over. What `act` raises of it is raised here."""
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, done))
        if self._task is None:
            self._task = asyncio.create_task(self._take_turns())
        return await done

    async def _take_turns(self) -> None:
        while self._waiting:
            await self._let_come()
            batch = self._next()
            try:
                await self._turn(batch)
            except Exception as error:
                if len(batch) == 1 or isinstance(error, StoreError):
                    _fail(batch, error)
                    continue
                for one in batch:  # one of them is faulty: that is no fault of the others
                    try:
                        await self._turn([one])
                    except Exception as fault:
                        _fail([one], fault)
        self._task = None

    async def _let_come(self) -> None:
        """Until all that are on their way are here, as many as are worth a turn, or the moment is over."""
        end = time.monotonic() + MOMENT_S
        while len(self._waiting) < self.coming() and time.monotonic() < end:
            if sum(self.weight(one) for one, _ in self._waiting) >= WORTH_A_TURN:
                break
            await asyncio.sleep(MOMENT_S / 5)

    def _next(self) -> list[tuple[T, asyncio.Future[R]]]:
        taken, weight = 0, 0
        for one, _ in self._waiting:
            weight += self.weight(one)
            if taken and weight > self.weight_max:
                break
            taken += 1
        batch, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return batch

    async def _turn(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        answers = await self.act([one for one, _ in batch])
        for (_, done), answer in zip(batch, answers, strict=True):
            if not done.done():
                done.set_result(answer)


def _fail(batch: list[tuple[T, asyncio.Future[R]]], error: Exception) -> None:
    for _, done in batch:
        if not done.done():
            done.set_exception(error)
