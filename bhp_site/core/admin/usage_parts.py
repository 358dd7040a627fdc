"""Read only the part of a usage report that a screen shows."""

import itertools
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models.reference_index import ReferenceGroups

get_from_all_groups = ReferenceGroups.__getitem__


def get_groups(groups: Any, key: Any) -> Any:
    """Return the groups of a slice, each an object with its references, or that of an index.

    Wagtail reads all objects, each with a query, and then takes the slice. An image may be on
    thousands of pages.
    """
    if not isinstance(key, slice) or not isinstance(groups.qs, QuerySet):
        return get_from_all_groups(groups, key)
    sources = groups.qs.values_list("base_content_type_id", "object_id").distinct()[key]
    is_selected = Q(pk=None)
    for type_key, rows in itertools.groupby(sources, key=lambda source: source[0]):
        is_selected |= Q(base_content_type=type_key, object_id__in=[row[1] for row in rows])
    return list(ReferenceGroups(groups.qs.filter(is_selected)))


def read_usage_in_parts() -> None:
    """Have Wagtail's usage reports read only the objects of the part that is shown."""
    ReferenceGroups.__getitem__ = get_groups
