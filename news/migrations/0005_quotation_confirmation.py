"""Quotations keep what somebody has confirmed; those of quote pages have British marks."""

from typing import Any

import wagtail.fields
from django.db import migrations

from news.quotations import parse_quotation


def normalise_quotes(apps: Any, schema_editor: Any) -> None:
    """Store the words of quote pages as `QuotePage.take` does: they are shown as they are."""
    QuotePage = apps.get_model("news", "QuotePage")
    for quote in QuotePage.objects.only("pk", "words").iterator():
        words = "\n\n".join(parse_quotation(quote.words).paragraphs)
        if words and words != quote.words:
            QuotePage.objects.filter(pk=quote.pk).update(words=words)


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0004_release_choices"),
    ]

    operations = [
        migrations.AlterField(
            model_name="newspage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("heading", 0),
                    ("paragraph", 1),
                    ("figure", 4),
                    ("download", 7),
                    ("key_figures", 8),
                    ("table", 13),
                    ("video", 17),
                    ("chosen_quote", 18),
                    ("quote", 26),
                ],
                blank=True,
                block_lookup={
                    0: ("bhp_site.core.blocks.HeadingBlock", (), {}),
                    1: ("bhp_site.core.blocks.ParagraphBlock", (), {}),
                    2: ("wagtail.images.blocks.ImageBlock", [], {"label": "Picture"}),
                    3: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Shown below the picture, with its credit.",
                            "max_length": 300,
                            "required": False,
                        },
                    ),
                    4: ("wagtail.blocks.StructBlock", [[("image", 2), ("caption", 3)]], {}),
                    5: ("wagtail.documents.blocks.DocumentChooserBlock", (), {"label": "File"}),
                    6: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "What visitors download, for example “Summary”. Left empty, the file’s title is used. Format and size are added for you.",
                            "max_length": 120,
                            "required": False,
                        },
                    ),
                    7: ("wagtail.blocks.StructBlock", [[("document", 5), ("label", 6)]], {}),
                    8: ("bhp_site.core.blocks.KeyFiguresBlock", (), {}),
                    9: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"help_text": "What the table shows, read out first.", "max_length": 200},
                    ),
                    10: ("wagtail.blocks.CharBlock", (), {"required": False}),
                    11: (
                        "wagtail.contrib.typed_table_block.blocks.TypedTableBlock",
                        [[("text", 10), ("number", 10)]],
                        {},
                    ),
                    12: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {"default": True, "label": "First column names its row", "required": False},
                    ),
                    13: (
                        "wagtail.blocks.StructBlock",
                        [[("caption", 9), ("table", 11), ("row_headers", 12)]],
                        {},
                    ),
                    14: ("wagtail.blocks.CharBlock", (), {"max_length": 150}),
                    15: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {"help_text": "Where the video can be watched.", "label": "Address"},
                    ),
                    16: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Say whether it has captions.",
                            "label": "What it shows",
                            "max_length": 250,
                            "required": False,
                        },
                    ),
                    17: (
                        "wagtail.blocks.StructBlock",
                        [[("title", 14), ("url", 15), ("text", 16)]],
                        {},
                    ),
                    18: ("bhp_site.core.blocks.ChosenQuoteBlock", ("news.QuotePage",), {}),
                    19: ("wagtail.snippets.blocks.SnippetChooserBlock", ("partners.Person",), {}),
                    20: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "Type or paste the words. You do not need quotation marks: the site adds them. A blank line starts a new paragraph of the same quotation.",
                            "rows": 5,
                        },
                    ),
                    21: ("wagtail.blocks.CharBlock", (), {}),
                    22: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "As held on the day. Left empty, it is filled in from the register.",
                            "max_length": 120,
                            "required": False,
                        },
                    ),
                    23: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Filled in from the register with the role, where both are left empty.",
                            "max_length": 150,
                            "required": False,
                        },
                    ),
                    24: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Left empty, it is filled in from the register and kept as it is today.",
                            "label": "Name as shown",
                            "max_length": 150,
                            "required": False,
                        },
                    ),
                    25: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {"help_text": "Left empty, the person’s portrait.", "required": False},
                    ),
                    26: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("speaker", 19),
                                ("words", 20),
                                ("confirmation", 21),
                                ("role", 22),
                                ("organisation", 23),
                                ("name", 24),
                                ("portrait", 25),
                            ]
                        ],
                        {},
                    ),
                },
            ),
        ),
        migrations.RunPython(normalise_quotes, migrations.RunPython.noop),
    ]
