"""Publishers say after how long a page is to be reviewed."""

from typing import Any

from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    group = apps.get_model("auth", "Group").objects.filter(name="Publishers").first()
    if group is None:
        return
    # Django makes permissions after all migrations have run; this one is needed now.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="upkeep", model="upkeepsettings"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="change_upkeepsettings",
        defaults={"name": "Can change upkeep"},
    )
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("upkeep", "0001_initial"), ("home", "0002_groups")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
