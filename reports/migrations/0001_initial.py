import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
import modelsearch.index
from django.conf import settings
from django.db import migrations, models

import bhp_site.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_images_and_settings"),
        ("files", "0001_initial"),
        ("partners", "0001_initial"),
        ("themes", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportIndexPage",
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
            name="ReportSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="For example “Reports of activity”.", max_length=120, unique=True
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="/reports/latest/ and this always leads to the latest report.",
                        max_length=120,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "series of reports",
                "ordering": ["name"],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="ReportPage",
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
                        choices=[
                            ("activity", "Activity report"),
                            ("policy", "Policy report"),
                            ("strategy", "Strategy"),
                            ("research", "Research report"),
                        ],
                        default="activity",
                        max_length=20,
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        help_text="One or two sentences: who reports what, for which period.",
                        max_length=350,
                    ),
                ),
                (
                    "period_start",
                    models.DateField(
                        blank=True,
                        help_text="First day covered; only month and year are shown.",
                        null=True,
                    ),
                ),
                (
                    "period_end",
                    models.DateField(blank=True, help_text="Last day covered.", null=True),
                ),
                (
                    "date",
                    models.DateField(default=datetime.date.today, verbose_name="published"),
                ),
                (
                    "date_precision",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month"), ("year", "Year")],
                        default="day",
                        help_text="Where only the month or the year is known, give its first day.",
                        max_length=5,
                        verbose_name="how exact is this date",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("cy", "Welsh"),
                            ("ur", "Urdu"),
                            ("pa", "Punjabi"),
                            ("pl", "Polish"),
                        ],
                        default="en",
                        max_length=5,
                    ),
                ),
                (
                    "highlights",
                    bhp_site.core.fields.ContentStreamField(
                        blank=True, help_text="“At a glance”: three work best, six at most."
                    ),
                ),
                ("body", bhp_site.core.fields.ContentStreamField(blank=True)),
                (
                    "contents",
                    models.TextField(
                        blank=True,
                        help_text="Left empty, the bookmarks of the PDF are shown. To change them: one line for each part, its page number first, for example “12 Health data”.",
                    ),
                ),
                (
                    "authors",
                    models.TextField(
                        blank=True,
                        help_text="Only where it is not the partnership’s own: one a line, people as “Smith, Jo”, organisations by their name.",
                    ),
                ),
                ("report_number", models.CharField(blank=True, max_length=50)),
                ("isbn", models.CharField(blank=True, max_length=25, verbose_name="ISBN")),
                (
                    "doi",
                    models.CharField(
                        blank=True,
                        help_text="Its address may be pasted here too.",
                        max_length=150,
                        verbose_name="DOI",
                    ),
                ),
                (
                    "cover",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only where page 1 of the first file will not do.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.siteimage",
                    ),
                ),
                (
                    "partners",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, related_name="reports", to="partners.partnerpage"
                    ),
                ),
                (
                    "themes",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, related_name="reports", to="themes.themepage"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        help_text="The page then leads to the reports before and after it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="reports.reportseries",
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="ReportDownload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        help_text="What visitors download. Left empty, the file’s title is used; format and size are added for you.",
                        max_length=120,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.sitedocument",
                        verbose_name="file",
                    ),
                ),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="downloads",
                        to="reports.reportpage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Chapter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("title", models.CharField(max_length=150)),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="Left empty, it is made from the title, and then kept: people link to it.",
                        max_length=100,
                        verbose_name="address",
                    ),
                ),
                (
                    "page",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Where the chapter begins, for example 12. The page is shown beside the text.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="page of the PDF",
                    ),
                ),
                ("body", bhp_site.core.fields.ContentStreamField(blank=True)),
                (
                    "footnotes",
                    models.TextField(
                        blank=True,
                        help_text="One a line, its number first, for example “3 Our register, March 2025”. Write [3] in the text: it leads to the footnote, which leads back.",
                    ),
                ),
                (
                    "report",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chapters",
                        to="reports.reportpage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DraftingJob",
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
                        choices=[
                            ("waiting", "Waiting to start"),
                            ("running", "Drafting"),
                            ("done", "Finished"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reported_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                ("images", models.PositiveIntegerField(default=0)),
                ("images_saved", models.PositiveIntegerField(default=0)),
                ("message", models.CharField(blank=True, max_length=500)),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="files.documentversion",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafting_jobs",
                        to="reports.reportpage",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=("report",),
                        name="one_active_drafting_job_per_report",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="reportpage",
            index=models.Index(fields=["date", "page_ptr"], name="reports_by_date"),
        ),
    ]
