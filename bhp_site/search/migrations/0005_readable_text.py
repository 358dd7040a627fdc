"""Entries hold text that is shown: the scheduler writes those anew that are missing."""

from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    apps.get_model("search", "Entry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0004_chapters")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
