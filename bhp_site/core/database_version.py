"""Recognises databases of version 1, whose migrations were replaced in version 2."""

from django.core.management import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

# Every database of version 1 has recorded this migration, and no later one has it.
VERSION_1_MIGRATION = ("core", "0002_pictures_and_settings")


class DatabaseTooOld(CommandError):
    """The database was made by a version whose migrations no longer exist."""


def refuse_version_1(connection: BaseDatabaseWrapper) -> None:
    """Raise `DatabaseTooOld` if version 1 of the site made the database of `connection`."""
    if VERSION_1_MIGRATION in MigrationRecorder(connection).applied_migrations():
        raise DatabaseTooOld(
            "This database was made by version 1 of the site, which this version cannot upgrade. "
            "Start with a new DATA_DIR, or with a new database if you use PostgreSQL."
        )
