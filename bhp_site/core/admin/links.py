"""Links to the admin's forms, and whether a user can follow them."""

from typing import Any

from django.db.models import Model
from django.urls import Resolver404, resolve, reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.permissions import policy_registry


def get_edit_url(instance: Model, user: Any = None) -> str:
    """Return the URL of the form that edits `instance`: a page, snippet, document or image.

    Return "" if there is none or `user` may not edit it. Without `user` nothing is checked.
    """
    return AdminURLFinder(user).get_edit_url(instance) or ""


def get_page_edit_url(pk: int) -> str:
    """Return the URL of the form of the page with this key."""
    return reverse("wagtailadmin_pages:edit", args=[pk])


def may_open(url: str, user: Any) -> bool:
    """Return whether `user` may open the form of a page or a document at `url`; False for ""."""
    try:
        match = resolve(url.partition("#")[0])
    except Resolver404:
        return False
    keys = match.kwargs
    if match.view_name == "wagtailadmin_pages:edit":
        return _get_permissions(keys["page_id"], user).can_edit()
    if match.view_name == "wagtailadmin_pages:add":
        return _get_permissions(keys["parent_page_id"], user).can_add_subpage()
    if "document_id" in keys:
        policy = policy_registry.get_by_type(get_document_model())
        editable = policy.instances_user_has_permission_for(user, "change")
        return bool(editable.filter(pk=keys["document_id"]).exists())
    return False


def _get_permissions(pk: int, user: Any) -> Any:
    return Page.objects.get(pk=pk).specific.permissions_for_user(user)
