"""Values that are kept until something changes."""

from types import SimpleNamespace

import pytest

from bhp_site.core.caching import process_cache


@pytest.mark.parametrize("cache_version", [0, 1])
def test_a_value_is_built_once_for_each_cache_version(
    monkeypatch: pytest.MonkeyPatch, cache_version: int
) -> None:
    """Also for the first one, of a site on which nothing has changed yet."""
    monkeypatch.setattr(process_cache, "cache_version", SimpleNamespace(current=cache_version))
    monkeypatch.setattr(process_cache, "_values", {})
    made: list[tuple[str, ...]] = []

    def make() -> tuple[str, ...]:
        made.append(())
        return made[-1]

    assert process_cache.cached_until_change("key", make) == ()
    assert process_cache.cached_until_change("key", make) == ()
    assert len(made) == 1
