"""Editors write and submit, Publishers publish; a workflow stands between them."""

from typing import Any

from django.db import migrations

# Group → model → permissions beside those Wagtail gives for pages, pictures and files.
ALLOWED = {
    "Editors": {("partners", "person"): ("view", "add", "change")},
    "Publishers": {
        ("partners", "person"): ("view", "add", "change", "delete"),
        ("core", "sitesettings"): ("change",),
        ("house_style", "housestylesettings"): ("change",),
        ("files", "documentversion"): ("withdraw",),
        ("files", "formeraddress"): ("view", "add", "change", "delete"),
        ("wagtailredirects", "redirect"): ("view", "add", "change", "delete"),
    },
}
# Wagtail's own names and ours. The editor's button reads “Submit to” and the workflow's name.
DEFAULT_NAME = "Moderators approval"
NAMES = {"Workflow": "Publishers", "Task": "Approval by a publisher"}


def permission(apps: Any, label: str, model: str, action: str) -> Any:
    # Django makes permissions after all migrations have run; these are needed now.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=label, model=model
    )
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=f"{action}_{model}",
        defaults={"name": f"Can {action} {model}"},
    )
    return found


def make(apps: Any, schema_editor: Any) -> None:
    Group = apps.get_model("auth", "Group")
    Group.objects.filter(name="Moderators").update(name="Publishers")
    for name, models in ALLOWED.items():
        group = Group.objects.get(name=name)
        for (label, model), actions in models.items():
            group.permissions.add(*(permission(apps, label, model, action) for action in actions))
    for model, name in NAMES.items():
        apps.get_model("wagtailcore", model).objects.filter(name=DEFAULT_NAME).update(name=name)


def unmake(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name="Publishers").update(name="Moderators")
    for model, name in NAMES.items():
        apps.get_model("wagtailcore", model).objects.filter(name=name).update(name=DEFAULT_NAME)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        # These give Wagtail's own groups their permissions, by name.
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(make, unmake)]
