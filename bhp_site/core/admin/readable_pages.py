"""The pages whose titles a user of the admin may read."""

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page
from wagtail.permissions import policy_registry

from ..confidential.rules import hide_pages
from ..visibility import get_visible_pages


def get_explorable_keys(user: Any) -> QuerySet[Any]:
    """Return the primary keys of the pages that `user` may see in the explorer."""
    return policy_registry.get_by_type(Page).explorable_instances(user).values("pk")


def filter_readable_pages(
    pages: QuerySet[Any], user: Any, explorable: QuerySet[Any] | None = None
) -> QuerySet[Any]:
    """Return those of `pages` whose titles `user` may read in the admin.

    `explorable` is `get_explorable_keys(user)` if the caller has it already.
    """
    pages = hide_pages(pages, user)
    if user.is_superuser:
        return pages
    if explorable is None:
        explorable = get_explorable_keys(user)
    public = get_visible_pages().values("pk")
    return pages.filter(Q(pk__in=explorable) | Q(pk__in=public) | Q(depth=1))
