"""PostgreSQL databases beside that of the tests, for processes of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from bhp_site.backups.drill import build_url


@contextmanager
def create_database(suffix: str) -> Iterator[str]:
    """Create a PostgreSQL database beside that of the tests, and yield its URL."""
    name = f"{connection.settings_dict['NAME']}_{suffix}"
    with psycopg.connect(build_url("postgres"), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield build_url(name)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
