import django.db.models.deletion
import django.utils.timezone
import modelsearch.index
import taggit.managers
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models

import bhp_site.files.facts


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_images_and_settings"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        storage=bhp_site.files.facts.documents_storage, upload_to="documents"
                    ),
                ),
                ("file_size", models.PositiveBigIntegerField(editable=False, null=True)),
                ("sha256", models.CharField(db_index=True, editable=False, max_length=64)),
                ("pages", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "pdf_title",
                    models.CharField(
                        blank=True, editable=False, max_length=255, verbose_name="title in the file"
                    ),
                ),
                (
                    "is_tagged",
                    models.BooleanField(editable=False, null=True, verbose_name="tagged"),
                ),
                (
                    "has_text",
                    models.BooleanField(editable=False, null=True, verbose_name="has a text layer"),
                ),
                ("findings", models.JSONField(default=list, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("note", models.CharField(blank=True, max_length=250)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("accessibility_reason", models.CharField(blank=True, max_length=250)),
                ("published_date", models.DateField(blank=True, null=True)),
                (
                    "published_precision",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month"), ("year", "Year")],
                        default="day",
                        max_length=5,
                    ),
                ),
                ("public_at", models.DateTimeField(editable=False, null=True)),
                ("changes", models.JSONField(editable=False, null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=250)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "permissions": [("withdraw_documentversion", "Can withdraw a version of a file")],
            },
        ),
        migrations.CreateModel(
            name="Extraction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("done", "Searchable"), ("failed", "Not searchable")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=250)),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extraction",
                        to="files.documentversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SiteDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("file_hash", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "file",
                    models.FileField(
                        storage=bhp_site.files.facts.documents_storage, upload_to="documents"
                    ),
                ),
                ("file_size", models.PositiveBigIntegerField(editable=False, null=True)),
                ("sha256", models.CharField(db_index=True, editable=False, max_length=64)),
                ("pages", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "pdf_title",
                    models.CharField(
                        blank=True, editable=False, max_length=255, verbose_name="title in the file"
                    ),
                ),
                (
                    "is_tagged",
                    models.BooleanField(editable=False, null=True, verbose_name="tagged"),
                ),
                (
                    "has_text",
                    models.BooleanField(editable=False, null=True, verbose_name="has a text layer"),
                ),
                ("findings", models.JSONField(default=list, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="The permanent address is /documents/ and this. Left empty, it is made from the title. An address it had before keeps leading here.",
                        max_length=120,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                (
                    "easy_read",
                    models.BooleanField(
                        default=False,
                        help_text="Plain words and pictures, for easy reading.",
                        verbose_name="easy-read version",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="Read from the file where it says so; for example “en” or “cy”.",
                        max_length=20,
                    ),
                ),
                (
                    "accessibility_reason",
                    models.CharField(
                        blank=True,
                        help_text="Why it is offered although some people cannot use it, for example “Printed in 2012; the original is lost”. Shown in the accessibility statement.",
                        max_length=250,
                        verbose_name="reason for offering it",
                    ),
                ),
                ("outline", models.JSONField(default=list, editable=False)),
                ("version_number", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("withdrawn_reason", models.CharField(blank=True, editable=False, max_length=250)),
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
                    "cover",
                    models.ForeignKey(
                        blank=True,
                        help_text="Page 1, unless you choose another picture.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.siteimage",
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
                "verbose_name": "file",
                "verbose_name_plural": "files",
                "permissions": [("publish_sitedocument", "Can change public documents")],
                "abstract": False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("values", models.JSONField(default=dict)),
                ("file", models.FileField(blank=True, upload_to="proposals")),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("findings", models.JSONField(default=list)),
                ("pages", models.PositiveIntegerField(null=True)),
                ("version_number", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a publisher"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("cancelled", "Taken back"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                ("comment", models.CharField(blank=True, max_length=500)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="core.siteimage",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="files.sitedocument",
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "path",
                    models.CharField(
                        help_text="From the first slash on, for example /wp-content/uploads/2022/11/report.pdf.",
                        max_length=255,
                        unique=True,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_addresses",
                        to="files.sitedocument",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "old address",
                "verbose_name_plural": "old addresses",
                "ordering": ["path"],
            },
        ),
        migrations.AddField(
            model_name="documentversion",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="files.sitedocument",
            ),
        ),
        migrations.CreateModel(
            name="DownloadCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("downloads", models.PositiveIntegerField(default=0)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="download_counts",
                        to="files.documentversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-day"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "day"), name="one_count_per_version_and_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PageText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="files.documentversion",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "number"), name="one_text_per_page")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="sitedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256", ""), _negated=True), name="sha256_is_set"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document", None), ("image__isnull", False)),
                    models.Q(("document__isnull", False), ("image", None)),
                    _connector="OR",
                ),
                name="proposal_is_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(
                fields=("document", "number"), name="one_version_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256", ""), _negated=True), name="version_sha256_is_set"
            ),
        ),
    ]
