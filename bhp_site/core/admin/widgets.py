"""How editors choose in the admin."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import RadioSelectAdapter
from wagtail.models import Page

SELECTED = SafeString(" selected")


class LongSelect(forms.Select):
    """A drop-down of many rows, as Django's own renders it, but without a template for each.

    With 2,000 reports in a filter those took longer than the rest of the list.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> Any:
        """Return the widget's HTML."""
        selected = {*self.format_value(value)}
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (key, SELECTED if str(key) in selected else "", label)
                for key, label in self._read_choices()
            ),
        )
        attributes = flatatt(self.build_attrs(self.attrs, attrs) | {"name": name})
        return format_html("<select{}>\n{}\n</select>", attributes, options)

    def _read_choices(self) -> Iterable[tuple[Any, Any]]:
        """Return the choices; of pages without making an object of each."""
        choices: Any = self.choices
        pages = getattr(choices, "queryset", None)
        if pages is None or not issubclass(pages.model, Page):
            return self.choices
        # The choice of nothing has no page.
        without_page = type(choices)(choices.field)
        without_page.queryset = pages.none()
        return [*without_page, *pages.values_list("pk", "title")]


class PageCheckboxSelect(forms.CheckboxSelectMultiple):
    """Pages of one type by their titles, those that are ticked first; many can be narrowed down.

    For `ModelMultipleChoiceField`. Django's own widget makes a page of each row, and renders a
    template for it: with 500 partners that takes longer than all else in the editor.
    """

    template_name = "admin/page_checkbox_select.html"
    # From so many on there is a field to filter them.
    MIN_ROWS_TO_FILTER = 12

    class Media:
        js = ("js/page-checkbox-select.js",)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context with (key, title, whether chosen) of each page, chosen ones first."""
        context = forms.Widget.get_context(self, name, value, attrs)
        ticked = {*map(str, value or ())}
        pages: Any = self.choices
        titles = pages.queryset.order_by("title").values_list("pk", "title")
        rows = [(pk, title, str(pk) in ticked) for pk, title in titles]
        context["widget"]["rows"] = sorted(rows, key=lambda row: not row[2])
        context["widget"]["many"] = len(rows) >= self.MIN_ROWS_TO_FILTER
        return context

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> Any:
        """Return the widget's HTML, rendered by the project's template engine."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class PageCheckboxSelectAdapter(RadioSelectAdapter):
    """An adapter without HTML: no script adds a further, empty field."""

    def js_args(self, widget: PageCheckboxSelect) -> list[str]:
        """Return the arguments of the JavaScript widget: no HTML."""
        return [""]


register(PageCheckboxSelectAdapter(), PageCheckboxSelect)
