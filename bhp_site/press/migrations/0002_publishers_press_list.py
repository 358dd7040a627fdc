"""Let publishers work with the press list."""

from typing import Any

from django.db import migrations

ACTIONS = ("view", "add", "change", "delete")


def allow_publishers(apps: Any, schema_editor: Any) -> None:
    """Give the group “Publishers”, if it still has that name, all permissions on the press list."""
    group = apps.get_model("auth.Group").objects.filter(name="Publishers").first()
    if group is None:
        return
    content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="press", model="presscontact"
    )
    verbose_name = apps.get_model("press.PressContact")._meta.verbose_name
    for action in ACTIONS:
        permission, _ = apps.get_model("auth.Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_presscontact",
            defaults={"name": f"Can {action} {verbose_name}"},
        )
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("press", "0001_initial"), ("home", "0002_rewrite_help_texts")]

    operations = [migrations.RunPython(allow_publishers, migrations.RunPython.noop)]
