"""Images and site settings, which refer to Wagtail's tables, which refer to accounts."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import modelsearch.index
import taggit.managers
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models

import bhp_site.core.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                (
                    "file",
                    wagtail.images.models.WagtailImageField(
                        height_field="height",
                        upload_to=wagtail.images.models.get_upload_to,
                        verbose_name="file",
                        width_field="width",
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True, default="", max_length=255, verbose_name="description"
                    ),
                ),
                ("width", models.IntegerField(editable=False, verbose_name="width")),
                ("height", models.IntegerField(editable=False, verbose_name="height")),
                (
                    "created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="created at"
                    ),
                ),
                ("focal_point_x", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_y", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_width", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_height", models.PositiveIntegerField(blank=True, null=True)),
                ("file_size", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "file_hash",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=40),
                ),
                (
                    "credit",
                    models.CharField(
                        blank=True,
                        help_text="Who made it, as it should appear below the picture, for example “Jo Bloggs, University of Birmingham”.",
                        max_length=200,
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        help_text="What allows us to use it, for example “CC BY 4.0” or “Permission by e-mail, 12 March 2025”.",
                        max_length=200,
                    ),
                ),
                ("sizes", models.JSONField(default=dict, editable=False)),
                (
                    "collection",
                    models.ForeignKey(
                        default=wagtail.models.media.get_root_collection_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.collection",
                        verbose_name="collection",
                    ),
                ),
                (
                    "tags",
                    taggit.managers.TaggableManager(
                        blank=True,
                        help_text=None,
                        through="taggit.TaggedItem",
                        to="taggit.Tag",
                        verbose_name="tags",
                    ),
                ),
                (
                    "uploaded_by_user",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by user",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "permissions": [("publish_siteimage", "Can change public images")],
                "abstract": False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="SiteRendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("filter_spec", models.CharField(db_index=True, max_length=255)),
                (
                    "file",
                    wagtail.images.models.WagtailImageField(
                        height_field="height",
                        storage=wagtail.images.models.get_rendition_storage,
                        upload_to=wagtail.images.models.get_rendition_upload_to,
                        width_field="width",
                    ),
                ),
                ("width", models.IntegerField(editable=False)),
                ("height", models.IntegerField(editable=False)),
                (
                    "focal_point_key",
                    models.CharField(blank=True, default="", editable=False, max_length=16),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renditions",
                        to="core.siteimage",
                    ),
                ),
            ],
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(default="Birmingham Health Partners", max_length=100)),
                ("short_name", models.CharField(default="BHP", max_length=20)),
                (
                    "strapline",
                    models.CharField(
                        blank=True,
                        help_text="One sentence for the footer and for search engines: who we are and what for.",
                        max_length=250,
                    ),
                ),
                (
                    "about",
                    models.TextField(
                        blank=True,
                        help_text="Closes every announcement, below “About Birmingham Health Partners”. A blank line starts a new paragraph.",
                        verbose_name="about text",
                    ),
                ),
                (
                    "address",
                    models.TextField(blank=True, help_text="Postal address, one line each."),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="general e-mail"),
                ),
                (
                    "access_email",
                    models.EmailField(
                        blank=True,
                        help_text="Who hears when somebody asks for an accessible copy or reports a problem, for example access@example.org. Left empty, it is the general e-mail.",
                        max_length=254,
                        verbose_name="accessibility e-mail",
                    ),
                ),
                (
                    "press_name",
                    models.CharField(
                        blank=True,
                        help_text="For example “Press office”.",
                        max_length=100,
                        verbose_name="press contact",
                    ),
                ),
                (
                    "press_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="press e-mail"),
                ),
                (
                    "press_phone",
                    models.CharField(blank=True, max_length=40, verbose_name="press telephone"),
                ),
                (
                    "links",
                    models.TextField(
                        blank=True,
                        help_text="Further links for the footer, one a line: words, then the address. For example: LinkedIn https://www.linkedin.com/company/example",
                    ),
                ),
                (
                    "footer_note",
                    models.CharField(
                        blank=True, help_text="The last line of every page.", max_length=250
                    ),
                ),
                (
                    "security_contact",
                    models.EmailField(
                        blank=True,
                        help_text="Who hears of security problems; published in security.txt.",
                        max_length=254,
                    ),
                ),
                (
                    "feed_authority",
                    models.CharField(
                        default=bhp_site.core.models.make_tag_authority,
                        editable=False,
                        max_length=260,
                    ),
                ),
                (
                    "is_demonstration",
                    models.BooleanField(
                        default=False,
                        help_text="Says so in the footer of every page, and asks search engines to stay away.",
                        verbose_name="demonstration site",
                    ),
                ),
                (
                    "public_collections",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Files and pictures in these collections are public, though no page shows them.",
                        related_name="+",
                        to="wagtailcore.collection",
                    ),
                ),
                (
                    "share_image",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown where somebody shares a page that has no picture of its own.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.siteimage",
                    ),
                ),
                (
                    "site",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="wagtailcore.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "site settings",
            },
        ),
        migrations.AddConstraint(
            model_name="siterendition",
            constraint=models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="one_rendition_per_filter"
            ),
        ),
    ]
