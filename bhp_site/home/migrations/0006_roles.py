"""Rename the group “Editors” to “Writers”, and add the group “Analysts”.

The roles are described in `bhp_site/core/roles.py`.
"""

from typing import Any

from django.db import migrations

OLD_NAME, NEW_NAME = "Editors", "Writers"
ANALYSTS = "Analysts"
# App label, model, codename, name
ANALYST_PERMISSIONS = [
    ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
    ("alerts", "alert", "view_alert", "Can view alert"),
    ("files", "downloadcount", "view_downloadcount", "Can view download count"),
]


def convert_groups(apps: Any, schema_editor: Any) -> None:
    """Rename the writers' group unless that name is taken, and add the analysts' group."""
    groups = apps.get_model("auth.Group").objects
    if not groups.filter(name=NEW_NAME).exists():
        groups.filter(name=OLD_NAME).update(name=NEW_NAME)
    group, created = groups.get_or_create(name=ANALYSTS)
    # An administrator may have made a group of this name, with permissions of its own.
    for app_label, model, codename, name in ANALYST_PERMISSIONS if created else ():
        content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(
            app_label=app_label, model=model
        )
        permission, _ = apps.get_model("auth.Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def restore_groups(apps: Any, schema_editor: Any) -> None:
    """Give the writers' group its earlier name, and remove the analysts' group."""
    groups = apps.get_model("auth.Group").objects
    groups.filter(name=ANALYSTS).delete()
    if not groups.filter(name=OLD_NAME).exists():
        groups.filter(name=NEW_NAME).update(name=OLD_NAME)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0005_permissions_for_funders"),
        ("alerts", "0001_initial"),
        ("files", "0003_document_licence"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(convert_groups, restore_groups)]
