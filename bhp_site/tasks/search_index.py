"""Updates of Wagtail's search index, one at a time, repeated by a worker if they fail."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction
from django_tasks import task
from modelsearch import index

# Key of PostgreSQL's advisory lock on the search index.
INDEX_LOCK_ID = 20111202


@contextmanager
def lock_search_index() -> Iterator[None]:
    """Open a transaction that keeps other processes from writing the search index.

    Each update also writes rows of other objects; two at once deadlock on PostgreSQL.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INDEX_LOCK_ID])
        yield


@task(backend="database", coalesce=True)
def update_search_index(app_label: str, model_name: str, pk: str) -> None:
    """Update the search-index entry of an object, if the object still exists."""
    instance = apps.get_model(app_label, model_name)._default_manager.filter(pk=pk).first()
    if instance is not None:
        with lock_search_index():
            index.insert_or_update_object(instance)
