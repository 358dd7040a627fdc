"""All schedules are in UK time, so no account keeps a time zone of its own."""

from typing import Any

from django.db import migrations


def forget_time_zones(apps: Any, schema_editor: Any) -> None:
    apps.get_model("wagtailusers", "UserProfile").objects.update(current_time_zone="")


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0001_blocked_release"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations = [migrations.RunPython(forget_time_zones, migrations.RunPython.noop)]
