"""What press officers of a partner may reach: its page, its collection, and news they submit.

Each partner has a group of its own, created when the first press officer is invited.
"""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permissions import policy_registry

from bhp_site.core.roles import MEMBERS_EDITOR, get_codenames

from .models import PartnerPage

MAX_NAME_CHARACTERS = 100


class MemberArea(models.Model):
    """The group of a partner's press officers, and the collection of what they upload."""

    wagtail_reference_index_ignore = True

    partner = models.OneToOneField(PartnerPage, on_delete=models.CASCADE, related_name="+")
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="+")
    collection = models.ForeignKey(
        Collection, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.group.name


def list_partner_choices() -> list[tuple[str, str]]:
    """Return key and name of each partner that can have press officers here."""
    return [
        (str(pk), title)
        for pk, title in PartnerPage.objects.order_by("title").values_list("pk", "title")
    ]


def find_partner_key(name: str) -> str:
    """Return the key of the partner whose address ends with `name`, or with this name; "" if none.

    Press officers propose the name of their own partner. So it counts only where no address fits,
    and not if several have it.
    """
    for partners in (
        PartnerPage.objects.filter(slug__iexact=name),
        PartnerPage.objects.filter(title__iexact=name),
    ):
        keys = [*partners.values_list("pk", flat=True)[:2]]
        if keys:
            return str(keys[0]) if len(keys) == 1 else ""
    return ""


def get_group(key: str) -> Group:
    """Return the group of the press officers of the partner with this key; create it if needed."""
    partner = PartnerPage.objects.get(pk=key)
    with transaction.atomic():
        area = MemberArea.objects.select_related("group").filter(partner=partner).first()
        return (area or _create_area(partner)).group


def get_partner_keys(user: Any) -> list[int]:
    """Return the keys of the partners whose press officer `user` is; none for other editors.

    Users who may add pages, such as Writers, are limited to no partner.
    """
    policy = policy_registry.get_by_type(Page)
    if user.is_superuser or policy.user_has_permission(user, "add"):
        return []
    return [*MemberArea.objects.filter(group__user=user).values_list("partner", flat=True)]


def is_press_officer(user: Any) -> bool:
    """Return whether `user` is a Member's editor and nothing more."""
    return bool(get_partner_keys(user))


def delete_group(sender: type, instance: MemberArea, **kwargs: Any) -> None:
    """Delete the group with its area, when the partner's page is deleted."""
    Group.objects.filter(pk=instance.group_id).delete()


def _create_area(partner: PartnerPage) -> MemberArea:
    name = _make_name(partner)
    group = Group.objects.create(name=f"{MEMBERS_EDITOR.group_prefix}{name}")
    group.permissions.set(_find(MEMBERS_EDITOR.permissions))
    collection = Collection.get_first_root_node().add_child(name=name)
    for action in MEMBERS_EDITOR.pages:
        (permission,) = _find({f"wagtailcore.{action}_page"})
        GroupPagePermission.objects.create(group=group, page_id=partner.pk, permission=permission)
    for permission in _find(get_codenames(MEMBERS_EDITOR.collections)):
        GroupCollectionPermission.objects.create(
            group=group, collection=collection, permission=permission
        )
    return MemberArea.objects.create(partner=partner, group=group, collection=collection)


def _make_name(partner: PartnerPage) -> str:
    """Return the partner's name, shortened, and different from those of other groups."""
    name = partner.title[:MAX_NAME_CHARACTERS]
    is_taken = Group.objects.filter(name=f"{MEMBERS_EDITOR.group_prefix}{name}").exists()
    return f"{name} ({partner.pk})" if is_taken else name


def _find(names: set[str]) -> list[Permission]:
    """Return the permissions with names such as “wagtailadmin.access_admin”."""
    pairs = (name.split(".") for name in sorted(names))
    return [
        Permission.objects.get(content_type__app_label=app, codename=codename)
        for app, codename in pairs
    ]
