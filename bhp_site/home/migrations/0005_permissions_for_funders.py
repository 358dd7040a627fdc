from typing import Any

from django.db import migrations

# A funder's wording is public as soon as a page uses it, so an editor cannot change one.
PERMISSIONS = {"Editors": ["view", "add"], "Publishers": ["view", "add", "change", "delete"]}


def allow_funders(apps: Any, schema_editor: Any) -> None:
    """Let editors add funders, and publishers change and delete them too."""
    content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="funding", model="funder"
    )
    for name, actions in PERMISSIONS.items():
        # An administrator may have renamed or deleted the group.
        group = apps.get_model("auth.Group").objects.filter(name=name).first()
        for action in actions if group else ():
            permission, _ = apps.get_model("auth.Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_funder",
                defaults={"name": f"Can {action} funder"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0004_remove_update_notes"),
        ("funding", "0001_initial"),
    ]

    operations = [migrations.RunPython(allow_funders, migrations.RunPython.noop)]
