"""The permission policy of pages: Wagtail's, with pages to which a group may submit others.

With the permission “submit” on a page, a group may add pages below it, edit those, and see no
other page there. Wagtail's “add” would show every draft below that page in lists and choosers.
"""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail.models import GroupPagePermission, Page, PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy

SUBMIT = "submit"
SUBMIT_CODENAME = f"{SUBMIT}_page"


class SitePagePolicy(PagePermissionPolicy):
    """Wagtail's permissions on pages; pages to submit to can be explored."""

    def instances_with_direct_explore_permission(self, user: Any) -> Any:
        """Return the pages at which the user's part of the tree begins."""
        pages = super().instances_with_direct_explore_permission(user)
        return pages if user.is_superuser else [*pages, *self._get_submission_pages(user)]

    def explorable_instances(self, user: Any) -> QuerySet[Page]:
        """Return the pages that the user may see in the explorer."""
        pages: QuerySet[Page] = super().explorable_instances(user)
        if user.is_superuser:
            return pages
        parents = [page.pk for page in self._get_submission_pages(user)]
        return pages | self.model._default_manager.filter(pk__in=parents) if parents else pages

    def _get_submission_pages(self, user: Any) -> list[Page]:
        """Return the pages below which the user may submit others."""
        return [
            one.page
            for one in self.get_cached_permissions_for_user(user)
            if one.permission.codename == SUBMIT_CODENAME
        ]


class SitePagePermissions(PagePermissionTester):
    """What a user may do with a page; with the permission “submit”, add pages below it."""

    def can_add_subpage(self) -> bool:
        """Return True if the user may add pages, or submit them here."""
        return bool(super().can_add_subpage()) or self._may_submit()

    def _may_submit(self) -> bool:
        if not self.user.is_active or self.user.is_superuser or SUBMIT not in self.permissions:
            return False
        rows = self.permission_policy.get_cached_permissions_for_user(self.user)
        return any(
            row.page_id == self.page.pk and row.permission.codename == SUBMIT_CODENAME
            for row in rows
        )


def grant_to_submitters(
    sender: type, instance: Any, created: bool = False, raw: bool = False, **kwargs: Any
) -> None:
    """Let the groups that submitted a new page change it: those of its owner that may submit."""
    if not created or raw or not isinstance(instance, Page) or instance.owner_id is None:
        return
    rows = GroupPagePermission.objects.filter(
        group__user=instance.owner_id, permission__codename=SUBMIT_CODENAME
    )
    groups = [row.group_id for row in rows if instance.path.startswith(row.page.path)]
    if not groups:
        return
    change = Permission.objects.get(
        content_type__app_label="wagtailcore", codename=Page.PERMISSION_CODENAMES.CHANGE
    )
    for group in groups:
        GroupPagePermission.objects.get_or_create(
            group_id=group, page_id=instance.pk, permission=change
        )
