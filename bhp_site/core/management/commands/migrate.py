"""Django's `migrate`, which refuses databases of version 1."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from bhp_site.core.database_version import refuse_version_1


class Command(migrate.Command):
    """Refuse a database of version 1 in one sentence instead of failing halfway."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate the database; raise CommandError if it is of version 1."""
        refuse_version_1(connections[options["database"]])
        super().handle(*args, **options)
