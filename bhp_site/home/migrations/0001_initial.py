"""Pages of the home app, and what the groups of a new site may do.

This app stands above all others, so their permissions are given here, in one table.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bhp_site.core.fields

# Group → model → actions, in addition to the permissions that Wagtail's own migrations give for
# pages, images and documents.
PERMISSIONS = {
    "Editors": {
        "enquiries.enquiry": ["view", "change"],
        "partners.person": ["view", "add", "change"],
        # A series is public by its name, so an editor cannot change one.
        "reports.reportseries": ["view", "add"],
    },
    "Publishers": {
        "accessibility.confirmation": ["add"],
        "content_audit.contentauditsettings": ["change"],
        "core.sitesettings": ["change"],
        "enquiries.accessiblecopy": ["view", "add", "change", "delete"],
        "enquiries.enquiry": ["view", "change", "delete"],
        "files.documentversion": ["withdraw"],
        "files.formeraddress": ["view", "add", "change", "delete"],
        "house_style.housestylesettings": ["change"],
        "partners.person": ["view", "add", "change", "delete", "publish", "lock", "unlock"],
        "reports.reportseries": ["view", "add", "change", "delete"],
        "wagtailredirects.redirect": ["view", "add", "change", "delete"],
        "wagtailsearchpromotions.searchpromotion": ["view", "add", "change", "delete"],
    },
}
# Models in collections whose public rows publishers may change, in every collection.
PUBLISHED_IN_COLLECTIONS = ["core.siteimage", "files.sitedocument"]
# Wagtail's names and ours: the editor's button reads “Submit to” and the workflow's name.
WAGTAIL_GROUP, GROUP = "Moderators", "Publishers"
WAGTAIL_WORKFLOW = "Moderators approval"
NAMES = {"Workflow": "Publishers", "Task": "Approval by a publisher"}


def rename(apps: Any, model: str, old: str, new: str) -> None:
    """Rename the rows of the model `model` that are called `old`."""
    apps.get_model(model).objects.filter(name=old).update(name=new)


def get_permission(apps: Any, model_label: str, action: str) -> Any:
    """Return the permission for `action` on the model with this label, created if missing.

    Django and Wagtail create permissions after all migrations have run; these are needed now.
    """
    options = apps.get_model(model_label)._meta
    codename = f"{action}_{options.model_name}"
    default_name = f"Can {action} {options.verbose_name}"
    content_type, _ = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        app_label=options.app_label, model=options.model_name
    )
    permission, _ = apps.get_model("auth.Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": dict(options.permissions).get(codename, default_name)},
    )
    return permission


def set_up_groups(apps: Any, schema_editor: Any) -> None:
    """Turn Wagtail's “Moderators” into publishers, and give both groups their permissions."""
    rename(apps, "auth.Group", WAGTAIL_GROUP, GROUP)
    for model, name in NAMES.items():
        rename(apps, f"wagtailcore.{model}", WAGTAIL_WORKFLOW, name)
    for group_name, permissions in PERMISSIONS.items():
        group = apps.get_model("auth.Group").objects.get(name=group_name)
        for model, actions in permissions.items():
            group.permissions.add(*(get_permission(apps, model, action) for action in actions))
    publishers = apps.get_model("auth.Group").objects.get(name=GROUP)
    root = apps.get_model("wagtailcore.Collection").objects.get(depth=1)
    for model in PUBLISHED_IN_COLLECTIONS:
        apps.get_model("wagtailcore.GroupCollectionPermission").objects.create(
            group=publishers, collection=root, permission=get_permission(apps, model, "publish")
        )


def set_up_workflow_of_people(apps: Any, schema_editor: Any) -> None:
    """Have editors submit changes of people to publishers, as they submit pages."""
    apps.get_model("wagtailcore.WorkflowContentType").objects.create(
        content_type=get_permission(apps, "partners.person", "change").content_type,
        workflow=apps.get_model("wagtailcore.Workflow").objects.get(name=NAMES["Workflow"]),
    )


