"""Deletion of documents and images: refused while something public or scheduled needs them."""

from functools import reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import PROTECT, Model, ProtectedError, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages
from wagtail.documents.views import documents, multiple
from wagtail.images.views import images
from wagtail.images.views import multiple as multiple_images
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.permissions import policy_registry

from bhp_site.core.references import iter_references
from bhp_site.core.visibility import visible_q

from ..permissions.approval import needs_approval
from ..permissions.public_access import iter_referring_pages

# As many places are named; the others are counted.
MAX_NAMED_PLACES = 5
SETTINGS_PLACE = "the site settings"
HIDDEN_PLACE = "a page that you cannot edit"


def get_usage_refusal(instance: Any, user: Any) -> str:
    """Return why `instance`, a document or image, cannot be deleted; "" if nothing uses it.

    The sentence names the pages that use it, live or scheduled, or whose foreign key protects it,
    as far as `user` may know of them.
    """
    keys = set(iter_referring_pages(instance))
    pages = Page.objects.filter(pk__in=_find_protecting(instance) | _find_scheduled(instance))
    pages |= Page.objects.filter(pk__in=keys - {True}, live=True)
    places = [SETTINGS_PLACE] if True in keys else []
    places += sorted(_get_page_names(pages, user))
    if not places:
        return ""
    named = ", ".join(places[:MAX_NAMED_PLACES])
    if more := len(places[MAX_NAMED_PLACES:]):
        named += f" and {more} more"
    return (
        f"Nothing was deleted. “{instance.title}” is used on {named}. Remove it there and "
        "publish, then delete it."
    )


def _find_protecting(instance: Any) -> set[int]:
    """Return the keys of the pages, drafts too, for which the database refuses its deletion."""
    references = ReferenceIndex.get_references_to(instance).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    # A field protects all that it refers to, so one look at each field is enough.
    fields = references.order_by().values("content_type_id", "model_path").distinct()
    protecting = [field for field in fields if ReferenceIndex(**field).on_delete is PROTECT]
    if not protecting:
        return set()
    is_protecting = reduce(or_, (Q(**field) for field in protecting))
    return {int(pk) for pk in references.filter(is_protecting).values_list("object_id", flat=True)}


def _find_scheduled(instance: Model) -> set[int]:
    """Return the keys of the pages whose scheduled text uses it."""
    reference = type(instance), str(instance.pk)
    page_type = ContentType.objects.get_for_model(Page)
    revisions = Revision.objects.filter(
        approved_go_live_at__isnull=False, base_content_type=page_type
    )
    return {
        int(revision.object_id)
        for revision in revisions
        if reference in iter_references(revision.as_object())
    }


def _get_page_names(pages: QuerySet[Page], user: Any) -> set[str]:
    """Return the quoted titles of the `pages` that `user` may know of; others have one name.

    An image may be on thousands of pages.
    """
    visible = pages.filter(visible_q()).order_by()
    titles = visible.values_list("draft_title", "title")
    names = {f"“{draft_title or title}”" for draft_title, title in titles}
    for page in pages.exclude(visible_q()).order_by():
        may_edit = page.permissions_for_user(user).can_edit()
        names.add(f"“{page.get_admin_display_title()}”" if may_edit else HIDDEN_PLACE)
    return names


class RefuseDeletionMixin:
    """For a delete view: say what needs the object, or that only a publisher may delete it.

    Wagtail has checked before that the user may delete the object at all.
    """

    request: Any
    object: Any
    edit_url_name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the confirmation, or a redirect to the object's form with the reason."""
        response: HttpResponse = self._refuse() or super().get(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete the object, or redirect to its form with the reason why it was not."""
        response: HttpResponse = self._refuse() or super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def _refuse(self) -> HttpResponse | None:
        refusal = get_usage_refusal(self.object, self.request.user)
        if not refusal and needs_approval(self.request.user, self.object):
            refusal = (
                f"“{self.object.title}” was not deleted, because it is public. Ask a publisher to "
                "delete it, or to remove it from the pages that use it."
            )
        if not refusal:
            return None
        messages.error(self.request, refusal)
        return redirect(self.edit_url_name, self.object.pk)


class DeleteDocumentView(RefuseDeletionMixin, documents.DeleteView):
    """Delete a document."""

    edit_url_name = "wagtaildocs:edit"


class DeleteImageView(RefuseDeletionMixin, images.DeleteView):
    """Delete an image."""

    edit_url_name = "wagtailimages:edit"


class DeleteUploadedMixin:
    """For deleting one upload of several: answer 409 as JSON with the reason if it is in use.

    Raises PermissionDenied if the object is public or protected.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete the document or image, and return Wagtail's response; 409 if it is still used.

        Raises PermissionDenied unless the user may delete it, and if it is public and the user may
        not publish.
        """
        model = self.get_model()  # type: ignore[attr-defined]
        instance = get_object_or_404(model, pk=kwargs[self.pk_url_kwarg])  # type: ignore[attr-defined]
        policy = policy_registry.get_by_type(model)
        if not policy.user_has_permission_for_instance(request.user, "delete", instance):
            raise PermissionDenied
        if refusal := get_usage_refusal(instance, request.user):
            return JsonResponse({"success": False, "error_message": refusal}, status=409)
        if needs_approval(request.user, instance):
            raise PermissionDenied
        try:
            with transaction.atomic():
                response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        except ProtectedError as error:
            raise PermissionDenied from error
        return response


class DeleteUploadedDocumentView(DeleteUploadedMixin, multiple.DeleteView):
    """Delete one of several documents that have been uploaded."""


class DeleteUploadedImageView(DeleteUploadedMixin, multiple_images.DeleteView):
    """Delete one of several images that have been uploaded."""
