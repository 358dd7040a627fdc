"""Rich text in the editor: from what is stored to what Draftail edits."""

from copy import copy
from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter


class RichTextConverter(ContentstateConverter):
    """A converter that threads can share.

    A widget, and so its converter, belongs to the definition of a block or form, of which a process
    has one. Wagtail 8.0 parses all texts with the converter's one parser (wagtail/wagtail#14573):
    two editors who opened their pages at once got an error, or each other's words.
    """

    def from_database_format(self, html: str) -> str:
        """Return `html`, as stored, as Draft.js content in JSON."""
        # The rules of the features are kept; whatever parsing changes is made by `reset`.
        parser = copy(self.html_to_contentstate_handler)
        parser.reset()
        parser.feed(html)
        parser.close()
        content: str = parser.contentstate.as_json(indent=4, separators=(",", ": "))
        return content


class RichTextArea(DraftailRichTextArea):
    """Draftail with a converter that threads can share."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.converter = RichTextConverter(self.features)
