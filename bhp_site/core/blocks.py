"""The body of a page: one list of blocks. Most have a template in `templates/blocks/`."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import get_text_for_indexing

from .charts.blocks import ChartBlock
from .rich_text import render_rich_text
from .text.sentences import join_list, join_sentences

RICH_TEXT = ["bold", "italic", "ol", "ul", "link", "document-link"]


class HeadingBlock(blocks.CharBlock):
    # Where the page says nothing else.
    level = 2

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 120} | kwargs)

    def render(self, value: str, context: Any = None) -> SafeString:
        """Return the heading, with the `anchor` and `level` of the context if it has them.

        Without a template: a long page has dozens of headings and paragraphs.
        """
        context = context or {}
        # The page's own anchor, unique on it, where there is a page.
        anchor = context["anchor"] if "anchor" in context else slugify(value)
        level = context.get("level", self.level) or HeadingBlock.level
        return format_html(
            "<h{0}{1}>{2}</h{0}>", level, format_html(' id="{}"', anchor) if anchor else "", value
        )

    class Meta:
        icon = "title"
        label = "Heading"
        description = "A heading that divides the text. Visitors can link to it."
        preview_value = "Health inequalities"


class ParagraphBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": RICH_TEXT} | kwargs)

    def render(self, value: Any, context: Any = None) -> SafeString:
        """Return the text as HTML."""
        return render_rich_text(value.source)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        description = "Paragraphs, lists and links."
        preview_value = "<p>Research reaches people sooner when it is <b>planned together</b>.</p>"


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label="Image")
    caption = blocks.CharBlock(
        required=False, max_length=300, help_text="Shown below the image, with its credit."
    )

    class Meta:
        icon = "image"
        label = "Image"
        description = "An image with a caption, and a description for people who cannot see it."
        preview_value = {
            "image": None,
            "caption": "Two hospitals, seen from above.",
        }
        template = "blocks/figure.html"


class DownloadBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="Document")
    label = blocks.CharBlock(
        required=False,
        max_length=120,
        help_text=(
            "The link text, for example “Summary”. If you leave this empty, the title of the "
            "document is used. The site adds format and size."
        ),
    )

    class Meta:
        icon = "download"
        label = "Download"
        description = "A document to download, with its format, size and pages."
        preview_value = {"document": None, "label": "Summary"}
        template = "blocks/download.html"


class KeyFigureBlock(blocks.StructBlock):
    number = blocks.CharBlock(max_length=20, help_text="For example “£42.7m” or “573”.")
    text = blocks.CharBlock(max_length=150, help_text="What the number counts, in a few words.")
    source = blocks.CharBlock(
        max_length=150, help_text="Where the number comes from, for example “NIHR, 2025”."
    )

    class Meta:
        icon = "order"
        label = "Figure"


class KeyFiguresBlock(blocks.ListBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(KeyFigureBlock(), **{"min_num": 1, "max_num": 6} | kwargs)

    @staticmethod
    def get_block_text(value: list[Any]) -> str:
        """Return the figures as text: “9 members (Our register, March 2025).” for each."""
        figures = (item.get("value", item) for item in value)
        return join_sentences(
            f"{figure.get('number', '')} {figure.get('text', '')}"
            + (f" ({source})" if (source := figure.get("source")) else "")
            for figure in figures
        )

    class Meta:
        icon = "order"
        label = "Key figures"
        description = "One to six important numbers, each with its source."
        preview_value = [{"number": "9", "text": "members", "source": "Our register, March 2025"}]
        template = "blocks/key_figures.html"


def _build_cells(row: Iterable[tuple[dict[str, Any], Any]], has_header: bool) -> SafeString:
    """Return the cells of a row as HTML; with `has_header` the first one names the row."""
    cells = []
    for number, (column, text) in enumerate(row):
        if has_header and number == 0:
            cells.append(format_html('<th scope="row">{}</th>', text))
        elif column["block"].name == "number":
            cells.append(format_html('<td class="number">{}</td>', text))
        else:
            cells.append(format_html("<td>{}</td>", text))
    return mark_safe("".join(cells))


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(
        max_length=200, help_text="What the table shows. Screen readers read this first."
    )
    table = TypedTableBlock(
        [("text", blocks.CharBlock(required=False)), ("number", blocks.CharBlock(required=False))]
    )
    row_headers = blocks.BooleanBlock(
        required=False, default=True, label="The first column names the row"
    )

    @staticmethod
    def get_block_text(value: dict[str, Any]) -> str:
        """Return the table as text: the caption, then each row with commas between its cells."""
        table = value.get("table") or {}
        headings = join_list(column.get("heading") or "" for column in table.get("columns", []))
        rows = (join_list(map(str, row.get("values", []))) for row in table.get("rows", []))
        return join_sentences([value.get("caption") or "", headings, *rows])

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Return the template's context with `rows`, the cells of each row as HTML."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        table = value.get("table")
        if not table:
            return context
        rows = (zip(table.columns, row["values"], strict=False) for row in table.row_data)
        return context | {"rows": [_build_cells(row, value.get("row_headers")) for row in rows]}

    class Meta:
        icon = "table"
        label = "Table"
        description = "Rows and columns with a caption. The first row names the columns."
        preview_value = {
            "caption": "Members by kind",
            "table": {
                "columns": [
                    {"type": "text", "heading": "Kind"},
                    {"type": "number", "heading": "Members"},
                ],
                "rows": [{"values": ["NHS trusts", "6"]}, {"values": ["Universities", "2"]}],
            },
            "row_headers": True,
        }
        template = "blocks/table.html"


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=150)
    url = blocks.URLBlock(label="Address", help_text="The address of the video.")
    text = blocks.CharBlock(
        required=False,
        max_length=250,
        label="What it shows",
        help_text="Say whether it has captions.",
    )

    def clean(self, value: Any) -> Any:
        """Return the value; raise StructBlockValidationError unless the URL is https."""
        value = super().clean(value)
        if urlsplit(value["url"]).scheme != "https":
            raise blocks.StructBlockValidationError(
                {"url": ValidationError("The address must start with https://")}
            )
        return value

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Return the template's context with `host`, the site that has the video."""
        host = urlsplit(value["url"]).hostname or ""
        return super().get_context(value, parent_context) | {"host": host.removeprefix("www.")}

    class Meta:
        icon = "media"
        label = "Video"
        description = (
            "A link to a video on another site. Nothing is loaded from that site on this page."
        )
        preview_value = {
            "title": "How a trial reaches a ward",
            "url": "https://video.example.org/trial",
            "text": "Four minutes, with captions.",
        }
        template = "blocks/video.html"


