"""Compares Wagtail's reference index with the stored content, and rebuilds it if they differ.

Documents and images are public while the index says that a public page refers to them. A database
that was loaded without Django's signals has no index, and would take every document offline.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Warning  # noqa: A004
from django.core.management import call_command
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Page, ReferenceIndex, get_base_content_type
from wagtail.models.reference_index import ReferenceIndex as Index

logger = logging.getLogger(__name__)

# Objects of each model that are compared at every start; all are compared by `check`.
SAMPLE_SIZE = 15


def iter_indexed_models() -> Iterator[Any]:
    """Yield the models whose references are indexed; of pages, the types that can be created."""
    for model in sorted(Index.indexed_models, key=lambda model: model._meta.label):
        if not model._meta.proxy and model is not Page:
            yield model


def find_outdated_objects(sample_size: int | None = None) -> Iterator[models.Model]:
    """Yield objects whose references the index lacks, or has in excess.

    With `sample_size` only so many objects of each model are compared, the latest first.
    """
    for model in iter_indexed_models():
        rows = model._default_manager.order_by("-pk")
        objects: Iterable[Any] = rows[:sample_size] if sample_size else rows.iterator(200)
        for instance in objects:
            if get_stored_references(instance) != get_references(instance):
                yield instance


def get_references(instance: Any) -> set[tuple[Any, ...]]:
    """Return the references in the content of `instance`."""
    return {
        (content_type, str(pk), model_path, content_path)
        for content_type, pk, model_path, content_path in (
            ReferenceIndex._extract_references_from_object(instance)
        )
    }


def get_stored_references(instance: Any) -> set[tuple[Any, ...]]:
    """Return the references of `instance` according to the index."""
    rows = ReferenceIndex.objects.filter(
        base_content_type=get_base_content_type(instance), object_id=str(instance.pk)
    )
    return set(rows.values_list("to_content_type_id", "to_object_id", "model_path", "content_path"))


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
    """Rebuild the index if it differs from all content, and say so (`check --database default`).

    A database with migrations to be applied is left alone.
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
