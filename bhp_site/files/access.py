"""Who may have a file or a picture: everybody, exactly while a visible page refers to it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, ReferenceIndex

from bhp_site.core.visibility import visible_pages

# A picture may be the portrait of a person whom a page quotes, or the cover of a file that a page
# offers: from the picture to the page it is two steps.
STEPS = 2


def is_public(instance: Model, steps: int = STEPS) -> bool:
    """Whether a visible page refers to `instance`, itself or through another public thing."""
    page_ids: list[str] = []
    others: list[tuple[int, str]] = []
    page_type = ContentType.objects.get_for_model(Page).pk
    rows = ReferenceIndex.get_references_to(instance).values_list("base_content_type", "object_id")
    for content_type, object_id in rows.distinct():
        if content_type == page_type:
            page_ids.append(object_id)
        else:
            others.append((content_type, object_id))
    if page_ids and visible_pages().filter(pk__in=page_ids).exists():
        return True
    return steps > 0 and any(_through(*other, steps - 1) for other in others)


def _through(content_type_id: int, object_id: str, steps: int) -> bool:
    model: Any = ContentType.objects.get_for_id(content_type_id).model_class()
    if model is None:
        return False
    if getattr(model, "always_public", False):
        return True
    other = model._default_manager.filter(pk=object_id).first()
    return other is not None and is_public(other, steps)


def may_see_drafts(user: Any) -> bool:
    """Whether `user` works in the admin, and so may see files and pictures of drafts."""
    return bool(user.is_authenticated and user.has_perm("wagtailadmin.access_admin"))
