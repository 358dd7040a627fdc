"""PostgreSQL databases beside that of the tests, for processes of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from bhp_site.backups.drill import build_url

from .schema_cache import get_template_name


@contextmanager
def create_database(suffix: str, *, migrated: bool = False) -> Iterator[str]:
    """Create a PostgreSQL database beside that of the tests, and yield its URL.

    It is empty, or has all tables if `migrated`; the caller must have asked for a database of its
    own, such as `db`.
    """
    name = f"{connection.settings_dict['NAME']}_{suffix}"
    with psycopg.connect(build_url("postgres"), autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        template = f' TEMPLATE "{get_template_name()}"' if migrated else ""
        admin.execute(f'CREATE DATABASE "{name}"{template}')
        try:
            yield build_url(name)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
