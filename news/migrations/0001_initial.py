import datetime

import django.db.models.deletion
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models

import bhp_site.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_images_and_settings"),
        ("files", "0001_initial"),
        ("partners", "0001_initial"),
        ("reports", "0001_initial"),
        ("themes", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="NewsIndexPage",
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
            name="QuoteIndexPage",
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
            name="NewsPage",
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
                ("date", models.DateField(default=datetime.date.today)),
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("announcement", "Announcement"),
                            ("partnership", "Partnership"),
                            ("membership", "Membership"),
                            ("award", "Award"),
                            ("funding", "Funding"),
                            ("people", "People"),
                            ("call", "Call"),
                        ],
                        default="announcement",
                        max_length=20,
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        help_text="One sentence that says who did what, for example “BHP has published its first report of activity, for September 2020 to August 2022”.",
                        max_length=350,
                    ),
                ),
                ("body", bhp_site.core.fields.ContentStreamField(blank=True)),
                ("partner_names", models.JSONField(default=dict, editable=False)),
                (
                    "publish_partners",
                    models.BooleanField(
                        default=False,
                        help_text="The pages of the partners ticked above that have never been public are published together with this page, or none of them is.",
                        verbose_name="publish draft partner pages too",
                    ),
                ),
                (
                    "partners",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, related_name="news", to="partners.partnerpage"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        help_text="The report this announces. If it is still a draft it is published together with this page; its files are offered here too.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="announcements",
                        to="reports.reportpage",
                    ),
                ),
                (
                    "themes",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, related_name="news", to="themes.themepage"
                    ),
                ),
            ],
            options={
                "verbose_name": "news item",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="NewsDownload",
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
                        to="news.newspage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="QuotePage",
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
                ("block_id", models.UUIDField(editable=False)),
                ("name", models.CharField(max_length=150)),
                ("role", models.CharField(blank=True, max_length=120)),
                ("organisation", models.CharField(blank=True, max_length=150)),
                (
                    "words",
                    models.TextField(help_text="Paragraphs parted by a blank line, without marks."),
                ),
                ("withdrawn", models.BooleanField(default=False, editable=False)),
                ("date", models.DateField(default=datetime.date.today)),
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
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="quotes",
                        to="partners.partnerpage",
                    ),
                ),
                (
                    "portrait",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.siteimage",
                    ),
                ),
                (
                    "speaker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="quotes",
                        to="partners.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "quote",
                "ordering": ["path"],
            },
            bases=("wagtailcore.page",),
        ),
        migrations.AddIndex(
            model_name="newspage",
            index=models.Index(fields=["date", "page_ptr"], name="news_by_date"),
        ),
        migrations.AddIndex(
            model_name="quotepage",
            index=models.Index(fields=["date", "page_ptr"], name="quotes_by_date"),
        ),
    ]
