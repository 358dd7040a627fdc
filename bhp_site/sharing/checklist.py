"""Entries of the checklist about the card of a page."""

from collections.abc import Iterator
from typing import Any

from bhp_site.core.admin.field_links import get_field_url
from bhp_site.core.pages import BasePage
from bhp_site.core.publishing.checklist import ChecklistEntry

from .text_layout import UnrenderableText, clean_text


def check_card(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield whether a card can be drawn for the page, and whether it has an image of its own."""
    if not isinstance(draft, BasePage):
        return
    try:
        for text in draft.card_text:
            clean_text(text)
    except UnrenderableText:
        yield ChecklistEntry(
            "Use letters in the title that the share card can show",
            is_required=False,
            is_done=False,
            url=get_field_url(draft, "title"),
            note="The site’s typeface lacks a letter of it, so shared links have no card.",
        )
    else:
        yield ChecklistEntry("Share card", is_required=False, is_done=True)
