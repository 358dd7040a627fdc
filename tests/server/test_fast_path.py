"""A coroutine starts in the thread that schedules it and moves to the event loop to wait."""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import granian
import pytest

from bhp_site.server import fast_path
from bhp_site.server.fast_path import FastLoop, run_in_event_loop

StartCoroutine = Callable[[], Coroutine[Any, Any, None]]


async def schedule_like_granian(start: StartCoroutine, times: int = 1) -> int:
    """Schedule coroutines from another thread; return how many the event loop had to continue."""
    loop, tasks = asyncio.get_running_loop(), []

    def run(coroutine: Coroutine[Any, Any, None], watcher: object) -> None:
        tasks.append(loop.create_task(coroutine))

    def schedule() -> None:
        for _ in range(times):
            loop.call_soon_threadsafe(run, start(), object())

    thread = threading.Thread(target=schedule)
    thread.start()
    # Not awaited, so that the event loop does nothing meanwhile.
    thread.join()
    await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    return len(tasks)


def run_in_fast_loop(coroutine: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(coroutine)


def test_a_coroutine_that_does_not_wait_needs_no_event_loop() -> None:
    threads = []

    async def answer() -> None:
        threads.append(threading.current_thread())

    assert run_in_fast_loop(schedule_like_granian(answer, 3)) == 0
    assert len(threads) == 3
    assert threading.main_thread() not in threads


@pytest.mark.parametrize("run", [run_in_fast_loop, asyncio.run])
def test_a_coroutine_that_waits_continues_in_the_event_loop(run: Callable[..., Any]) -> None:
    threads = []

    async def answer() -> None:
        threads.append(threading.current_thread())
        await run_in_event_loop()
        threads.append(threading.current_thread())
        await asyncio.sleep(0.001)
        async with asyncio.timeout(1):
            threads.append(threading.current_thread())

    assert run(schedule_like_granian(answer)) == 1
    first, *later = threads
    assert (first is threading.main_thread()) is (run is asyncio.run)
    assert later == [threading.main_thread()] * 2


def test_other_callbacks_run_in_the_event_loop() -> None:
    async def schedule() -> list[str]:
        loop, calls = asyncio.get_running_loop(), []
        loop.call_soon_threadsafe(calls.append, "callback")
        assert calls == []
        calls.append(await loop.run_in_executor(None, str, "executor"))
        return calls

    assert run_in_fast_loop(schedule()) == ["callback", "executor"]


def test_the_installed_granian_is_the_tested_one() -> None:
    assert granian.__version__.startswith(f"{fast_path.TESTED_VERSION}.")


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The event loops that are registered; the scheduling policy is not changed."""
    registered: list[Any] = []
    loops = SimpleNamespace(register=lambda name: registered.append)
    monkeypatch.setattr(granian, "loops", loops)
    monkeypatch.setattr(os, "sched_setscheduler", lambda *args: None)
    return registered


def test_the_fast_path_is_installed_for_the_tested_version(
    registered: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(granian, "__version__", f"{fast_path.TESTED_VERSION}.99")
    assert fast_path.install()
    assert registered == [FastLoop]


@pytest.mark.parametrize("version", ["2.80.0", "3.0.0", "2.7.9"])
def test_an_untested_version_is_logged_and_left_alone(
    registered: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    version: str,
) -> None:
    monkeypatch.setattr(granian, "__version__", version)
    assert not fast_path.install()
    assert registered == []
    assert f"not {version}" in caplog.text


def test_a_container_may_refuse_the_scheduling_policy(
    registered: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    assert fast_path.install()
