"""Groups that publish pages may change public documents and images, where they edit them."""

from typing import Any

from django.db import migrations

# Model of the permission → the permissions of Wagtail that show where a group edits.
EDITED_BY = {
    ("files", "sitedocument"): ("wagtaildocs", ("add_document", "change_document")),
    ("core", "siteimage"): ("wagtailimages", ("add_image", "change_image")),
}
NAMES = {"sitedocument": "Can change public documents", "siteimage": "Can change public images"}


def permission(apps: Any, label: str, model: str) -> Any:
    # Django makes permissions after all migrations have run; these are needed now.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=label, model=model
    )
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=f"publish_{model}", defaults={"name": NAMES[model]}
    )
    return found


def give(apps: Any, schema_editor: Any) -> None:
    pages = apps.get_model("wagtailcore", "GroupPagePermission").objects
    collections = apps.get_model("wagtailcore", "GroupCollectionPermission").objects
    groups = set(pages.filter(permission__codename="publish_page").values_list("group", flat=True))
    for (label, model), (app, codenames) in EDITED_BY.items():
        publish = permission(apps, label, model)
        edited = collections.filter(
            group__in=groups,
            permission__content_type__app_label=app,
            permission__codename__in=codenames,
        )
        for group, collection in set(edited.values_list("group", "collection")):
            collections.get_or_create(group_id=group, collection_id=collection, permission=publish)


def take(apps: Any, schema_editor: Any) -> None:
    apps.get_model("wagtailcore", "GroupCollectionPermission").objects.filter(
        permission__codename__in=[f"publish_{model}" for model in NAMES]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0003_review_by"),
        ("core", "0006_publish_permission"),
        ("files", "0006_proposals"),
    ]

    operations = [migrations.RunPython(give, take)]
