"""Where a name of the register stands, told to editors before and after they change it."""

from functools import cached_property
from typing import Any

from django.db.models import Model, Q
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.panels import Panel
from wagtail.models import Page
from wagtail.query import PageQuerySet

from .visibility import visible_pages, visible_q

# How many pages a message names.
NAMED = 5


class Appearances:
    """Public pages that show a name: some follow a change, others keep what they had."""

    def __init__(self, following: Q, keeping: Q | None = None) -> None:
        self._following, self._keeping = following, keeping

    @cached_property
    def following(self) -> list[Page]:
        # The root of all pages is none.
        return list(visible_pages().filter(self._following, depth__gt=1).order_by("path"))

    @cached_property
    def keeping(self) -> list[Page]:
        if self._keeping is None:
            return []
        found = visible_pages().filter(self._keeping).exclude(self._following)
        return list(found.order_by("path"))

    @property
    def count(self) -> str:
        return _live_pages([*self.following, *self.keeping])


class Named:
    """What the register knows by a name, `str` of it, that other pages show."""

    def appearances(self) -> Appearances:
        raise NotImplementedError


class AppearancesPanel(Panel):
    """“This name appears on 14 live pages”: what a change of it will change, and where."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/appearances_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {
                "appearances": self.instance.appearances(),
                "usage_url": usage_url(self.instance),
            }


def usage_url(instance: Model) -> str:
    """Where the admin lists what refers to `instance`."""
    if isinstance(instance, Page):
        return reverse("wagtailadmin_pages:usage", args=[instance.pk])
    options = instance._meta
    name = f"wagtailsnippets_{options.app_label}_{options.model_name}:usage"
    return reverse(name, args=[instance.pk])


def note_name(request: HttpRequest, instance: Model) -> None:
    """Remember the name that visitors see of `instance`, before it is saved."""
    if isinstance(instance, Named) and not hasattr(request, "names_before"):
        before = type(instance)._default_manager.filter(pk=instance.pk).first()
        seen = before is not None and getattr(before, "live", True)
        request.names_before = {instance.pk: str(before)} if seen else {}  # type: ignore[attr-defined]


def tell_of_new_name(request: HttpRequest, instance: Model, is_public: bool = True) -> None:
    """Say on which pages a name that is not the one noted stands now, or once it `is_public`."""
    before = getattr(request, "names_before", {}).pop(instance.pk, str(instance))
    if before == str(instance) or not isinstance(instance, Named):
        return
    found = instance.appearances()
    begin = "This name now appears" if is_public else "Once published, this name will appear"
    words = f"{begin} on {_live_pages(found.following)} in place of “{before}”"
    words += f": {_titles(found.following)}." if found.following else "."
    if found.keeping:
        one = len(found.keeping) == 1
        words += f" {_live_pages(found.keeping)} {'keeps' if one else 'keep'} “{before}”, "
        words += "as published."
    where = messages.button(usage_url(instance), "Where it is used")
    messages.info(request, words, buttons=[where])


def at_and_above(pages: PageQuerySet) -> Q:
    """`pages`, which visitors see, and the pages directly above them."""
    paths = list(pages.filter(visible_q()).values_list("path", flat=True))
    return Q(path__in=[*paths, *(path[: -Page.steplen] for path in paths)])


def _live_pages(pages: list[Page]) -> str:
    return f"{len(pages)} live page{'' if len(pages) == 1 else 's'}"


def _titles(pages: list[Page]) -> str:
    named = [f"“{page.title}”" for page in pages[:NAMED]]
    more = len(pages) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
