import django.db.models.deletion
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models

import bhp_site.core.admin.name_usage


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="ThemeIndexPage",
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
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="ThemePage",
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
                    "kind",
                    models.CharField(
                        choices=[("priority", "Priority"), ("theme", "Theme")],
                        default="theme",
                        max_length=10,
                    ),
                ),
                (
                    "summary",
                    models.CharField(blank=True, help_text="What it is about.", max_length=250),
                ),
                (
                    "retired",
                    models.DateField(
                        blank=True,
                        help_text="When it ceased to be one. What was tagged with it stays so.",
                        null=True,
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
            },
            bases=(bhp_site.core.admin.name_usage.HasUsage, "wagtailcore.page"),
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("name", models.CharField(max_length=150)),
                ("slug", models.SlugField(editable=False, max_length=150)),
                (
                    "theme",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_names",
                        to="themes.themepage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
    ]
