"""Publishers choose which pages are suggested for what visitors type."""

from typing import Any

from django.db import migrations

ACTIONS = ("add", "change", "delete", "view")


def make(apps: Any, schema_editor: Any) -> None:
    group = apps.get_model("auth", "Group").objects.filter(name="Publishers").first()
    if group is None:
        return
    # Django makes permissions after all migrations have run; these are needed now.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtailsearchpromotions", model="searchpromotion"
    )
    for action in ACTIONS:
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_searchpromotion",
            defaults={"name": f"Can {action} search promotion"},
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text"), ("home", "0002_groups")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
