from django.http import HttpRequest
from wagtail import hooks

from bhp_site.core.admin.dashboard import WaitingGroup

from .contacts.viewset import PressContactViewSet
from .dashboard import OutdatedContactsGroup


@hooks.register("register_admin_viewset")
def register_press_list() -> PressContactViewSet:
    """Return the viewset of the press list."""
    return PressContactViewSet("press_list", url_prefix="press-list")


@hooks.register("construct_waiting_groups")
def add_outdated_contacts_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the group to the dashboard of users who may delete people from the press list."""
    if request.user.has_perm("press.delete_presscontact"):
        groups.append(OutdatedContactsGroup())
