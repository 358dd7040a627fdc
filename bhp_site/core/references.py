"""Find the objects that an object in memory refers to, saved or not.

Wagtail's reference index has the last saved state, not the draft of a live page.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import F, ForeignKey, Model, Q, TextField
from django.db.models.functions import Cast
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.models import Page

# Model and primary key, as text, of an object that another one refers to.
Reference = tuple[type[Model], str]
# The key of a row that a database can hold; a link in a text, or an address, may name anything.
PRIMARY_KEY = re.compile("[0-9]{1,18}")


def iter_references(instance: Model) -> Iterator[Reference]:
    """Yield a reference for each object in the foreign keys, bodies and rows of `instance`."""
    for field in instance._meta.get_fields():
        if isinstance(field, ParentalKey) or not hasattr(field, "value_from_object"):
            continue
        yield from iter_field_references(field, field.value_from_object(instance))
    if isinstance(instance, ClusterableModel):
        for relation in get_all_child_relations(instance):
            for row in getattr(instance, relation.get_accessor_name()).all():
                yield from iter_references(row)


def iter_field_references(field: Any, value: Any) -> Iterator[Reference]:
    """Yield a reference for each object in the `value` of a model `field`.

    An object in the value counts by its key.
    """
    if value is None:
        return
    if isinstance(field, ForeignKey):
        key = value.pk if isinstance(value, Model) else value
        yield field.related_model, str(key)
    elif hasattr(field, "extract_references"):
        for model, key, *_ in field.extract_references(value):
            yield model, str(key)


def find_drafts_mentioning(keys: set[str]) -> Any:
    """Return pages whose latest draft holds one of `keys` somewhere, to be looked at closely."""
    mentions = Q()
    for key in keys:
        mentions |= Q(draft_text__contains=key)
    drafts = Page.objects.exclude(latest_revision=None).exclude(
        live=True, latest_revision=F("live_revision")
    )
    drafts = drafts.alias(draft_text=Cast("latest_revision__content", TextField()))
    return drafts.filter(mentions)
