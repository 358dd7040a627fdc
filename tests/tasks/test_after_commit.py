"""A callback that fails after the commit stops no other callback."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from bhp_site.tasks.after_commit import call_after_commit


def fail(reason: str) -> None:
    raise OSError(reason)


@pytest.mark.parametrize("function", [fail, partial(fail)])
def test_a_failure_is_logged_and_stops_nothing(
    db: None,
    django_capture_on_commit_callbacks: Any,
    caplog: pytest.LogCaptureFixture,
    function: Callable[..., object],
) -> None:
    called: list[int] = []
    with django_capture_on_commit_callbacks(execute=True):
        call_after_commit(function, "The disk is full.")
        transaction.on_commit(lambda: called.append(1))
        assert not called
    assert called
    assert "fail" in caplog.text
    assert "The disk is full." in caplog.text
