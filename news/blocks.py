from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from bhp_site.core.blocks import StoryBlock

from .quotes import marked


class QuoteBlock(blocks.StructBlock):
    speaker = SnippetChooserBlock("partners.Person")
    words = blocks.TextBlock(
        rows=5,
        help_text="Plain words, without quotation marks: they are set for you. A blank line "
        "starts a new paragraph of the same quotation.",
    )
    role = blocks.CharBlock(
        required=False,
        max_length=120,
        help_text="As held on the day. Left empty, it is filled in from the register.",
    )
    organisation = blocks.CharBlock(
        required=False,
        max_length=150,
        help_text="Filled in from the register with the role, where both are left empty.",
    )
    name = blocks.CharBlock(
        required=False,
        max_length=150,
        label="Name as shown",
        help_text="Left empty, it is filled in from the register and kept as it is today.",
    )
    portrait = ImageChooserBlock(required=False, help_text="Left empty, the person’s portrait.")

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        return super().get_context(value, parent_context) | {
            "paragraphs": marked(value.get("words") or ""),
            "name": value.get("name") or str(value.get("speaker") or ""),
        }

    class Meta:
        icon = "openquote"
        label = "Quote"
        description = "What somebody said, with the role held on the day."
        preview_value = {
            "name": "A. Speaker",
            "role": "Director",
            "organisation": "A member",
            "words": "Somebody’s words stand here.\n\nA second paragraph goes on.",
        }
        form_layout = blocks.BlockGroup(
            children=["speaker", "words"], settings=["role", "organisation", "name", "portrait"]
        )
        template = "blocks/quote.html"


class NewsStoryBlock(StoryBlock):
    quote = QuoteBlock()
