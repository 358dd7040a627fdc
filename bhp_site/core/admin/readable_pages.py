"""The pages whose titles a user of the admin may read."""

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page
from wagtail.permissions import policy_registry

from ..confidential.rules import hide_pages
from ..visibility import get_visible_pages


def build_readable_filter(user: Any) -> Q:
    """Return a filter of the pages whose titles `user` may read; they may be confidential."""
    if user.is_superuser:
        return Q()
    explorable = policy_registry.get_by_type(Page).explorable_instances(user).values("pk")
    public = get_visible_pages().values("pk")
    return Q(pk__in=explorable) | Q(pk__in=public) | Q(depth=1)


def filter_readable_pages(
    pages: QuerySet[Any], user: Any, readable: Q | None = None
) -> QuerySet[Any]:
    """Return those of `pages` whose titles `user` may read in the admin.

    `readable` is `build_readable_filter(user)` if the caller has it already.
    """
    if readable is None:
        readable = build_readable_filter(user)
    return hide_pages(pages, user).filter(readable)
