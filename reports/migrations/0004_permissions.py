"""Editors make series of reports; publishers may delete them too."""

from typing import Any

from django.db import migrations

ALLOWED = {"Editors": ("view", "add", "change"), "Publishers": ("view", "add", "change", "delete")}


def make(apps: Any, schema_editor: Any) -> None:
    # Django makes permissions after all migrations have run; these are needed now.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="reports", model="reportseries"
    )
    for name, actions in ALLOWED.items():
        group = apps.get_model("auth", "Group").objects.filter(name=name).first()
        for action in actions if group else ():
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_reportseries",
                defaults={"name": f"Can {action} report series"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_series_and_contents"), ("home", "0002_groups")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
