"""Conditions by which SQLite must not find rows."""

from typing import Any

from django.db.models import Func


class Unindexed(Func):
    """An expression that SQLite does not look up in an index.

    It is the unary operator `+` there (https://sqlite.org/optoverview.html), and elsewhere nothing.
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Return the expression with the operator."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)
