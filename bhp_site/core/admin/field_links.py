"""Links to a single field of the editor of a page."""

from typing import Any

from wagtail.admin.panels import PanelGroup
from wagtail.models import Page

from .links import get_page_edit_url


def get_field_url(page: Page, name: str) -> str:
    """Return the URL of the field, or of the inline rows, called `name` in the editor of `page`.

    Where the form has no such field, the URL is the one of the form.
    """
    anchor = _find_anchor(type(page).get_edit_handler(), "panel", name)
    url = get_page_edit_url(page.pk)
    return f"{url}#{anchor}" if anchor else url


def get_block_url(page: Page, block: Any) -> str:
    """Return the URL of `block` of a stream field in the editor of `page`."""
    return f"{get_page_edit_url(page.pk)}#block-{block.id}-section"


def _find_anchor(group: PanelGroup, prefix: str, name: str) -> str:
    """Return the id that Wagtail gives to the field's element; "" if the group has no such field.

    Wagtail builds ids from the names of the panels that contain a field.
    """
    for child, identifier in zip(group.children, group.child_identifiers, strict=True):
        if getattr(child, "field_name", "") == name:
            return f"{prefix}-child-{identifier}-wrapper"
        if getattr(child, "relation_name", "") == name:
            return f"{prefix}-{identifier}-section"
        if isinstance(child, PanelGroup):
            anchor = _find_anchor(child, f"{prefix}-child-{identifier}", name)
            if anchor:
                return anchor
    return ""
