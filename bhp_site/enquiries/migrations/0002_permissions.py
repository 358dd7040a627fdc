"""Editors answer requests; publishers also offer accessible copies, and delete both."""

from typing import Any

from django.db import migrations

MODELS = {"request": "request", "accessiblecopy": "accessible copy"}
ALLOWED = {
    "Editors": {"request": ("view", "change")},
    "Publishers": {
        "request": ("view", "change", "delete"),
        "accessiblecopy": ("view", "add", "change", "delete"),
    },
}


def make(apps: Any, schema_editor: Any) -> None:
    # Django makes permissions after all migrations have run; these are needed now.
    for name, models in ALLOWED.items():
        group = apps.get_model("auth", "Group").objects.filter(name=name).first()
        for model, actions in models.items() if group else ():
            content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
                app_label="enquiries", model=model
            )
            for action in actions:
                permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                    content_type=content_type,
                    codename=f"{action}_{model}",
                    defaults={"name": f"Can {action} {MODELS[model]}"},
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0001_initial"), ("home", "0002_groups")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
