"""The log of accounts: what is recorded, who sees it, who is told, and for how long it is kept."""

import datetime

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.models import User
from bhp_site.sign_in.events import delete_old_events, record_event
from bhp_site.sign_in.models import AccountEmail, AccountEvent, EventKind

from ..factories import UserFactory

SIGN_IN = "/admin/login/"
PASSWORD = "a long and correct password"
REPORT = "/admin/reports/accounts/"


@pytest.fixture
def user(home: Page) -> User:
    user = UserFactory(email="ada@example.org", is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    AccountEvent.objects.all().delete()
    AccountEmail.objects.all().delete()
    return user


def list_events() -> list[tuple[str, str, str]]:
    """Return kind, account and details of all events, the first one first."""
    events = AccountEvent.objects.order_by("pk")
    return [*events.values_list("kind", "address", "detail")]


def test_sign_ins_are_recorded_with_their_network(client: Client, user: User) -> None:
    client.post(SIGN_IN, {"username": "ADA@example.org", "password": "wrong"})
    client.post(SIGN_IN, {"username": "nobody@example.org", "password": "wrong"})
    client.post(SIGN_IN, {"username": user.email, "password": PASSWORD})
    client.post("/admin/logout/")
    assert list_events() == [
        (EventKind.SIGN_IN_FAILED, user.email, ""),
        (EventKind.SIGN_IN_FAILED, "", "There is no account with this e-mail address"),
        (EventKind.SIGNED_IN, user.email, ""),
        (EventKind.SIGNED_OUT, user.email, ""),
    ]
    assert {*AccountEvent.objects.values_list("network", flat=True)} == {"127.0.0.1"}


def test_an_attempt_that_is_not_looked_at_is_not_recorded(client: Client, user: User) -> None:
    for _ in range(8):
        client.post(SIGN_IN, {"username": user.email, "password": "wrong"})
    assert AccountEvent.objects.count() == 5


def test_changes_are_recorded_with_who_made_them(client: Client, user: User) -> None:
    other = UserFactory(email="bob@example.org", first_name="Bob", last_name="Ray")
    publishers = Group.objects.get(name="Publishers")
    other.groups.add(publishers)
    client.force_login(user)
    AccountEvent.objects.all().delete()
    editors = Group.objects.get(name="Writers")
    form = {
        "email": "bob@example.com",
        "first_name": "Bob",
        "last_name": "Ray",
        "is_active": "",
        "is_superuser": "on",
        "groups": [editors.pk],
    }
    response = client.post(f"/admin/users/edit/{other.pk}/", form)
    assert response.status_code == 302
    assert sorted(list_events()) == sorted(
        [
            (
                EventKind.ADDRESS_CHANGED,
                "bob@example.com",
                "From bob@example.org to bob@example.com",
            ),
            (EventKind.DEACTIVATED, "bob@example.com", ""),
            (EventKind.GROUPS_CHANGED, "bob@example.com", "Now an administrator"),
            (EventKind.GROUPS_CHANGED, "bob@example.com", "Added to Writers"),
            (EventKind.GROUPS_CHANGED, "bob@example.com", "Removed from Publishers"),
        ]
    )
    assert {event.actor for event in AccountEvent.objects.all()} == {user}
    notice = AccountEmail.objects.get()
    assert notice.to == "bob@example.org"
    assert "From bob@example.org to bob@example.com" in notice.text
    assert f"Changed by: {user}" in notice.text


def test_clearing_groups_and_adding_members_is_recorded(user: User) -> None:
    editors = Group.objects.get(name="Writers")
    editors.user_set.add(user)
    user.groups.clear()
    assert [detail for _, _, detail in list_events()] == [
        "Added to Writers",
        "Removed from Writers",
    ]


def test_a_new_password_is_recorded_and_its_new_hash_is_not(user: User) -> None:
    user.set_password("another long password")
    user.save()
    assert [kind for kind, *_ in list_events()] == [EventKind.PASSWORD_CHANGED]
    assert AccountEmail.objects.get().to == user.email
    user.set_password("another long password")
    user._password = None  # As Django does when it only hashes the password again.
    user.save(update_fields=["password"])
    assert AccountEvent.objects.count() == 1


def test_the_notice_is_sent(user: User) -> None:
    email = record_event(EventKind.FACTOR_RESET, user) and AccountEmail.objects.get()
    email.try_now()
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert "Second step of signing in reset" in mail.outbox[0].subject


def test_the_report_is_for_administrators(
    admin_client: Client, publisher_client: Client, user: User
) -> None:
    record_event(EventKind.SIGNED_IN, user)
    response = admin_client.get(REPORT, {"address": "ada"})
    assert response.status_code == 200
    assert "ada@example.org" in response.text
    assert "ada@example.org" in admin_client.get(REPORT, {"export": "csv"}).getvalue().decode()
    assert publisher_client.get(REPORT).status_code == 302
    assert REPORT not in publisher_client.get("/admin/").text
    assert REPORT in admin_client.get("/admin/").text


def test_users_see_their_own_part(publisher: User, publisher_client: Client, user: User) -> None:
    record_event(EventKind.SIGN_IN_FAILED, user, detail="About somebody else")
    record_event(EventKind.SIGN_IN_FAILED, publisher, detail="About me")
    text = publisher_client.get("/admin/account/").text
    assert "About me" in text
    assert "About somebody else" not in text


def test_old_events_are_deleted_and_events_outlive_accounts(
    user: User, settings: LazySettings
) -> None:
    settings.ACCOUNT_EVENTS_KEPT_DAYS = 30
    record_event(EventKind.FACTOR_RESET, user)
    user.delete()
    assert AccountEvent.objects.get().address == "ada@example.org"
    delete_old_events()
    assert AccountEvent.objects.count() == AccountEmail.objects.count() == 1
    old = timezone.now() - datetime.timedelta(days=31)
    AccountEvent.objects.update(created_at=old)
    AccountEmail.objects.update(created_at=old)
    delete_old_events()
    assert AccountEvent.objects.count() == AccountEmail.objects.count() == 0
