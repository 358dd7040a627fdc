"""Editors add series of reports, and publishers change them: a series is public by its name."""

from typing import Any

from django.db import migrations


def take_away(apps: Any, schema_editor: Any) -> None:
    """Editors may not publish, so they may not rename what stands on public pages."""
    group = apps.get_model("auth", "Group").objects.filter(name="Editors").first()
    if group:
        change = group.permissions.filter(codename="change_reportseries")
        group.permissions.remove(*change)


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_drafting_job"), ("home", "0002_groups")]

    operations = [migrations.RunPython(take_away, migrations.RunPython.noop)]
