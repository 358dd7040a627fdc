"""Refuse to delete a document or an image that a live page, or one that is scheduled, uses."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import PROTECT, Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.models import Page, Revision
from wagtail.permissions import policy_registry

from bhp_site.core.references import iter_references
from bhp_site.core.visibility import visible_pages

from ..permissions.public_access import iter_referring_pages
from .public_object_views import DeleteDocumentsAction, DeleteImagesAction

# As many places are named; of the others their number is told.
MAX_NAMED_PLACES = 5
SETTINGS_PLACE = "the site settings"
HIDDEN_PLACE = "a page that you cannot edit"

View = Callable[..., HttpResponse]


def get_usage_refusal(instance: Any, user: Any) -> str:
    """Return why `instance` cannot be deleted, with the pages that use it; "" where it can be."""
    keys = set(iter_referring_pages(instance))
    pages = Page.objects.filter(pk__in=_find_protecting(instance) | _find_scheduled(instance))
    pages |= Page.objects.filter(pk__in=keys - {True}, live=True)
    places = [SETTINGS_PLACE] if True in keys else []
    places += sorted({_get_page_name(page, user) for page in pages.order_by("path")})
    if not places:
        return ""
    named = ", ".join(places[:MAX_NAMED_PLACES])
    if more := len(places[MAX_NAMED_PLACES:]):
        named += f" and {more} more"
    return (
        f"Nothing was deleted: “{instance.title}” is used on {named}. Take it off there and "
        "publish, then delete it."
    )


def refuse_if_used(model: type[Model], key: str, edit_url: str, view: View) -> View:
    """Return `view`, which deletes the `model` named by the `key` of its address, with a check.

    A used object leads to its form at `edit_url` with the reason; a script gets it as JSON.
    """

    @functools.wraps(view)
    def check(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = policy_registry.get_by_type(model)
        mine = policy.instances_user_has_permission_for(request.user, "delete")
        instance = mine.filter(pk=kwargs[key]).first()
        reason = get_usage_refusal(instance, request.user) if instance else ""
        if not reason:
            # Wagtail's view answers those who may not delete it, too.
            return view(request, *args, **kwargs)
        if not edit_url:
            return JsonResponse({"success": False, "error_message": reason}, status=409)
        messages.error(request, reason)
        return redirect(edit_url, kwargs[key])

    return check


class RefuseUsedMixin:
    """For bulk deletion: say which pages use one of the objects, and delete none of them.

    Wagtail says that the user lacks a permission.
    """

    request: HttpRequest
    next_url: str

    def prepare_action(self, objects: Any, objects_without_access: Any) -> HttpResponse | None:
        reasons = [
            reason for one in objects if (reason := get_usage_refusal(one, self.request.user))
        ]
        for reason in reasons:
            messages.error(self.request, reason)
        if reasons:
            return redirect(self.next_url)
        response: HttpResponse | None = super().prepare_action(  # type: ignore[misc]
            objects, objects_without_access
        )
        return response


class DeleteDocuments(RefuseUsedMixin, DeleteDocumentsAction):
    pass


class DeleteImages(RefuseUsedMixin, DeleteImagesAction):
    pass


def _find_protecting(instance: Any) -> set[int]:
    """Return the keys of the pages, drafts too, that the database does not let go of it."""
    found: set[int] = set()
    for place, references in instance.get_usage():
        if isinstance(place, Page) and any(one.on_delete is PROTECT for one in references):
            found.add(place.pk)
    return found


def _find_scheduled(instance: Model) -> set[int]:
    """Return the keys of the pages whose scheduled text uses it."""
    wanted = type(instance), str(instance.pk)
    found: set[int] = set()
    page_type = ContentType.objects.get_for_model(Page)
    for revision in Revision.objects.filter(
        approved_go_live_at__isnull=False, base_content_type=page_type
    ):
        if wanted in iter_references(revision.as_object()):
            found.add(int(revision.object_id))
    return found


def _get_page_name(page: Page, user: Any) -> str:
    is_known = visible_pages().filter(pk=page.pk).exists()
    if is_known or page.permissions_for_user(user).can_edit():
        return f"“{page.get_admin_display_title()}”"
    return HIDDEN_PLACE
