"""The permission policy of pages: Wagtail's, with pages to which a group may submit others.

A group that may submit to a page may add pages below it, edit those, and sees no other page there.
With Wagtail's “add” it would see every draft below that page in lists and choosers.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail.models import GroupPagePermission, Page, PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy

from ..confidential.rules import Nobody, hide_pages, is_hidden, keep_people

SUBMIT = "submit"
# Functions that return, for the key of a user, groups of theirs with the page to which each may
# submit others. Other apps add theirs.
submission_finders: list[Callable[[int], list[tuple[int, Page]]]] = []


def find_submissions(user_key: int) -> Iterator[tuple[int, Page]]:
    """Yield the key of a group of the user with a page to which it may submit others."""
    for find in submission_finders:
        yield from find(user_key)


class SitePagePolicy(PagePermissionPolicy):
    """Wagtail's permissions on pages; pages to submit to can be explored."""

    def get_all_permissions_for_user(self, user: Any) -> list[GroupPagePermission]:
        """Return the user's permissions, stored ones and “submit”."""
        stored = [*super().get_all_permissions_for_user(user)]
        if not user.is_active or user.is_anonymous or user.is_superuser:
            return stored
        submit = Permission(codename=f"{SUBMIT}_page")
        return stored + [
            GroupPagePermission(group_id=group, page=page, permission=submit)
            for group, page in find_submissions(user.pk)
        ]

    def instances_with_direct_explore_permission(self, user: Any) -> Any:
        """Return the pages at which the user's part of the tree begins."""
        pages = super().instances_with_direct_explore_permission(user)
        return pages if user.is_superuser else [*pages, *self._get_submission_pages(user)]

    def explorable_instances(self, user: Any) -> QuerySet[Page]:
        """Return the pages that the user may see in the explorer."""
        pages: QuerySet[Page] = super().explorable_instances(user)
        if not user.is_superuser:
            parents = [page.pk for page in self._get_submission_pages(user)]
            if parents:
                pages |= self.model._default_manager.filter(pk__in=parents)
        return hide_pages(pages, user)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Page]:
        """Return the pages with one of the permissions, without those hidden from the user."""
        pages = super().instances_user_has_any_permission_for(user, actions)
        return hide_pages(pages, user)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """Return whether the user has one of the permissions, and the page is not hidden."""
        allowed = super().user_has_any_permission_for_instance(user, actions, instance)
        return bool(allowed) and not is_hidden(instance, user)

    def users_with_any_permission_for_instance(
        self, actions: Any, instance: Any, include_superusers: bool = True
    ) -> QuerySet[Any]:
        """Return the users with one of the permissions from whom the page is not hidden."""
        users = super().users_with_any_permission_for_instance(
            actions, instance, include_superusers
        )
        return keep_people(users, instance)

    def get_editors(self, page: Page) -> QuerySet[Any]:
        """Return the users who may edit `page` by their groups, confidential or not."""
        users: QuerySet[Any] = super().users_with_any_permission_for_instance(
            {"change", "publish"}, page
        )
        return users

    def _get_submission_pages(self, user: Any) -> list[Page]:
        """Return the pages below which the user may submit others."""
        rows = self.get_cached_permissions_for_user(user)
        return [row.page for row in rows if _allows_submission(row)]


# What Wagtail's registry returns for every page. Another instance would fill the user's cache with
# permissions of its own.
page_policy = SitePagePolicy()


# Wagtail shows all of them on one screen, which takes minutes with thousands. Only menus follow
# this order; announcements, reports and partners are listed by their dates.
MAX_CHILDREN_TO_REORDER = 200


class SitePagePermissions(PagePermissionTester):
    """The permissions of a user on a page; “submit” lets the user add pages below it.

    A user from whom a confidential draft is hidden has no permission on it.
    """

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user, page)
        if is_hidden(page, user):
            self.user = Nobody()
            self.permissions: set[str] = set()

    def can_add_subpage(self) -> bool:
        """Return True if the user may add pages, or submit them here."""
        return bool(super().can_add_subpage()) or self._may_submit()

    def can_reorder_children(self) -> bool:
        """Return True if the user may sort the pages below it, which are not too many for that."""
        return self.page.numchild <= MAX_CHILDREN_TO_REORDER and bool(
            super().can_reorder_children()
        )

    def _may_submit(self) -> bool:
        if not self.user.is_active or self.user.is_superuser or SUBMIT not in self.permissions:
            return False
        rows = self.permission_policy.get_cached_permissions_for_user(self.user)
        return any(row.page_id == self.page.pk and _allows_submission(row) for row in rows)


def _allows_submission(permission: GroupPagePermission) -> bool:
    return permission.permission.codename == f"{SUBMIT}_page"


def grant_to_submitters(
    sender: type, instance: Any, created: bool = False, raw: bool = False, **kwargs: Any
) -> None:
    """Let the groups that submitted a new page change it: those of its owner that may submit."""
    if not created or raw or not isinstance(instance, Page) or instance.owner_id is None:
        return
    groups = [
        group
        for group, page in find_submissions(instance.owner_id)
        if instance.path.startswith(page.path)
    ]
    if not groups:
        return
    change = Permission.objects.get(
        content_type__app_label="wagtailcore", codename=Page.PERMISSION_CODENAMES.CHANGE
    )
    for group in groups:
        GroupPagePermission.objects.get_or_create(
            group_id=group, page_id=instance.pk, permission=change
        )
