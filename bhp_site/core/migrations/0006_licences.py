from typing import Any

from django.db import migrations, models

import bhp_site.core.licences

# What editors may have written about a licence, in small letters without spaces and punctuation.
CODES = {
    "ccby": "cc-by-4.0",
    "ccby40": "cc-by-4.0",
    "ccbysa": "cc-by-sa-4.0",
    "ccbysa40": "cc-by-sa-4.0",
    "ccbync": "cc-by-nc-4.0",
    "ccbync40": "cc-by-nc-4.0",
    "ccbyncnd": "cc-by-nc-nd-4.0",
    "ccbyncnd40": "cc-by-nc-nd-4.0",
    "cc0": "cc0-1.0",
    "cc010": "cc0-1.0",
    "ogl": "ogl-3.0",
    "oglv30": "ogl-3.0",
    "ogl30": "ogl-3.0",
    "opengovernmentlicencev30": "ogl-3.0",
    "mit": "mit",
}


def choose_licences(apps: Any, schema_editor: Any) -> None:
    """Choose the licence that an image's text names; reserve all rights for any other text.

    A text such as “Permission by e-mail” must not become the licence of the site.
    """
    images = apps.get_model("core.SiteImage").objects
    for pk, text in images.exclude(permission="").values_list("pk", "permission"):
        key = "".join(character for character in text.lower() if character.isalnum())
        images.filter(pk=pk).update(licence=CODES.get(key, "reserved"))


class Migration(migrations.Migration):
    dependencies = [("core", "0005_page_updates")]

    operations = [
        migrations.RenameField("siteimage", "licence", "permission"),
        migrations.AlterField(
            model_name="siteimage",
            name="permission",
            field=models.CharField(
                blank=True,
                help_text="How you know that you may use the image, for example “Permission by e-mail, 12 March 2025”. Only editors see it.",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="siteimage",
            name="licence",
            field=bhp_site.core.licences.LicenceField(
                blank=True,
                choices=bhp_site.core.licences.list_own_choices,
                db_default="",
                default="",
                help_text="What others may do with it. Visitors and search engines see the licence.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="licence",
            field=models.CharField(
                blank=True,
                choices=bhp_site.core.licences.list_default_choices,
                db_default="reserved",
                default="reserved",
                help_text="Applies to every report, document and image that has no licence of its own.",
                max_length=20,
                verbose_name="licence of the site’s content",
            ),
        ),
        migrations.RunPython(choose_licences, migrations.RunPython.noop),
    ]
