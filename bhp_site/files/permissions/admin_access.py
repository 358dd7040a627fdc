"""Who may view a document or image that is not public: users of the admin with a permission."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex

from bhp_site.core.admin.object_permissions import can_view, get_viewable, has_admin_access
from bhp_site.core.references import find_drafts_mentioning, iter_references

# An image may be the portrait of a person whom a page quotes, or the cover of a document that a
# page offers: two steps from the image to the page.
MAX_REFERENCE_STEPS = 2

# Content type and key, as the reference index has them.
ObjectKey = tuple[int, str]


def may_view(user: Any, instance: Model) -> bool:
    """Return whether `user` may view `instance` in the admin, public or not.

    They need a permission on its collection, or for a cover on that of its document; or they may
    edit a page whose saved text or latest draft refers to it. Without the last rule, an editor
    could approve and publish what they were never shown, and previews would lack images.
    """
    if not has_admin_access(user):
        return False
    return (
        can_view(user, instance)
        or _is_cover_of_viewable(user, instance)
        or _may_edit_page_with(user, instance)
    )


def _is_cover_of_viewable(user: Any, instance: Model) -> bool:
    if not isinstance(instance, get_image_model()):
        return False
    return get_viewable(user, get_document_model()).filter(cover=instance).exists()


def _may_edit_page_with(user: Any, instance: Model) -> bool:
    """Return whether `user` may edit a page that leads to `instance`, as saved or as drafted."""
    sources, pages = _find_sources(instance)
    for page in Page.objects.filter(pk__in=pages):
        if page.permissions_for_user(user).can_edit():
            return True
    return any(
        page.permissions_for_user(user).can_edit() and _draft_refers_to(page, sources)
        for page in find_drafts_mentioning({key for _, key in sources}).exclude(pk__in=pages)
    )


def _find_sources(instance: Model) -> tuple[set[ObjectKey], set[int]]:
    """Return `instance` with what leads to it in at most MAX_REFERENCE_STEPS steps; and the pages.

    The pages are those that the reference index knows, which holds what was saved last.
    """
    page_type = ContentType.objects.get_for_model(Page).pk
    latest = {(ContentType.objects.get_for_model(instance).pk, str(instance.pk))}
    sources: set[ObjectKey] = set()
    pages: set[int] = set()
    for _ in range(MAX_REFERENCE_STEPS + 1):
        sources |= latest
        rows = ReferenceIndex.objects.filter(
            to_content_type__in={kind for kind, _ in latest},
            to_object_id__in={key for _, key in latest},
        ).values_list("to_content_type", "to_object_id", "base_content_type", "object_id")
        referring = {(kind, key) for to, at, kind, key in rows.distinct() if (to, at) in latest}
        pages |= {int(key) for kind, key in referring if kind == page_type}
        things = {source for source in referring if source[0] != page_type}
        latest = (things | _find_shown_with(things)) - sources
        if not latest:
            break
    return sources, pages


def _find_shown_with(things: set[ObjectKey]) -> set[ObjectKey]:
    """Return what the accessible copies among `things` are shown with: see `public_access`."""
    originals: set[ObjectKey] = set()
    for kind in {kind for kind, _ in things}:
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        if hasattr(model, "shown_with"):
            keys = [key for of, key in things if of == kind]
            for row in model._default_manager.filter(pk__in=keys):
                if other := row.shown_with:
                    originals.add((ContentType.objects.get_for_model(other).pk, str(other.pk)))
    return originals


def _draft_refers_to(page: Page, sources: set[ObjectKey]) -> bool:
    """Return whether the latest draft of `page` refers to one of `sources`."""
    draft = page.get_latest_revision_as_object()
    return any(
        (ContentType.objects.get_for_model(model).pk, key) in sources
        for model, key in iter_references(draft)
    )
