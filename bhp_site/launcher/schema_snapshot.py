"""Creates the tables of a new SQLite database from a snapshot instead of by every migration.

Django renders all models anew for each operation of some 300 migrations, which takes longer than
the rest of a first start. `make schema` writes the snapshot, and a test compares it with what the
migrations make.
"""

from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

SNAPSHOT = Path(__file__).parent / "schema_snapshot.sql"


def load_schema_snapshot(connection: BaseDatabaseWrapper, snapshot: Path = SNAPSHOT) -> bool:
    """Create the tables and rows of `snapshot`; return False, and change nothing, if it is unfit.

    It is fit for an empty SQLite database, and if it has applied exactly the migrations of the
    installed packages: with another version of one, `migrate` does the work.
    """
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        # It commits what is open before the script, and nothing after it.
        cursor.executescript("BEGIN IMMEDIATE;\n" + snapshot.read_text())
        cursor.execute("SELECT app, name FROM django_migrations")
        is_fit = {*cursor.fetchall()} == MigrationLoader(None).disk_migrations.keys()
        cursor.execute("COMMIT" if is_fit else "ROLLBACK")
    return is_fit
