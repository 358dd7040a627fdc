"""Calls that end in time, whatever the network does."""

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def run_within(
    seconds: float, slots: threading.Semaphore, function: Callable[[], Result]
) -> Result:
    """Return what `function` returns; raise what it raises, or TimeoutError after `seconds`.

    The timeouts of a socket alone never end a response that comes a byte at a time, nor the
    look-up of a name. The thread that waits for it then ends with the process at the latest. As
    many threads may wait as `slots` allows; TimeoutError is raised at once if there are more.
    """
    if not slots.acquire(blocking=False):
        raise TimeoutError("Too many requests are waiting for an answer")
    results: list[Result] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(function())
        except Exception as error:
            errors.append(error)
        finally:
            slots.release()

    thread = threading.Thread(target=run, name="deadline", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError("There was no answer in time")
    return results[0]
