"""Compares Wagtail's reference index with the stored content, and rebuilds it if they differ.

Documents and images are public while the index says that a public page refers to them. A database
that was loaded without Django's signals has no index, and would take every document offline.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.checks import CheckMessage, Warning  # noqa: A004
from django.core.management import call_command
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import ReferenceIndex

logger = logging.getLogger(__name__)

# Objects of each model that are compared at every start; all are compared by `check`.
SAMPLE_SIZE = 15


def iter_indexed_models() -> Iterator[Any]:
    """Yield the models whose references are indexed, as rebuild_references_index does."""
    yield from (model for model in apps.get_models() if ReferenceIndex.is_indexed(model))


def find_outdated_objects(sample_size: int | None = None) -> Iterator[models.Model]:
    """Yield objects whose references the index lacks, or has in excess.

    With `sample_size` only so many objects of each model are compared, the latest first.
    """
    for model in iter_indexed_models():
        rows = model._default_manager.order_by("-pk")
        objects: Iterable[Any] = rows[:sample_size] if sample_size else rows.iterator(200)
        for instance in objects:
            if is_outdated(instance):
                yield instance


def get_references(instance: Any) -> set[tuple[Any, ...]]:
    """Return the references in the content of `instance`."""
    return {
        (content_type, str(pk), model_path, content_path)
        for content_type, pk, model_path, content_path in (
            ReferenceIndex._extract_references_from_object(instance)
        )
    }


def is_outdated(instance: Any) -> bool:
    """Return True if the index lacks a reference of `instance`, or has one in excess.

    As in `ReferenceIndex.create_or_update_for_object`, references that were stored for a more
    specific type are not in excess.
    """
    types = [
        ContentType.objects.get_for_model(model, for_concrete_model=False).pk
        for model in (instance, *instance._meta.get_parent_list())
    ]
    rows = ReferenceIndex.objects.filter(base_content_type=types[-1], object_id=instance.pk)
    stored, own = set(), set()
    for content_type, *reference in rows.values_list(
        "content_type_id", "to_content_type_id", "to_object_id", "model_path", "content_path"
    ):
        stored.add(tuple(reference))
        if content_type in types:
            own.add(tuple(reference))
    references = get_references(instance)
    return not (references <= stored and own <= references)


def rebuild_if_outdated(sample_size: int | None = SAMPLE_SIZE) -> bool:
    """Rebuild the index if it differs from the content; return whether it was rebuilt."""
    if next(find_outdated_objects(sample_size), None) is None:
        return False
    logger.warning("The reference index differs from the content and is rebuilt.")
    call_command("rebuild_references_index", verbosity=0)
    return True


def check_reference_index(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """Rebuild the index if it differs from all content; return a warning if it did.

    Done by `check --database default`. A database with migrations to be applied is left alone.
    """
    if "default" not in (databases or ()):
        return []
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return []
    if not rebuild_if_outdated(None):
        return []
    return [
        Warning(
            "The reference index differed from the stored content, and was rebuilt.",
            hint="Documents and images may have been offline. Was the database loaded by hand?",
            id="bhp.W010",
        )
    ]
