import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import bhp_site.enquiries.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=bhp_site.enquiries.models.generate_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("copy", "Accessible copy"), ("problem", "Accessibility problem")],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="received"
                    ),
                ),
                ("due", models.DateField(blank=True, editable=False, verbose_name="answer due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("under-way", "Under way"),
                            ("answered", "Answered"),
                            ("closed", "Closed without an answer"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("purged_at", models.DateTimeField(editable=False, null=True)),
                ("document_title", models.CharField(blank=True, editable=False, max_length=255)),
                ("version_number", models.PositiveSmallIntegerField(editable=False, null=True)),
                (
                    "format",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("large-print", "Large print"),
                            ("easy-read", "Easy read"),
                            ("braille", "Braille"),
                            ("audio", "Audio"),
                            ("language", "Another language"),
                            ("other", "Another format"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("page", models.CharField(blank=True, editable=False, max_length=500)),
                ("name", models.CharField(blank=True, editable=False, max_length=100)),
                ("email", models.EmailField(blank=True, editable=False, max_length=254)),
                ("details", models.CharField(blank=True, editable=False, max_length=250)),
                ("message", models.TextField(blank=True, editable=False)),
                ("tools", models.CharField(blank=True, editable=False, max_length=250)),
                (
                    "fingerprint",
                    models.CharField(editable=False, max_length=64, null=True, unique=True),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="files.sitedocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "request",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="EnquiryEmail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("to", models.EmailField(max_length=254)),
                ("reply_to", models.EmailField(blank=True, max_length=254)),
                ("subject", models.CharField(max_length=150)),
                ("text", models.TextField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=250)),
                ("is_given_up", models.BooleanField(default=False)),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emails",
                        to="enquiries.enquiry",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AccessibleCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version_number", models.PositiveSmallIntegerField(editable=False)),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("large-print", "Large print"),
                            ("easy-read", "Easy read"),
                            ("braille", "Braille"),
                            ("audio", "Audio"),
                            ("language", "Another language"),
                            ("other", "Another format"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        help_text="What visitors read in place of the format, for example “Polish” or “Large print, 18 point”.",
                        max_length=60,
                        verbose_name="called",
                    ),
                ),
                (
                    "copy",
                    models.ForeignKey(
                        help_text="Offered below the original, wherever that is, and public exactly while it is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copy_of",
                        to="files.sitedocument",
                        verbose_name="file",
                    ),
                ),
                (
                    "original",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accessible_copies",
                        to="files.sitedocument",
                    ),
                ),
                (
                    "enquiry",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="copies",
                        to="enquiries.enquiry",
                    ),
                ),
            ],
            options={
                "verbose_name": "accessible copy",
                "verbose_name_plural": "accessible copies",
                "ordering": ["format", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(fields=["closed_at", "due"], name="enquiry_closed_at_due"),
        ),
        migrations.AddConstraint(
            model_name="accessiblecopy",
            constraint=models.UniqueConstraint(
                fields=("original", "copy"), name="one_copy_per_original"
            ),
        ),
        migrations.AddConstraint(
            model_name="accessiblecopy",
            constraint=models.CheckConstraint(
                condition=models.Q(("original", models.F("copy")), _negated=True),
                name="no_copy_of_itself",
            ),
        ),
    ]
