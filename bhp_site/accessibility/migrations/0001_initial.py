import datetime

import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import bhp_site.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessibilityStatementPage",
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
                (
                    "intro",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="What everybody should be able to do on this site, for example enlarge the text or use a keyboard alone.",
                        verbose_name="what people can do",
                    ),
                ),
                (
                    "scope",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="The statement names this site and who runs it. Add, for example, a part that has a statement of its own.",
                        verbose_name="what else to say of its scope",
                    ),
                ),
                (
                    "not_compliant",
                    models.BooleanField(
                        default=False,
                        help_text="The statement then says “not compliant”. Otherwise it says “partially compliant” while it lists any problem.",
                        verbose_name="most requirements are not met",
                    ),
                ),
                (
                    "problems",
                    bhp_site.core.fields.ContentStreamField(
                        blank=True,
                        help_text="What you know of besides the files, which are listed by themselves.",
                    ),
                ),
                (
                    "contact",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="Telephone, postal address, British Sign Language. The e-mail address of the site settings is shown anyway.",
                        verbose_name="how to reach us",
                    ),
                ),
                (
                    "improving",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="What is planned, and by when.",
                        verbose_name="what we do to improve",
                    ),
                ),
                (
                    "testing",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="Who tested which pages, in which way and with what. The law asks for it.",
                        verbose_name="how it was tested",
                    ),
                ),
                ("tested_on", models.DateField(blank=True, null=True, verbose_name="last tested")),
                (
                    "prepared_on",
                    models.DateField(default=datetime.date.today, verbose_name="first prepared"),
                ),
            ],
            options={
                "verbose_name": "accessibility statement",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("documents", models.JSONField(default=list, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
    ]
