"""People who may do different things in the admin, and collections they may do them in."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from bhp_site.core.models import User
from bhp_site.core.roles import UserRole
from partners.member_areas import get_group

from .factories import UserFactory

ACTIONS = ("add", "change", "choose")
KINDS = {"document": "wagtaildocs", "image": "wagtailimages"}


def make_collection(name: str) -> Collection:
    """Return a new collection at the top."""
    return Collection.get_first_root_node().add_child(name=name)


def make_member(name: str, **kwargs: Any) -> User:
    """Return somebody who may open the admin, in a new group `name` that may do nothing else."""
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user: User = UserFactory(**kwargs)
    user.groups.add(group)
    return user


def give_role(user: User, role: UserRole) -> None:
    """Add `user` to the group of `role`; the role without a group is that of superusers."""
    if role.group:
        user.groups.add(Group.objects.get(name=role.group))
    else:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])


def allow_in_collection(user: User, collection: Collection, *actions: str) -> None:
    """Let the first group of `user` do `actions` with documents and images of `collection`."""
    for kind, app in KINDS.items():
        for action in actions:
            GroupCollectionPermission.objects.create(
                group=user.groups.get(),
                collection=collection,
                permission=Permission.objects.get(
                    codename=f"{action}_{kind}", content_type__app_label=app
                ),
            )


def allow_publishing(user: User, collection: Collection) -> None:
    """Let the first group of `user` publish documents and images of `collection`."""
    for codename in ("publish_sitedocument", "publish_siteimage"):
        GroupCollectionPermission.objects.create(
            group=user.groups.get(),
            collection=collection,
            permission=Permission.objects.get(codename=codename),
        )


def allow_on_page(user: User, page: Page, *actions: str) -> None:
    """Let the first group of `user` do `actions` with `page` and all below it."""
    for action in actions:
        GroupPagePermission.objects.create(
            group=user.groups.get(),
            page=page,
            permission=Permission.objects.get(
                codename=f"{action}_page", content_type__app_label="wagtailcore"
            ),
        )


def make_press_officer(partner: Page) -> User:
    """Create a press officer of `partner`."""
    user: User = UserFactory()
    user.groups.add(get_group(str(partner.pk)))
    return user
