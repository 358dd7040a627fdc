"""Save a row without the fields that other processes write."""

from collections.abc import Collection

from django.db import models


def get_update_fields(instance: models.Model, excluded: Collection[str]) -> set[str]:
    """Return the names of the loaded fields of `instance` to save, without those `excluded`.

    Django writes every field back as it was read, and so takes back what another process has
    written since: give the result to `save` as `update_fields`.
    """
    deferred = instance.get_deferred_fields()
    return {
        field.name
        for field in instance._meta.concrete_fields
        if not field.primary_key and field.attname not in deferred and field.name not in excluded
    }
