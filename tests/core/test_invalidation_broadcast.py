"""Several machines before one database: what one changes, the others show within a moment."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from wagtail.models import Page

from bhp_site.core.caching import invalidation_broadcast
from bhp_site.core.caching.cache_version import CacheVersion
from bhp_site.core.caching.invalidation import send_content_changed


@pytest.fixture
def others(tmp_path: Path) -> CacheVersion:
    """The cache version of another machine."""
    return CacheVersion(tmp_path / "cache-version")


def on(machine: CacheVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invalidation_broadcast, "cache_version", machine)


def test_another_machine_hears_of_a_change_once(
    home: Page,
    others: CacheVersion,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.SHARED_CACHE = True
    here = invalidation_broadcast.cache_version
    with django_capture_on_commit_callbacks(execute=True):
        send_content_changed(home, "test")
    before = here.current
    invalidation_broadcast.receive_broadcasts()
    assert here.current == before
    on(others, monkeypatch)
    for _ in range(3):
        invalidation_broadcast.receive_broadcasts()
    assert others.current == others.minimum_for_pages == 1


def test_a_cache_that_is_away_keeps_no_change_back(
    others: CacheVersion, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("no cache here")

    on(others, monkeypatch)
    monkeypatch.setattr(invalidation_broadcast.SharedCacheState, "renewed_at", 0.0)
    with monkeypatch.context() as outage:
        outage.setattr(caches["shared"], "set", away)
        outage.setattr(caches["shared"], "get", away)
        invalidation_broadcast.broadcast_invalidation()
        invalidation_broadcast.receive_broadcasts()
        invalidation_broadcast.receive_broadcasts()
    assert "no cache here" in caplog.text
    # What other machines change meanwhile is shown; nothing is taken from a site without database.
    assert (others.current, others.get_minimum_for_file("a.pdf")) == (1, 0)
    invalidation_broadcast.receive_broadcasts()
    invalidation_broadcast.receive_broadcasts()
    assert (others.current, others.get_minimum_for_file("a.pdf")) == (2, 0)


def test_another_machine_withholds_only_after_a_withdrawal(
    others: CacheVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    invalidation_broadcast.broadcast_invalidation()
    here = invalidation_broadcast.cache_version
    on(others, monkeypatch)
    invalidation_broadcast.receive_broadcasts()
    before = others.current
    for withdraws, minimum in ((False, before), (True, before + 2)):
        on(here, monkeypatch)
        # One that comes after it must not hide the withdrawal.
        invalidation_broadcast.broadcast_invalidation(withdraws)
        invalidation_broadcast.broadcast_invalidation(withdraws=False)
        on(others, monkeypatch)
        invalidation_broadcast.receive_broadcasts()
        assert others.minimum_for_pages == others.get_minimum_for_file("a.pdf") == minimum
    assert others.current == before + 2


def test_a_machine_with_earlier_code_withholds(
    others: CacheVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(others, monkeypatch)
    invalidation_broadcast.receive_broadcasts()
    before = others.current
    caches["shared"].set(invalidation_broadcast.CACHE_KEY, 12345)
    invalidation_broadcast.receive_broadcasts()
    assert others.minimum_for_pages == others.current == before + 1


@pytest.mark.parametrize("withdraws", [True, False])
def test_a_broadcast_that_cannot_be_written_is_sent_later(
    others: CacheVersion,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    withdraws: bool,
) -> None:
    """Such as when the shared cache is full: what other machines read there does not change."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("the cache is full")

    here = CacheVersion(tmp_path / "cache-version-here")
    for machine in (here, others):
        on(machine, monkeypatch)
        invalidation_broadcast.receive_broadcasts()
    minimum, before = others.minimum_for_pages, others.current
    on(here, monkeypatch)
    monkeypatch.setattr(invalidation_broadcast.SharedCacheState, "resent_at", float("-inf"))
    with monkeypatch.context() as outage:
        outage.setattr(caches["shared"], "set", refuse)
        invalidation_broadcast.broadcast_invalidation(withdraws)
        # An addition does not hide the withdrawal that waits.
        invalidation_broadcast.broadcast_invalidation(withdraws=False)
        here.advance(withdraws)
        invalidation_broadcast.receive_broadcasts()
    on(others, monkeypatch)
    invalidation_broadcast.receive_broadcasts()
    assert others.current == before
    on(here, monkeypatch)
    monkeypatch.setattr(invalidation_broadcast.SharedCacheState, "resent_at", float("-inf"))
    for _ in range(3):
        invalidation_broadcast.receive_broadcasts()
    on(others, monkeypatch)
    for _ in range(3):
        invalidation_broadcast.receive_broadcasts()
    assert others.current == before + 1
    assert others.minimum_for_pages == (others.current if withdraws else minimum)
