"""View restrictions of collections: nothing in a restricted collection is ever public.

The admin does not offer them, because neither renditions nor covers nor the page cache would ask
for a password. One that exists all the same makes its collection private.
"""

from typing import Any

from wagtail.models import Collection, CollectionMember, CollectionViewRestriction

from bhp_site.core.caching.process_cache import cached_until_change


def is_restricted(instance: Any) -> bool:
    """Return whether the collection of `instance`, or an ancestor, has a view restriction.

    An object without a collection has none.
    """
    if not isinstance(instance, CollectionMember):
        return False
    path = instance.collection.path
    above = [path[:end] for end in range(Collection.steplen, len(path) + 1, Collection.steplen)]
    return CollectionViewRestriction.objects.filter(collection__path__in=above).exists()


def get_restricted_paths() -> tuple[str, ...]:
    """Return the tree paths of the collections that have a view restriction."""
    paths: tuple[str, ...] = cached_until_change("files:restricted collections", _find_paths)
    return paths


def _find_paths() -> tuple[str, ...]:
    paths = CollectionViewRestriction.objects.order_by("collection__path")
    return tuple(paths.values_list("collection__path", flat=True))