class ChosenQuoteBlock(blocks.PageChooserBlock):
    """A quote of an announcement, shown without copying it, for as long as it is public."""

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Return the template's context with the quote's page; None if visitors may not see it."""
        page = type(value).objects.listed().filter(pk=value.pk).first() if value else None
        return super().get_context(value, parent_context) | {"quote": page}

    class Meta:
        icon = "openquote"
        label = "Published quote"
        description = "A quote from an announcement, with a link to the announcement."
        preview_value = None
        template = "blocks/chosen_quote.html"


class StoryBlock(blocks.StreamBlock):
    """The blocks that the body of every page can contain."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    figure = FigureBlock()
    download = DownloadBlock()
    key_figures = KeyFiguresBlock()
    table = TableBlock()
    chart = ChartBlock()
    video = VideoBlock()
    chosen_quote = ChosenQuoteBlock("news.QuotePage")

    class Meta:
        required = False


class HighlightBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=60)
    text = blocks.CharBlock(max_length=200)

    class Meta:
        icon = "pick"
        label = "Highlight"
        description = "One topic of the report: a word or two, and a sentence."
        preview_value = {"heading": "Training", "text": "Research careers across institutions."}
        template = "blocks/highlight.html"


class HighlightsBlock(blocks.StreamBlock):
    """“At a glance”: up to six highlights."""

    highlight = HighlightBlock()

    class Meta:
        required = False
        max_num = 6


HEADINGS = {"heading", "subheading"}


def build_anchors(parts: Iterable[tuple[str, Any]], taken: Iterable[str]) -> list[str]:
    """Return an anchor for each block that is a heading, and "" for each other.

    `parts` are type and value of each block. Anchors are unique and none is in `taken`.
    """
    times: Counter[str] = Counter()
    used, anchors = {*taken}, []
    for kind, value in parts:
        base = anchor = slugify(value) if kind in HEADINGS else ""
        while anchor in used:
            times[base] += 1
            anchor = f"{base}-{times[base] + 1}"
        anchors.append(anchor)
        used |= {anchor} - {""}
    return anchors


# Keys of a block's stored value that hold no text of its own.
NON_TEXT_KEYS = {
    *("id", "type", "url", "image", "decorative", "document", "speaker", "portrait"),
    "confirmation",
}


def get_plain_text(stream: Any) -> str:
    """Return the text of a stream of blocks on one line, with a full stop after each part.

    It is used for search, excerpts and descriptions. It is read from stored values: no image,
    document or person is fetched. A block class that needs more than full stops between its parts
    has a function `get_block_text` for its stored value.
    """
    kinds = stream.stream_block.child_blocks
    visible_parts = (
        part for part in stream.raw_data if not is_for_editors(kinds.get(part["type"]))
    )
    return join_sentences(
        _read_out(kinds.get(part["type"]), part["value"]) for part in visible_parts
    )


def _read_out(block: Any, value: Any) -> str:
    get_block_text = getattr(block, "get_block_text", None)
    if get_block_text:
        return str(get_block_text(value))
    return join_sentences(map(get_text_for_indexing, iter_strings(value, NON_TEXT_KEYS)))


def is_for_editors(block: Any) -> bool:
    """Return whether blocks of this type are never shown to visitors."""
    return getattr(block, "is_for_editors", False)


def iter_strings(value: Any, skipped_keys: Collection[str] = ()) -> Iterator[str]:
    """Yield every string within the stored `value` of a field or block, however deep.

    `value` is plain data as the database holds it; nothing is fetched. Values of `skipped_keys`
    are left out.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in skipped_keys:
                yield from iter_strings(part, skipped_keys)
    elif isinstance(value, list):
        for part in value:
            yield from iter_strings(part, skipped_keys)