def undo_groups(apps: Any, schema_editor: Any) -> None:
    """Give groups and workflow Wagtail's names again, and take the permissions away."""
    for group_name, permissions in PERMISSIONS.items():
        group = apps.get_model("auth.Group").objects.get(name=group_name)
        for model, actions in permissions.items():
            group.permissions.remove(*(get_permission(apps, model, action) for action in actions))
    apps.get_model("wagtailcore.GroupCollectionPermission").objects.filter(
        permission__in=[
            get_permission(apps, model, "publish") for model in PUBLISHED_IN_COLLECTIONS
        ]
    ).delete()
    rename(apps, "auth.Group", GROUP, WAGTAIL_GROUP)
    for model, name in NAMES.items():
        rename(apps, f"wagtailcore.{model}", name, WAGTAIL_WORKFLOW)


def undo_workflow_of_people(apps: Any, schema_editor: Any) -> None:
    """Have people submitted to nobody."""
    apps.get_model("wagtailcore.WorkflowContentType").objects.filter(
        content_type__app_label="partners", content_type__model="person"
    ).delete()


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accessibility", "0001_initial"),
        ("core", "0002_images_and_settings"),
        ("enquiries", "0001_initial"),
        ("files", "0001_initial"),
        ("house_style", "0001_initial"),
        ("news", "0001_initial"),
        ("partners", "0001_initial"),
        ("reports", "0001_initial"),
        ("content_audit", "0001_initial"),
        # These create Wagtail's groups, their permissions and the workflow.
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtailsearchpromotions", "0008_query_verbose_name"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StandardPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "updated_on",
                    models.DateField(
                        blank=True,
                        help_text="When the page was last changed in substance.",
                        null=True,
                        verbose_name="updated",
                    ),
                ),
                (
                    "updated_reason",
                    models.CharField(
                        blank=True,
                        help_text="What changed, for example “Corrected the figure on page 4”. Shown to visitors.",
                        max_length=250,
                        verbose_name="reason for the update",
                    ),
                ),
                (
                    "review_by",
                    models.DateField(
                        blank=True,
                        help_text="The day on which somebody should see whether the page is still true. Whoever edited it last is reminded by e-mail.",
                        null=True,
                        verbose_name="to be reviewed by",
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True, help_text="One sentence below the heading.", max_length=250
                    ),
                ),
                ("body", bhp_site.core.fields.ContentStreamField(blank=True)),
            ],
            options={
                "verbose_name": "standard page",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="HomePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "updated_on",
                    models.DateField(
                        blank=True,
                        help_text="When the page was last changed in substance.",
                        null=True,
                        verbose_name="updated",
                    ),
                ),
                (
                    "updated_reason",
                    models.CharField(
                        blank=True,
                        help_text="What changed, for example “Corrected the figure on page 4”. Shown to visitors.",
                        max_length=250,
                        verbose_name="reason for the update",
                    ),
                ),
                (
                    "review_by",
                    models.DateField(
                        blank=True,
                        help_text="The day on which somebody should see whether the page is still true. Whoever edited it last is reminded by e-mail.",
                        null=True,
                        verbose_name="to be reviewed by",
                    ),
                ),
                (
                    "hero",
                    models.TextField(
                        default="Birmingham\nHealth\nPartners",
                        help_text="Three short lines work best.",
                        verbose_name="large words",
                    ),
                ),
                (
                    "intro",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences: what we do and what for.",
                        max_length=300,
                    ),
                ),
                (
                    "button_text",
                    models.CharField(
                        default="Read our latest report",
                        help_text="Leads to the latest report.",
                        max_length=40,
                    ),
                ),
                (
                    "about_link_text",
                    models.CharField(default="What the partnership does", max_length=60),
                ),
                (
                    "about_page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        blank=True,
                        help_text="Left empty, the most recent quote is shown.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="news.quotepage",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page",),
        ),
        migrations.RunPython(set_up_groups, undo_groups),
        migrations.RunPython(set_up_workflow_of_people, undo_workflow_of_people),
    ]
