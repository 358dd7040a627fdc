"""Invitations: who may send them, what the link does, and when it stops working."""

import datetime
import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.models import User
from bhp_site.core.monitoring.redaction import hide_tokens
from bhp_site.sign_in.invitations import ADMINISTRATOR, delete_old_invitations
from bhp_site.sign_in.models import AccountEmail, AccountEvent, EventKind, Invitation

from ..conftest import signed_in
from ..factories import UserFactory

INVITE = "/admin/invitations/"
PASSWORD = "quartz lantern seventeen oboe"


def get_group(name: str = "Publishers") -> Group:
    return Group.objects.get(name=name)


def send(client: Client, **changes: str) -> str:
    """Invite Ada as a publisher, with `changes`; return the text of the response."""
    form = {
        "first_name": "Ada",
        "last_name": "Byron",
        "email": "Ada@example.org",
        "role": str(get_group().pk),
    }
    return client.post(INVITE, form | changes, follow=True).text


def receive() -> str:
    """Send the latest queued e-mail; return the path of the link in it."""
    AccountEmail.objects.latest("pk").try_now()
    found = re.search(r"https?://[^/]+(/invitation/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def choose_password(path: str, password: str = PASSWORD, client: Client | None = None) -> int:
    form = {"new_password1": password, "new_password2": password}
    return (client or Client()).post(path, form).status_code


@pytest.fixture
def path(home: Page, admin_client: Client) -> str:
    """Return the path of the link that Ada got."""
    send(admin_client)
    return receive()


def test_from_invitation_to_first_sign_in(path: str, admin: User) -> None:
    client = Client()
    page = client.get(path)
    assert "ada@example.org" in page.text
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not User.objects.filter(email="ada@example.org").exists()
    assert choose_password(path, client=client) == 302
    assert "Your account is ready" in client.get("/admin/login/").text
    assert not Invitation.objects.exists()
    client.post("/admin/login/", {"username": "ada@example.org", "password": PASSWORD})
    user = User.objects.get(email="ada@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.get_full_name(), user.is_superuser) == ("Ada Byron", False)
    assert [*user.groups.all()] == [get_group()]
    kinds = {*AccountEvent.objects.values_list("kind", "actor")}
    assert {(EventKind.INVITED, admin.pk), (EventKind.INVITATION_ACCEPTED, user.pk)} <= kinds


def test_the_link_works_once(path: str) -> None:
    assert choose_password(path) == 302
    assert Client().get(path).status_code == 410
    assert choose_password(path) == 410
    assert User.objects.filter(email="ada@example.org").count() == 1


def test_a_weak_password_is_refused_and_the_link_stays(path: str) -> None:
    assert choose_password(path, "passwordpassword") == 200
    assert Invitation.objects.exists()
    assert choose_password(path) == 302


def test_neither_database_nor_logs_hold_the_token(path: str) -> None:
    token = path.split("/")[2]
    stored = str([*Invitation.objects.values(), *AccountEmail.objects.values()])
    assert token not in stored
    assert token not in hide_tokens(path)


def test_a_link_expires(path: str) -> None:
    Invitation.objects.update(expires_at=timezone.now())
    assert Client().get(path).status_code == 410
    assert choose_password(path) == 410
    delete_old_invitations()
    assert Invitation.objects.exists()
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(days=31))
    delete_old_invitations()
    assert not Invitation.objects.exists()
    assert not AccountEmail.objects.exists()


def test_pending_invitations_are_sent_again_or_withdrawn(path: str, admin_client: Client) -> None:
    invitation = Invitation.objects.get()
    text = admin_client.get(INVITE).text
    assert "Ada Byron" in text
    assert "Link works until" in text
    address = f"{INVITE}{invitation.pk}/"
    assert admin_client.get(address).status_code == 405
    admin_client.post(address, {"action": "resend"})
    newer = receive()
    assert Client().get(path).status_code == 410
    assert Client().get(newer).status_code == 200
    admin_client.post(address, {"action": "withdraw"})
    assert Client().get(newer).status_code == 410
    assert not Invitation.objects.exists()


def test_an_administrator_is_invited(home: Page, admin_client: Client) -> None:
    send(admin_client, role=ADMINISTRATOR)
    choose_password(receive())
    assert User.objects.get(email="ada@example.org").is_superuser


def test_roles_are_in_words_and_required(home: Page, admin_client: Client) -> None:
    text = admin_client.get(INVITE).text
    assert "Publisher: also reviews, publishes" in text
    send(admin_client, role="")
    send(admin_client, role="999999")
    assert not Invitation.objects.exists()


def test_nobody_is_invited_twice(path: str, admin_client: Client) -> None:
    assert "This person is already invited." in send(admin_client)
    choose_password(path)
    assert "There is already an account" in send(admin_client)
    User.objects.filter(email="ada@example.org").update(is_active=False)
    assert "is deactivated" in send(admin_client)


def test_an_account_made_in_the_meantime_stays(path: str) -> None:
    UserFactory(email="ada@example.org", first_name="Other")
    assert choose_password(path) == 410
    assert User.objects.get(email="ada@example.org").first_name == "Other"


def test_only_who_may_add_accounts_invites(
    path: str, publisher_client: Client, editor: User, client: Client
) -> None:
    invitation = Invitation.objects.get()
    for some in (client, publisher_client):
        send(some, email="eve@example.org")
        some.post(f"{INVITE}{invitation.pk}/", {"action": "withdraw"})
    assert [*Invitation.objects.all()] == [invitation]
    editor.user_permissions.add(Permission.objects.get(codename="add_user"))
    send(signed_in(editor), email="eve@example.org", role=ADMINISTRATOR)
    assert [*Invitation.objects.all()] == [invitation]
    send(signed_in(editor), email="eve@example.org")
    assert Invitation.objects.filter(email="eve@example.org").exists()


def test_new_users_are_invited_instead_of_created(home: Page, admin_client: Client) -> None:
    assert admin_client.get("/admin/users/new/")["Location"] == INVITE
    response = admin_client.post("/admin/users/new/", {"email": "eve@example.org"})
    assert response["Location"] == INVITE
    listing = admin_client.get("/admin/users/").text
    assert "Invite a user" in listing
    assert "Username" not in listing


def test_nobody_sets_the_password_of_somebody_else(
    admin: User, publisher: User, admin_client: Client
) -> None:
    text = admin_client.get(f"/admin/users/edit/{publisher.pk}/").text
    assert 'name="password1"' not in text
    form = {"email": "other@example.org", "first_name": "Jo", "last_name": "Lee"}
    admin_client.post(f"/admin/users/edit/{admin.pk}/", form)
    admin.refresh_from_db()
    assert (admin.first_name, admin.email != "other@example.org") == ("Jo", True)
