"""Let publishers send releases under embargo."""

from typing import Any

from django.db import migrations


def allow_publishers(apps: Any, schema_editor: Any) -> None:
    """Give the group “Publishers”, if it still has that name, the permission to send releases."""
    group = apps.get_model("auth.Group").objects.filter(name="Publishers").first()
    if group is None:
        return
    content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label="press", model="releaserecipient"
    )
    permission, _ = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type,
        codename="send_under_embargo",
        defaults={"name": "Can send releases under embargo"},
    )
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("press", "0003_releases_under_embargo")]

    operations = [migrations.RunPython(allow_publishers, migrations.RunPython.noop)]
