"""The field for a quotation in the admin."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.admin.widgets import AdminAutoHeightTextInput


class QuotationInput(AdminAutoHeightTextInput):
    """A text area with a preview of the quotation below it, which the server renders."""

    class Media:
        js = ("js/quotation-preview.js",)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the HTML of the text area, and below it of the preview that a script fills."""
        text_area = super().render(name, value, attrs, renderer)
        return render_to_string("admin/quotation_input.html", {"text_area": text_area})
