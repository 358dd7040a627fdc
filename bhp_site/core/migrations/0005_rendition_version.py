from django.db import migrations, models


class Migration(migrations.Migration):
    """Mark the renditions made so far as outdated, so that the scheduler replaces them."""

    dependencies = [("core", "0004_convert_aliases")]

    operations = [
        migrations.AddField(
            model_name="siterendition",
            name="version",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="siterendition",
            name="version",
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
    ]
