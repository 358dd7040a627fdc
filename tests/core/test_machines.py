"""Several machines before one database: what one changes, the others show within a moment."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from wagtail.models import Page

from bhp_site.core import machines
from bhp_site.core.changes import announce
from bhp_site.core.generation import Generation


@pytest.fixture
def others(tmp_path: Path) -> Generation:
    """The generation of another machine."""
    return Generation(tmp_path / "generation")


def on(machine: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "generation", machine)


def test_another_machine_hears_of_a_change_once(
    home: Page,
    others: Generation,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.SHARED_CACHE = True
    here = machines.generation
    with django_capture_on_commit_callbacks(execute=True):
        announce(home, "test")
    before = here.current
    machines.listen()
    assert here.current == before
    on(others, monkeypatch)
    for _ in range(3):
        machines.listen()
    assert others.current == others.pages == 1


def test_a_cache_that_is_away_keeps_no_change_back(
    others: Generation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("no cache here")

    on(others, monkeypatch)
    monkeypatch.setattr(cache, "set", away)
    monkeypatch.setattr(cache, "get", away)
    machines.tell()
    machines.listen()
    assert others.current == 0
    assert "no cache here" in caplog.text
