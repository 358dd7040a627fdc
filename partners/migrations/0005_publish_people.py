"""Publishers publish people; who is there already has been public."""

from typing import Any

from django.db import migrations
from django.utils import timezone

# Group → what it may do beside viewing, adding and changing people.
ALLOWED = {"Publishers": ("publish", "lock", "unlock")}
WORKFLOW = "Publishers"


def allow(apps: Any, schema_editor: Any) -> None:
    """Let publishers publish people, and have editors submit them to publishers."""
    # Django makes permissions after all migrations have run; these are needed now.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="partners", model="person"
    )
    for name, actions in ALLOWED.items():
        group = apps.get_model("auth", "Group").objects.filter(name=name).first()
        for action in actions if group else ():
            permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_person",
                defaults={"name": f"Can {action} person"},
            )
            group.permissions.add(permission)
    workflow = apps.get_model("wagtailcore", "Workflow").objects.filter(name=WORKFLOW).first()
    if workflow:
        apps.get_model("wagtailcore", "WorkflowContentType").objects.get_or_create(
            content_type=content_type, defaults={"workflow": workflow}
        )


def keep_public(apps: Any, schema_editor: Any) -> None:
    """Note that whoever is there has been public: a later draft must not show through."""
    people = apps.get_model("partners", "Person").objects.filter(first_published_at=None)
    now = timezone.now()
    people.update(live=True, first_published_at=now, last_published_at=now)


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0004_people_as_drafts"),
        ("home", "0002_groups"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunPython(keep_public, migrations.RunPython.noop),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
