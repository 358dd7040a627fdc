"""Values that are kept until something changes."""

from types import SimpleNamespace

import pytest

from bhp_site.core import caching


@pytest.mark.parametrize("generation", [0, 1])
def test_a_value_is_made_once_for_each_generation(
    monkeypatch: pytest.MonkeyPatch, generation: int
) -> None:
    """Also for the first one, of a site on which nothing has changed yet."""
    monkeypatch.setattr(caching, "generation", SimpleNamespace(current=generation))
    monkeypatch.setattr(caching, "_kept", {})
    made: list[tuple[str, ...]] = []

    def make() -> tuple[str, ...]:
        made.append(())
        return made[-1]

    assert caching.until_changed("key", make) == ()
    assert caching.until_changed("key", make) == ()
    assert len(made) == 1
