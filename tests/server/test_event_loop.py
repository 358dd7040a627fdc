"""A coroutine begins in the thread that hands it over, and goes to the loop only to wait."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from bhp_site.server.event_loop import run_first_step_in_calling_thread, run_in_event_loop

Begin = Callable[[], Coroutine[Any, Any, None]]


async def handed_over(begin: Begin, times: int = 1) -> int:
    """As granian does it, from a thread of its own; how many the loop was asked to go on with."""
    loop, tasks = asyncio.get_running_loop(), []

    def run(coroutine: Coroutine[Any, Any, None], watcher: object) -> None:
        tasks.append(loop.create_task(coroutine))

    def hand_over() -> None:
        for _ in range(times):
            loop.call_soon_threadsafe(run, begin(), object())

    run_first_step_in_calling_thread(loop)
    thread = threading.Thread(target=hand_over)
    thread.start()
    # Not awaited: the loop does nothing meanwhile.
    thread.join()
    await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    return len(tasks)


def test_what_waits_for_nothing_needs_no_loop() -> None:
    threads = []

    async def answer() -> None:
        threads.append(threading.current_thread())

    assert asyncio.run(handed_over(answer, 3)) == 0
    assert len(threads) == 3
    assert threading.main_thread() not in threads


def test_what_waits_goes_on_in_the_loop() -> None:
    threads = []

    async def answer() -> None:
        threads.append(threading.current_thread())
        await run_in_event_loop()
        threads.append(threading.current_thread())
        await asyncio.sleep(0.001)
        async with asyncio.timeout(1):
            threads.append(threading.current_thread())

    assert asyncio.run(handed_over(answer)) == 1
    first, *later = threads
    assert first is not threading.main_thread()
    assert later == [threading.main_thread()] * 2


def test_whatever_else_is_given_to_the_loop_is_left_to_it() -> None:
    async def whole() -> list[str]:
        loop, found = asyncio.get_running_loop(), []
        run_first_step_in_calling_thread(loop)
        loop.call_soon_threadsafe(found.append, "a word")
        assert found == []
        found.append(await loop.run_in_executor(None, str, "an answer"))
        return found

    assert asyncio.run(whole()) == ["a word", "an answer"]
