"""A simple hash of the columns in a query.

To find out whether a query is ordered by something that it selects, Django hashes every selected
column, each time from the signature of the column's constructor. For a page that takes a tenth to
a quarter of the time of building the query.
"""

from django.db.models.expressions import Col


def hash_column(column: Col) -> int:
    """Return a hash that is the same for equal columns: these have the same alias and field."""
    return hash((column.alias, column.target.name))


def simplify_column_hash() -> None:
    """Let Django use `hash_column`; called once when the app is ready."""
    Col.__hash__ = hash_column  # type: ignore[assignment, method-assign]
