"""The second step is part of every way of signing in, and cannot be guessed or left out."""

import datetime
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page

from bhp_site.core.models import User
from bhp_site.second_factor import factors
from bhp_site.sign_in.models import AccountEmail, AccountEvent, EventKind
from partners.member_areas import get_group

from ..authenticator_app import SECRET, get_code
from ..factories import UserFactory

NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
PASSWORD = "a long and correct password"
SIGN_IN = "/admin/login/"
STEP = "/admin/login/second-step/"
OWN = "/admin/second-step/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def required(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "publishers"


@pytest.fixture
def ada(home: Page) -> User:
    return make_user("ada@example.org", is_superuser=True)


@pytest.fixture
def ada_with_app(ada: User, rf: Any) -> User:
    factors.add_app(ada, SECRET, 0, rf.get("/"))
    return ada


def make_user(email: str, **fields: Any) -> User:
    user: User = UserFactory(email=email, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def give_password(client: Client, url: str = SIGN_IN, **form: str) -> Any:
    return client.post(url, {"username": "ada@example.org", "password": PASSWORD, **form})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_password_and_code_sign_in(ada_with_app: User, client: Client) -> None:
    response = give_password(client, next="/admin/reports/")
    assert response["Location"] == STEP
    assert not is_in(client)
    assert "Enter your code" in client.get(STEP).text
    response = client.post(STEP, {"code": get_code()})
    assert response["Location"] == "/admin/reports/"
    assert is_in(client)


def test_a_visitors_sign_in_has_the_second_step(ada_with_app: User, client: Client) -> None:
    response = give_password(client, "/_util/login/", next="/news/")
    assert response["Location"] == STEP
    assert "_auth_user_id" not in client.session
    assert client.post(STEP, {"code": get_code()})["Location"] == "/news/"


def test_the_dialog_of_the_editor_has_the_second_step(ada_with_app: User, client: Client) -> None:
    give_password(client, next="/admin/session/signed-in/")
    assert "masthead" not in client.get(STEP).text
    response = client.post(STEP, {"code": get_code()}, follow=True)
    assert "You are signed in as ada@example.org" in response.text


def test_a_new_password_does_not_sign_in(ada_with_app: User, client: Client) -> None:
    client.post("/admin/password_reset/", {"email": "ada@example.org"})
    AccountEmail.objects.get(subject="Password reset").try_now()
    link = re.search(r"(/admin/password_reset/confirm/\S+)", str(mail.outbox[-1].body))
    assert link
    address = client.get(link[1], follow=True).redirect_chain[-1][0]
    new = "another long and good password"
    client.post(address, {"new_password1": new, "new_password2": new})
    assert not is_in(client)
    assert give_password(client, password=new)["Location"] == STEP


def test_any_other_way_of_signing_in_ends_at_the_admin(ada_with_app: User, client: Client) -> None:
    client.force_login(ada_with_app)
    assert client.get("/admin/")["Location"].startswith(SIGN_IN)
    assert "_auth_user_id" not in client.session
    client.force_login(ada_with_app)
    answer = client.post("/admin/account/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer["Session-Problem"] == "expired"
    client.force_login(ada_with_app)
    form = {"name-first_name": "Typed"}
    answer = client.post("/admin/account/", form, headers={"Sec-Fetch-Site": "same-origin"})
    assert "You have been signed out" in answer.text
    assert "Typed" in answer.text


def test_the_step_cannot_come_first(ada_with_app: User, client: Client) -> None:
    assert client.get(STEP)["Location"] == SIGN_IN
    assert client.post(STEP, {"code": get_code()})["Location"] == SIGN_IN


@pytest.mark.parametrize("minutes, is_open", [(9, True), (11, False)])
def test_the_step_must_follow_soon(
    ada_with_app: User,
    client: Client,
    clock: time_machine.Traveller,
    minutes: int,
    is_open: bool,
) -> None:
    give_password(client)
    clock.shift(minutes * 60)
    client.post(STEP, {"code": get_code()})
    assert is_in(client) == is_open


def test_the_browser_keeps_what_it_stores_when_a_step_fails(
    ada_with_app: User, client: Client, clock: time_machine.Traveller
) -> None:
    """No session has ended, and the forms of other windows are still open."""
    give_password(client)
    clock.shift(11 * 60)
    for url in (STEP, "/admin/"):
        response = client.get(url)
        assert response["Location"].startswith(SIGN_IN)
        assert "Clear-Site-Data" not in response.headers
    # A session without the second step does end.
    client.force_login(ada_with_app)
    assert "Clear-Site-Data" in client.get("/admin/").headers


def test_a_step_ends_when_the_password_or_account_changes(
    ada_with_app: User, client: Client
) -> None:
    give_password(client)
    User.objects.update(is_active=False)
    assert client.post(STEP, {"code": get_code()})["Location"] == SIGN_IN
    User.objects.update(is_active=True, password="changed")
    assert client.post(STEP, {"code": get_code()})["Location"] == SIGN_IN


def test_a_code_works_once(ada_with_app: User, client: Client) -> None:
    code = get_code()
    for browser, works in ((client, True), (Client(), False)):
        give_password(browser)
        browser.post(STEP, {"code": code})
        assert is_in(browser) == works


@pytest.mark.parametrize("code", ["", "000000", "12345678", "é", "9" * 400])
def test_a_wrong_code_is_refused(ada_with_app: User, client: Client, code: str) -> None:
    give_password(client)
    assert client.post(STEP, {"code": code}).status_code == 200
    assert not is_in(client)
    kinds = AccountEvent.objects.filter(user=ada_with_app).values_list("kind", flat=True)
    assert (EventKind.FACTOR_FAILED in kinds) is (1 <= len(code) <= 20)


def test_codes_cannot_be_guessed(
    ada_with_app: User, client: Client, clock: time_machine.Traveller
) -> None:
    give_password(client)
    answers = [client.post(STEP, {"code": "000000"}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert "Wait 30 seconds" in answers[-1].text
    # Giving the password again is no way round, and the right code has to wait as well.
    give_password(client)
    assert client.post(STEP, {"code": get_code()}).status_code == 429
    clock.shift(31)
    client.post(STEP, {"code": get_code()})
    assert is_in(client)


def test_a_recovery_code_works_once(ada_with_app: User, client: Client) -> None:
    code, *others = factors.get_recovery_codes(ada_with_app)
    assert len(others) == 9
    for browser, works in ((client, True), (Client(), False)):
        give_password(browser)
        browser.post(STEP, {"code": f"{code[:4]} {code[4:]}"})
        assert is_in(browser) == works
    assert factors.get_recovery_codes(ada_with_app) == others


def test_secrets_are_encrypted(ada_with_app: User) -> None:
    row = Authenticator.objects.get(type="totp")
    assert SECRET not in str(row.data)
    assert factors.get_recovery_codes(ada_with_app)[0] not in str(
        [*Authenticator.objects.values("data")]
    )


def test_another_secret_key_makes_codes_wrong(
    ada_with_app: User, client: Client, settings: LazySettings
) -> None:
    settings.SECRET_KEY = "x" * 50
    give_password(client)
    assert client.post(STEP, {"code": get_code()}).status_code == 200
    assert not is_in(client)


# --- Who must have a second step ---------------------------------------------------------------


def set_up_app(client: Client) -> Any:
    """Return the response after the secret was read from the page and its code was entered."""
    page = client.get(f"{OWN}app/")
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page.text)
    assert secret
    return client.post(f"{OWN}app/", {"code": get_code(secret[1].replace(" ", ""))})


def test_a_publisher_must_set_up_a_second_step(ada: User, required: None, client: Client) -> None:
    response = give_password(client, next="/admin/reports/")
    assert response["Location"] == f"{OWN}?next=%2Fadmin%2Freports%2F"
    assert "Set up a second step" in client.get(response["Location"]).text
    assert client.get("/admin/pages/")["Location"].startswith(OWN)
    response = set_up_app(client)
    assert response["Location"] == f"{OWN}recovery-codes/"
    codes = client.get(response["Location"]).text
    assert factors.get_recovery_codes(ada)[0][:4] in codes
    assert "/admin/reports/" in codes
    assert is_in(client)


@pytest.mark.parametrize("role", ["Analysts", "Member’s editors"])
def test_a_role_with_few_permissions_can_set_up_a_second_step(
    site: SimpleNamespace, settings: LazySettings, client: Client, role: str
) -> None:
    settings.SECOND_FACTOR = "all"
    user = make_user("ada@example.org")
    is_analyst = role == "Analysts"
    group = Group.objects.get(name=role) if is_analyst else get_group(str(site.partner.pk))
    user.groups.add(group)
    assert give_password(client)["Location"].startswith(OWN)
    assert client.get("/admin/")["Location"].startswith(OWN)
    assert client.get(set_up_app(client)["Location"]).status_code == 200
    assert is_in(client)


def test_a_wrong_first_code_keeps_the_secret(ada: User, client: Client) -> None:
    give_password(client)
    page = client.get(f"{OWN}app/")
    again = client.post(f"{OWN}app/", {"code": "000000"})
    assert "This code is not correct" in again.text
    secret = re.search(r'class="secret">[^<]+<', page.text)
    assert secret
    assert secret[0] in again.text
    assert not factors.has_factor(ada)


def test_without_the_second_step_a_form_is_kept(ada: User, required: None, client: Client) -> None:
    client.force_login(ada)
    response = client.post(
        "/admin/account/", {"name-first_name": "Typed"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert "Your account needs a second step" in response.text
    assert "Typed" in response.text
    answer = client.post("/admin/account/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 403
    assert answer.json()["error_code"] == "second-factor"


@pytest.mark.parametrize("mode, expected", [("publishers", False), ("all", True)])
def test_who_can_only_write_is_asked_by_setting(
    home: Page, settings: LazySettings, mode: str, expected: bool
) -> None:
    settings.SECOND_FACTOR = mode
    writer = make_user("ada@example.org")
    writer.groups.add(Group.objects.get(name="Writers"))
    assert factors.must_have_factor(writer) == expected
    publisher = make_user("pat@example.org")
    publisher.groups.add(Group.objects.get(name="Publishers"))
    assert factors.must_have_factor(publisher)


def test_visitors_are_asked_by_setting(home: Page, settings: LazySettings, client: Client) -> None:
    settings.SECOND_FACTOR = "all"
    make_user("ada@example.org")
    assert give_password(client, "/_util/login/", next="/news/")["Location"].startswith(OWN)


# --- Changing factors --------------------------------------------------------------------------


def sign_in(client: Client) -> None:
    give_password(client)
    client.post(STEP, {"code": get_code()})
    assert is_in(client)


def test_changes_need_the_password_again(
    ada_with_app: User, client: Client, clock: time_machine.Traveller
) -> None:
    sign_in(client)
    assert client.get(f"{OWN}recovery-codes/").status_code == 200
    clock.shift(11 * 60)
    confirm = client.get(f"{OWN}recovery-codes/")["Location"]
    assert confirm == f"{OWN}confirm/?next=%2Fadmin%2Fsecond-step%2Frecovery-codes%2F"
    factor = factors.get_factors(ada_with_app).get()
    assert "/confirm/" in client.post(f"{OWN}{factor.pk}/remove/")["Location"]
    assert factors.has_factor(ada_with_app)
    assert "not correct" in client.post(confirm, {"password": "wrong"}).text
    response = client.post(confirm, {"password": PASSWORD, "next": f"{OWN}recovery-codes/"})
    assert client.get(response["Location"]).status_code == 200


def test_new_codes_replace_the_old_ones(ada_with_app: User, client: Client) -> None:
    sign_in(client)
    old = factors.get_recovery_codes(ada_with_app)
    client.post(f"{OWN}recovery-codes/")
    new = factors.get_recovery_codes(ada_with_app)
    assert len(new) == 10
    assert not {*old} & {*new}


def test_the_last_factor_can_be_removed_only_if_optional(
    ada_with_app: User, client: Client, settings: LazySettings
) -> None:
    sign_in(client)
    factor = factors.get_factors(ada_with_app).get()
    settings.SECOND_FACTOR = "publishers"
    response = client.post(f"{OWN}{factor.pk}/remove/", follow=True)
    assert "Add another one before" in response.text
    settings.SECOND_FACTOR = "optional"
    client.post(f"{OWN}{factor.pk}/remove/")
    assert not Authenticator.objects.exists()


def test_factors_of_others_cannot_be_removed(ada_with_app: User, client: Client) -> None:
    other = make_user("pat@example.org", is_superuser=True)
    client.force_login(other)
    session = client.session
    session["confirmed_at"] = NOW.timestamp()
    session.save()
    factor = factors.get_factors(ada_with_app).get()
    assert client.post(f"{OWN}{factor.pk}/remove/").status_code == 404


def test_the_pages_have_the_strict_policy(ada_with_app: User, client: Client) -> None:
    give_password(client)
    for address in (STEP, OWN):
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "no-store" in response["Cache-Control"]
        client.post(STEP, {"code": get_code()})


# --- Recovery ----------------------------------------------------------------------------------


def test_an_administrator_resets_and_the_user_is_told(
    ada_with_app: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(make_user("pat@example.org", is_superuser=True))
    address = f"/admin/users/{ada_with_app.pk}/reset-second-step/"
    assert "Authenticator app" in client.get(address).text
    assert factors.has_factor(ada_with_app)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].to == ["ada@example.org"]


def test_only_administrators_reset_administrators(ada_with_app: User, client: Client) -> None:
    address = f"/admin/users/{ada_with_app.pk}/reset-second-step/"
    publisher = make_user("pat@example.org")
    publisher.groups.add(Group.objects.get(name="Publishers"))
    client.force_login(publisher)
    client.post(address)
    assert factors.has_factor(ada_with_app)


def test_the_users_list_leads_to_the_reset(ada: User, client: Client) -> None:
    client.force_login(ada)
    assert f"/admin/users/{ada.pk}/reset-second-step/" in client.get("/admin/users/").text
    assert OWN in client.get("/admin/account/").text


def test_the_command_resets(ada_with_app: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reset_factor", "Ada@example.org")
    assert "was reset" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    call_command("reset_factor", "ada@example.org")
    assert "has no second step" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_factor", "nobody@example.org")


@pytest.mark.parametrize("change", ["deactivate", "delete"])
def test_the_last_administrator_stays(ada: User, client: Client, change: str) -> None:
    pat = make_user("pat@example.org")
    pat.groups.add(Group.objects.get(name="Publishers"))
    names = ("change_user", "delete_user", "view_user")
    pat.user_permissions.add(*Permission.objects.filter(codename__in=names))
    client.force_login(pat)
    form = {"email": ada.email, "first_name": "Ada", "last_name": "L"}
    address = f"/admin/users/{'edit' if change == 'deactivate' else 'delete'}/{ada.pk}/"
    response = client.post(address, form)
    ada.refresh_from_db()
    assert ada.is_active
    if change == "deactivate":
        # Wagtail lets nobody but superusers delete a superuser.
        assert "There would be no administrator" in response.text
