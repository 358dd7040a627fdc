from typing import Any

from django.forms import Media
from django.templatetags.static import static
from django.urls import path
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.telepath import register
from wagtail.blocks import StreamBlock
from wagtail.blocks.stream_block import StreamBlockAdapter

from . import views


class PasteStreamAdapter(StreamBlockAdapter):
    """A stream whose blocks `static/js/paste.js` can find, to insert what was pasted."""

    js_constructor = "bhp.PasteStream"

    @cached_property
    def media(self) -> Media:
        """Return the scripts of a StreamField with the one that cleans what is pasted."""
        # Without it the editor could not even be drawn.
        return super().media + Media(js=["js/paste.js"])


register(PasteStreamAdapter(), StreamBlock)


@hooks.register("register_admin_urls")
def register_paste_url() -> list[Any]:
    """Return the URL pattern of the view that converts pasted HTML."""
    return [path("pasted/", views.read_pasted_html, name="pasted")]


@hooks.register("insert_editor_js")
def insert_paste_script() -> SafeString:
    """Return the script element for the editor."""
    return format_html('<script src="{}"></script>', static("js/paste.js"))
