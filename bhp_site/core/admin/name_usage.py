"""Tell editors where a name is used, before and after they change it."""

from functools import cached_property
from typing import Any

from django.db.models import Model, Q
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.panels import Panel
from wagtail.models import Page
from wagtail.query import PageQuerySet

from bhp_site.core.visibility import get_visible_pages, visible_q

MAX_LISTED_TITLES = 5


class NameUsage:
    """Public pages that show a name.

    `updated` matches pages that show a new name at once, `unchanged` those that keep the name
    they were published with.
    """

    def __init__(self, updated: Q, unchanged: Q | None = None) -> None:
        self._updated, self._unchanged = updated, unchanged

    @cached_property
    def updated_pages(self) -> list[Page]:
        """Return the public pages that will show a new name, in the order of the page tree."""
        # Depth 1 is the root of Wagtail's page tree, which is no page of the site.
        return list(get_visible_pages().filter(self._updated, depth__gt=1).order_by("path"))

    @cached_property
    def unchanged_pages(self) -> list[Page]:
        """Return the public pages that will keep the old name, in the order of the page tree."""
        if self._unchanged is None:
            return []
        pages = get_visible_pages().filter(self._unchanged).exclude(self._updated)
        return list(pages.order_by("path"))

    @property
    def count(self) -> str:
        """Return the number of all these pages as text: “14 live pages”."""
        return _count_pages([*self.updated_pages, *self.unchanged_pages])


class HasUsage:
    """Mixin for models whose name, their `str`, is shown on other pages."""

    def get_name_usage(self) -> NameUsage:
        """Return the pages that show the name."""
        raise NotImplementedError


class NameUsagePanel(Panel):
    """Panel that says “This name appears on 14 live pages” and lists them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/name_usage_panel.html"

        def is_shown(self) -> bool:
            """Return True if the object has been saved: a new one is not used anywhere."""
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the context with the pages that show the name, and the URL of their list."""
            return super().get_context_data(parent_context) | {
                "name_usage": self.instance.get_name_usage(),
                "usage_url": get_usage_url(self.instance),
            }


def get_usage_url(instance: Model) -> str:
    """Return the address of Wagtail's list of what refers to `instance`, a page or a snippet."""
    if isinstance(instance, Page):
        return reverse("wagtailadmin_pages:usage", args=[instance.pk])
    options = instance._meta
    name = f"wagtailsnippets_{options.app_label}_{options.model_name}:usage"
    return reverse(name, args=[instance.pk])


def remember_name(request: HttpRequest, instance: Model) -> None:
    """Store the public name of `instance` in `request`; call it before the instance is saved."""
    if isinstance(instance, HasUsage) and not hasattr(request, "previous_names"):
        saved = type(instance)._default_manager.filter(pk=instance.pk).first()
        is_public = saved is not None and getattr(saved, "live", True)
        names = {instance.pk: str(saved)} if is_public else {}
        request.previous_names = names  # type: ignore[attr-defined]


def report_name_change(request: HttpRequest, instance: Model, is_public: bool = True) -> None:
    """Show a message that lists the affected pages if the name differs from the remembered one.

    `is_public` says whether visitors see the new name already.
    """
    previous = getattr(request, "previous_names", {}).pop(instance.pk, str(instance))
    if previous == str(instance) or not isinstance(instance, HasUsage):
        return
    usage = instance.get_name_usage()
    begin = "This name now appears" if is_public else "Once published, this name will appear"
    text = f"{begin} on {_count_pages(usage.updated_pages)} instead of “{previous}”"
    text += f": {_list_titles(usage.updated_pages)}." if usage.updated_pages else "."
    if unchanged := usage.unchanged_pages:
        verb = "keeps" if len(unchanged) == 1 else "keep"
        text += f" {_count_pages(unchanged)} {verb} “{previous}”, as published."
    button = messages.button(get_usage_url(instance), "Where it is used")
    messages.info(request, text, buttons=[button])


def pages_and_parents_q(pages: PageQuerySet) -> Q:
    """Return the condition for the public ones of `pages` and the pages directly above them."""
    paths = list(pages.filter(visible_q()).values_list("path", flat=True))
    return Q(path__in=[*paths, *(path[: -Page.steplen] for path in paths)])


def _count_pages(pages: list[Page]) -> str:
    return f"{len(pages)} live page{'' if len(pages) == 1 else 's'}"


def _list_titles(pages: list[Page]) -> str:
    titles = [f"“{page.title}”" for page in pages[:MAX_LISTED_TITLES]]
    more = len(pages) - len(titles)
    return ", ".join(titles) + (f" and {more} more" if more else "")
