"""Wagtail's search of the admin, in time proportional to the number of matches.

Only reading differs from `modelsearch.backends.database`; the index is the same.
"""

from typing import Any

from django.db import connection
from modelsearch.backends import database
from modelsearch.backends.base import BaseSearchBackend


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802
    """Return the backend of the database in use; the name is that which modelsearch looks for."""
    backend: BaseSearchBackend = database.SearchBackend(params)
    if connection.vendor == "sqlite":
        # These modules need models that other databases do not have.
        from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend

        from .sqlite import AutocompleteQueryCompiler, SearchQueryCompiler

        # It is another one while the tables are not yet migrated.
        if isinstance(backend, SQLiteSearchBackend):
            backend.query_compiler_class = SearchQueryCompiler
            backend.autocomplete_query_compiler_class = AutocompleteQueryCompiler
    return backend
