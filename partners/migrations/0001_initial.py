import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

import bhp_site.core.admin.name_usage
import bhp_site.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_images_and_settings"),
        ("themes", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerIndexPage",
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
            name="PeoplePage",
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
            name="PartnerPage",
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
                            ("nhs_trust", "NHS trust"),
                            ("university", "University"),
                            ("network", "Health innovation network"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "short_name",
                    models.CharField(
                        blank=True,
                        help_text="What it is called for short, for example “UHB”.",
                        max_length=40,
                    ),
                ),
                ("website", models.URLField(blank=True)),
                (
                    "summary",
                    models.TextField(
                        help_text="One or two sentences: what it is and what it brings.",
                        max_length=300,
                    ),
                ),
                ("story", bhp_site.core.fields.ContentStreamField(blank=True)),
                (
                    "logo_permission",
                    models.CharField(
                        blank=True,
                        help_text="Who allowed us to show the logo, and when. Without this the logo is not shown.",
                        max_length=250,
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.siteimage",
                    ),
                ),
                (
                    "themes",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, related_name="partners", to="themes.themepage"
                    ),
                ),
            ],
            options={
                "verbose_name": "partner",
            },
            bases=(bhp_site.core.admin.name_usage.HasUsage, "wagtailcore.page"),
        ),
        migrations.CreateModel(
            name="OtherName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("name", models.CharField(max_length=255)),
                (
                    "partner",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="partners.partnerpage",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "certainty",
                    models.CharField(
                        blank=True,
                        choices=[("exact", "Exact date"), ("not_sure", "Not sure")],
                        help_text="“Exact date”: enter it once. “Not sure”: enter the first and the last possible day, as far as you know them.",
                        max_length=8,
                        verbose_name="how sure is the date",
                    ),
                ),
                (
                    "earliest",
                    models.DateField(
                        blank=True, help_text="The first day it can have happened.", null=True
                    ),
                ),
                (
                    "latest",
                    models.DateField(
                        blank=True, help_text="The last day it can have happened.", null=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("joined", "Joined"),
                            ("left", "Left"),
                            ("renamed", "Was renamed"),
                            ("merged", "Merged"),
                        ],
                        default="joined",
                        max_length=10,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Where the order is known: 7 for the seventh member to join.",
                        null=True,
                    ),
                ),
                (
                    "former_name",
                    models.CharField(
                        blank=True,
                        help_text="What it was called before, if this changed its name.",
                        max_length=255,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=250)),
                (
                    "partner",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="partners.partnerpage",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has unpublished changes"
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="first published at"
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
                ),
                (
                    "expire_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
                ),
                (
                    "expired",
                    models.BooleanField(default=False, editable=False, verbose_name="expired"),
                ),
                (
                    "locked",
                    models.BooleanField(default=False, editable=False, verbose_name="locked"),
                ),
                (
                    "locked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="locked at"),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Without titles, for example “Ed Smith”.", max_length=100
                    ),
                ),
                (
                    "honorific",
                    models.CharField(
                        blank=True, help_text="For example “Professor” or “Dame”.", max_length=40
                    ),
                ),
                ("biography", models.TextField(blank=True, help_text="Two or three sentences.")),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
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
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["name"],
            },
            bases=(
                bhp_site.core.admin.name_usage.HasUsage,
                wagtail.models.preview.PreviewableMixin,
                modelsearch.index.Indexed,
                models.Model,
            ),
        ),
        migrations.CreateModel(
            name="PersonPage",
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
                ("story", bhp_site.core.fields.ContentStreamField(blank=True)),
                (
                    "person",
                    models.OneToOneField(
                        help_text="Roles, portrait and biography are those of the register.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="page",
                        to="partners.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "start_certainty",
                    models.CharField(
                        blank=True,
                        choices=[("exact", "Exact date"), ("not_sure", "Not sure")],
                        help_text="“Exact date”: enter it once. “Not sure”: enter the first and the last possible day, as far as you know them.",
                        max_length=8,
                        verbose_name="how sure is the beginning",
                    ),
                ),
                (
                    "start_earliest",
                    models.DateField(blank=True, null=True, verbose_name="began, earliest"),
                ),
                (
                    "start_latest",
                    models.DateField(blank=True, null=True, verbose_name="began, latest"),
                ),
                (
                    "end_certainty",
                    models.CharField(
                        blank=True,
                        choices=[("exact", "Exact date"), ("not_sure", "Not sure")],
                        help_text="“Exact date”: enter it once. “Not sure”: enter the first and the last possible day, as far as you know them.",
                        max_length=8,
                        verbose_name="how sure is the end",
                    ),
                ),
                (
                    "end_earliest",
                    models.DateField(blank=True, null=True, verbose_name="ended, earliest"),
                ),
                (
                    "end_latest",
                    models.DateField(blank=True, null=True, verbose_name="ended, latest"),
                ),
                ("title", models.CharField(help_text="For example “Chair”.", max_length=120)),
                (
                    "organisation",
                    models.CharField(
                        blank=True,
                        help_text="Where, if not at a member. Leave both empty for the partnership itself.",
                        max_length=150,
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where, if at a member.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="roles",
                        to="partners.partnerpage",
                    ),
                ),
                (
                    "person",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="partners.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
