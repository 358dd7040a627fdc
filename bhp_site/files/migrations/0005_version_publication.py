from typing import Any

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def fill_versions(apps: Any, schema_editor: Any) -> None:
    """Give each reason to the version it was given for, and old versions a day they were public."""
    version_model = apps.get_model("files", "DocumentVersion")
    document_model = apps.get_model("files", "SiteDocument")
    version_model.objects.update(public_at=F("created_at"))
    document = document_model.objects.filter(pk=OuterRef("document"))
    current = version_model.objects.annotate(
        current=Subquery(document.values("version_number")[:1])
    ).filter(number=F("current"))
    reasons = document_model.objects.exclude(accessibility_reason="")
    for pk, reason in reasons.values_list("pk", "accessibility_reason"):
        current.filter(document=pk).update(accessibility_reason=reason)


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0004_reason_is_shown"),
    ]

    operations = [
        migrations.AddField(
            model_name="documentversion",
            name="accessibility_reason",
            field=models.CharField(blank=True, max_length=250),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="changes",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="public_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="published_date",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="documentversion",
            name="published_precision",
            field=models.CharField(
                choices=[("day", "Day"), ("month", "Month"), ("year", "Year")],
                default="day",
                max_length=5,
            ),
        ),
        migrations.RunPython(fill_versions, migrations.RunPython.noop, elidable=True),
    ]
