"""A page has an entry for itself and one for each of its chapters."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import migrations, models

TRIGGERS = import_module("bhp_site.search.migrations.0002_full_text").SQLITE[1:4]


def make_triggers(apps: Any, schema_editor: Any) -> None:
    """SQLite has forgotten them, having copied the table; its full-text index is the same."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in TRIGGERS:
            schema_editor.execute(statement)


def forget_chapters(apps: Any, schema_editor: Any) -> None:
    apps.get_model("search", "Entry").objects.filter(page__isnull=False, number__gt=0).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0003_outline"),
        ("search", "0003_permissions"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, make_triggers),
        migrations.RemoveConstraint(model_name="entry", name="one_entry_per_page"),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                fields=("page", "number"), name="one_entry_per_page_and_number"
            ),
        ),
        migrations.RunPython(make_triggers, forget_chapters),
    ]
