"""An index for searches of whole words on PostgreSQL: title and body, joined.

modelsearch 1.3 indexes the two vectors on their own and compares both joined with the query, so
that PostgreSQL reads the entries of all pages. Searches of the admin look up `autocomplete`.
"""

from typing import Any

from django.db import migrations

CREATE = """
CREATE INDEX IF NOT EXISTS search_title_body ON wagtailsearch_indexentry
    USING gin ((title || body))
"""
DROP = "DROP INDEX IF EXISTS search_title_body"


def create_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0011_logo_and_icon"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [migrations.RunPython(create_index, drop_index)]
