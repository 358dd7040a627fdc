"""An account that changes leaves no schedule, publishing or approval without somebody in charge."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupApprovalTask
from wagtail.test.utils.form_data import querydict_from_html

from bhp_site.core.models import User
from bhp_site.core.publishing.scheduled import get_scheduling_user
from news.models import NewsPage

from ..admin_forms import get_messages


@pytest.fixture
def scheduled(release: NewsPage, publisher: User) -> NewsPage:
    """A release scheduled by the publisher."""
    release.go_live_at = timezone.now() + datetime.timedelta(days=1)
    release.save_revision(user=publisher).publish(user=publisher)
    return release


def is_scheduled(page: NewsPage) -> bool:
    return page.revisions.filter(approved_go_live_at__isnull=False).exists()


def edit(client: Client, user: User, **changes: Any) -> Any:
    """Send the form of `user` as it stands, with `changes`."""
    form = {
        "email": user.email,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "is_active": "on",
        "groups": [group.pk for group in user.groups.all()],
    }
    form = {name: value for name, value in (form | changes).items() if value is not None}
    return client.post(f"/admin/users/edit/{user.pk}/", form)


def delete(client: Client, user: User, **more: Any) -> Any:
    return client.post(f"/admin/users/delete/{user.pk}/", more)


def bulk(client: Client, action: str, user: User, **form: Any) -> Any:
    return client.post(f"/admin/bulk/core/user/{action}/?id={user.pk}", form)


WAYS = {
    "deactivated": lambda client, user, **more: edit(client, user, is_active=None, **more),
    "taken out of its groups": lambda client, user, **more: edit(client, user, groups=[], **more),
    "deleted": delete,
    "deactivated in bulk": lambda client, user, **more: bulk(
        client, "set_active_state", user, mark_as_active="False", **more
    ),
    "deleted in bulk": lambda client, user, **more: bulk(client, "delete", user, **more),
    "without its group": lambda client, user, **more: client.post(
        f"/admin/groups/delete/{Group.objects.get(name='Publishers').pk}/", more
    ),
}


def build_decision(page: NewsPage, word: str) -> dict[str, str]:
    revision = page.revisions.get(approved_go_live_at__isnull=False)
    return {f"schedule-{revision.pk}": word}


@pytest.fixture
def another_approver(db: None) -> None:
    """So that deleting the group of publishers is about schedules alone."""
    task = GroupApprovalTask.objects.get()
    task.groups.add(Group.objects.create(name="Others"))


@pytest.mark.parametrize("way", WAYS)
def test_its_schedules_are_listed_first(
    scheduled: NewsPage, publisher: User, admin_client: Client, another_approver: None, way: str
) -> None:
    response = WAYS[way](admin_client, publisher)
    assert response.status_code == 200
    assert scheduled.title in response.text
    assert "UK time" in response.text
    assert User.objects.filter(pk=publisher.pk, is_active=True, groups__name="Publishers").exists()
    assert is_scheduled(scheduled)
    assert get_messages(response) == ""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("word", ["confirm", "cancel"])
def test_the_change_is_made_once_each_is_decided(
    scheduled: NewsPage,
    publisher: User,
    admin: User,
    admin_client: Client,
    another_approver: None,
    way: str,
    word: str,
) -> None:
    response = WAYS[way](admin_client, publisher, **build_decision(scheduled, word))
    assert response.status_code == 302
    left = User.objects.filter(pk=publisher.pk, is_active=True, groups__name="Publishers")
    assert not left.exists()
    assert is_scheduled(scheduled) is (word == "confirm")
    if word == "confirm":
        assert get_scheduling_user(scheduled) == admin


def test_a_group_that_loses_its_permissions_lists_schedules_too(
    scheduled: NewsPage, publisher: User, admin_client: Client
) -> None:
    group = Group.objects.get(name="Publishers")
    address = f"/admin/groups/edit/{group.pk}/"
    form = querydict_from_html(admin_client.get(address).text)
    for name in list(form):
        if name.startswith("page_permissions-") and name.endswith("-permissions"):
            form.setlist(name, ["change_page"])
    response = admin_client.post(address, form)
    assert "could not publish" in response.text
    assert scheduled.title in response.text
    assert group.page_permissions.filter(permission__codename="publish_page").exists()
    for name, value in build_decision(scheduled, "cancel").items():
        form[name] = value
    assert admin_client.post(address, form).status_code == 302
    assert not group.page_permissions.filter(permission__codename="publish_page").exists()
    assert not is_scheduled(scheduled)


def test_the_form_comes_back_with_all_that_was_entered(
    scheduled: NewsPage, publisher: User, admin_client: Client
) -> None:
    text = edit(admin_client, publisher, is_active=None, first_name="Grace").text
    assert '<input type="hidden" name="first_name" value="Grace">' in text


def test_who_may_not_publish_decides_nothing(
    scheduled: NewsPage, publisher: User, editor: User, editor_client: Client
) -> None:
    manager = Group.objects.get(name="Writers")
    for codename in ("change_user", "delete_user"):
        manager.permissions.add(_get_permission(codename))
    response = delete(editor_client, publisher, **build_decision(scheduled, "cancel"))
    assert "do not have permission to publish" in response.text
    assert is_scheduled(scheduled)
    assert User.objects.filter(pk=publisher.pk).exists()


def _get_permission(codename: str) -> Any:
    return Permission.objects.get(codename=codename, content_type__app_label="core")


def test_the_account_screens_name_its_schedules(
    scheduled: NewsPage, publisher: User, admin_client: Client
) -> None:
    for screen in ("edit", "delete"):
        text = admin_client.get(f"/admin/users/{screen}/{publisher.pk}/").text
        assert f"“{scheduled.title}”" in text


def test_an_account_without_schedules_is_simply_deactivated(
    publisher: User, admin_client: Client
) -> None:
    assert edit(admin_client, publisher, is_active=None).status_code == 302
    publisher.refresh_from_db()
    assert not publisher.is_active


def test_the_only_group_that_can_approve_is_not_deleted(
    publisher: User, admin_client: Client
) -> None:
    group = Group.objects.get(name="Publishers")
    response = admin_client.post(f"/admin/groups/delete/{group.pk}/")
    assert "Nobody could approve pages" in response.text
    assert Group.objects.filter(pk=group.pk).exists()


def test_the_last_publisher_is_not_lost(publisher: User, client: Client) -> None:
    managers = Group.objects.create(name="Managers")
    for codename in ("change_user", "delete_user"):
        managers.permissions.add(_get_permission(codename))
    publisher.groups.add(managers)
    client.force_login(publisher)
    response = edit(client, publisher, groups=[managers.pk], is_active=None)
    assert "Nobody could publish pages" in response.text
    assert publisher.groups.filter(name="Publishers").exists()


def test_that_only_administrators_are_left_is_told(publisher: User, admin_client: Client) -> None:
    response = edit(admin_client, publisher, is_active=None)
    assert "Only administrators can publish pages now" in get_messages(response)
    assert "Only administrators can approve pages" in get_messages(response)
