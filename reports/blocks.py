"""Blocks of a report's chapters."""

from wagtail import blocks

from bhp_site.core.blocks import (
    FigureBlock,
    HeadingBlock,
    KeyFiguresBlock,
    ParagraphBlock,
    TableBlock,
)
from bhp_site.core.charts.blocks import ChartBlock


class SubheadingBlock(HeadingBlock):
    """A heading of the second level in a chapter."""

    level = 3

    class Meta:
        icon = "title"
        label = "Smaller heading"
        description = "A heading one level below the last one."
        preview_value = "Births at home"


class NoteBlock(blocks.StructBlock):
    """A note for editors; visitors never see it."""

    is_for_editors = True

    text = blocks.CharBlock(
        label="What to check", max_length=300, help_text="For example “Is this one table?”."
    )
    page = blocks.IntegerBlock(label="Page of the PDF", required=False, min_value=1)

    class Meta:
        icon = "warning"
        label = "Look at this"
        description = (
            "A note for editors. Visitors never see it. Delete it when you have dealt with it."
        )
        preview_value = {"text": "The table has no caption. Write what it shows.", "page": 12}
        template = "blocks/note.html"
        label_format = "Check this: {text}"
        form_classname = "struct-block bhp-note"


class ChapterBlock(blocks.StreamBlock):
    """The body of a chapter."""

    heading = HeadingBlock()
    subheading = SubheadingBlock()
    paragraph = ParagraphBlock()
    figure = FigureBlock()
    key_figures = KeyFiguresBlock()
    table = TableBlock()
    chart = ChartBlock()
    note = NoteBlock()

    class Meta:
        required = False
