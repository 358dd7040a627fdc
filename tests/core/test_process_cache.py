"""Values that are kept until something changes."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from wagtail.models import Collection, CollectionViewRestriction

from bhp_site.core.caching import process_cache
from bhp_site.files.permissions.collection_restrictions import get_restricted_paths


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


@pytest.mark.uncommitted
@pytest.mark.parametrize("is_cached", [False, True])
def test_other_threads_do_not_get_what_is_rolled_back(db: None, is_cached: bool) -> None:
    collection = Collection.get_first_root_node()
    if is_cached:
        assert get_restricted_paths() == ()
    with transaction.atomic():
        restriction = CollectionViewRestriction(collection=collection, restriction_type="login")
        restriction.save()
        assert get_restricted_paths() == (collection.path,)
        transaction.set_rollback(True)
    # The values of a process are those of all its threads.
    assert get_restricted_paths() == ()
