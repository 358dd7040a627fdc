"""Optimises cached responses: the thread that receives a request also answers it.

granian receives requests in Rust threads and hands each to Python as
`loop.call_soon_threadsafe(run, coroutine, …)`. Waking the event loop's thread for that takes as
long as a response from the page cache. So `FastLoop` runs the coroutine up to its first `await` in
the calling thread. Whatever has to wait calls `run_in_event_loop` first and continues there.

Registering an event loop with granian is documented. How granian passes coroutines is not, nor that
any thread may send a response: with other versions than TESTED_VERSION `install` changes nothing.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from inspect import iscoroutine
from typing import Any

import granian
import uvloop

TESTED_VERSION = "2.8"


class FastLoop(uvloop.Loop):
    """An event loop that starts a coroutine in the thread that schedules it."""

    def call_soon_threadsafe(  # type: ignore[override]
        self, callback: Callable[..., Any], *args: Any, **options: Any
    ) -> Any:
        """Return a handle of `callback`; None if its argument is a coroutine that ended at once."""
        if args and iscoroutine(args[0]):
            try:
                args[0].send(None)
            except StopIteration:
                return None
        return super().call_soon_threadsafe(callback, *args, **options)


async def run_in_event_loop() -> None:
    """Continue the calling coroutine in the event loop's thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        await asyncio.sleep(0)


def install() -> bool:
    """Make granian use `FastLoop`; return False, after a warning, if its version is not tested."""
    if not granian.__version__.startswith(f"{TESTED_VERSION}."):
        message = "The fast path for cached pages is off: it is tested with granian %s, not %s."
        logging.getLogger(__name__).warning(message, TESTED_VERSION, granian.__version__)
        return False
    granian.loops.register("auto")(FastLoop)
    # A thread that is not interrupted by the one it wakes hands several requests over at once.
    # Threads and processes started from here inherit this policy (Linux, sched(7)).
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    return True
