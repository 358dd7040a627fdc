"""The admin's menu, whose items a process has once for all users."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from wagtail.admin.menu import admin_menu
from wagtail.users.models import UserProfile

from bhp_site.core.models import User

from ..factories import UserFactory

DISMISSED = "data-w-dismissible-dismissed-value"


def make_request(*, has_dismissed: bool) -> HttpRequest:
    user: User = UserFactory(is_superuser=True)
    profile = UserProfile.get_for_user(user)
    profile.dismissibles = {"help": has_dismissed}
    profile.save()
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


@pytest.mark.parametrize("has_dismissed", [True, False])
def test_what_somebody_has_dismissed_is_not_dismissed_for_others(
    db: None, has_dismissed: bool
) -> None:
    """Another user's menu is made before this one is written."""
    mine, others = (
        make_request(has_dismissed=has_dismissed),
        make_request(has_dismissed=not has_dismissed),
    )
    menu = {item.name: item for item in admin_menu.render_component(mine)}
    assert admin_menu.render_component(others)
    assert (DISMISSED in menu["help"].attrs) is has_dismissed
