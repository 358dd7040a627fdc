"""How granian hands a request over: what needs no waiting is done where the request came in.

granian takes requests in on a thread of its own and leaves the coroutine of each to the event
loop's. To wake that one costs more than an answer that only has to be looked up, so a coroutine
begins in granian's thread, and goes to the loop once it has something to wait for.
"""

import asyncio
from collections.abc import Callable
from inspect import iscoroutine
from typing import Any


def run_first_step_in_calling_thread(loop: asyncio.AbstractEventLoop) -> None:
    """Have `loop` do so with coroutines whose first wait, if any, is for `run_in_event_loop`."""
    call_soon = loop.call_soon_threadsafe

    def schedule(callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        # granian alone passes a coroutine on, as the first of what its callback is given.
        if args and iscoroutine(args[0]):
            try:
                args[0].send(None)
            except StopIteration:
                return None
        return call_soon(callback, *args, context=context)

    loop.call_soon_threadsafe = schedule  # type: ignore[assignment]


async def run_in_event_loop() -> None:
    """Wait until it is the loop's thread that goes on with this coroutine."""
    await asyncio.sleep(0)
