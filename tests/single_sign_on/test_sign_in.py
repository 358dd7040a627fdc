"""Signing in through the provider: who gets in, to which account, and with which roles."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page

from bhp_site.core.models import User
from bhp_site.second_factor import factors
from bhp_site.sign_in.invitations import send_invitation
from bhp_site.sign_in.models import AccountEmail, AccountEvent, EventKind, Invitation
from partners.member_areas import get_partner_keys

from ..authenticator_app import SECRET, get_code
from ..factories import PartnerPageFactory, UserFactory
from .fake_provider import ISSUER, FakeProvider

SIGN_IN = "/admin/login/"
ADDRESS = "ada@example.org"
ROLES = {"publish": "Publisher", "write": "Writer", "admin": "Administrator", "press": "Press"}


@pytest.fixture
def ada(home: Page) -> User:
    user: User = UserFactory(email="Ada@example.org")
    user.groups.add(Group.objects.get(name="Publishers"))
    return user


@pytest.fixture
def required(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "publishers"


def get_user(client: Client) -> User | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


def get_reset_addresses() -> list[str]:
    """Send the e-mails that reset a password; return the addresses of those that were sent."""
    for email in AccountEmail.objects.filter(subject="Password reset"):
        email.try_now()
    return [address for message in mail.outbox for address in message.to]


def get_message(response: Any) -> str:
    """Return the text of the page to sign in, which `response` must lead to."""
    assert response["Location"].startswith(SIGN_IN)
    return str(response.client.get(response["Location"]).text)


def test_a_verified_address_signs_in(ada: User, provider: FakeProvider, client: Client) -> None:
    response = provider.sign_in(client, "/admin/reports/")
    assert response["Location"] == "/admin/reports/"
    assert client.get("/admin/").status_code == 200
    assert get_user(client) == ada
    event = AccountEvent.objects.get(kind=EventKind.SIGNED_IN)
    assert (event.user, event.detail) == (ada, "Through Example ID")


def test_nothing_is_offered_without_settings(home: Page, client: Client) -> None:
    assert client.post("/admin/login/single-sign-on/").status_code == 404
    assert client.get("/admin/login/single-sign-on/callback/").status_code == 404
    assert "single-sign-on" not in client.get(SIGN_IN).text


@pytest.mark.parametrize("address", [SIGN_IN, "/_util/login/?next=/news/"])
def test_the_button_is_on_both_pages(
    home: Page, provider: FakeProvider, client: Client, address: str
) -> None:
    assert "Sign in with Example ID" in client.get(address).text


def test_the_dialog_opens_a_window(home: Page, provider: FakeProvider, client: Client) -> None:
    page = client.get(f"{SIGN_IN}?next=/admin/session/signed-in/").text
    assert 'action="/admin/login/single-sign-on/" method="post" target="_blank"' in page


def test_what_is_asked_of_the_provider(home: Page, provider: FakeProvider, client: Client) -> None:
    first, second = provider.begin(client), provider.begin(client)
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name]) >= 43
    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == f"http://127.0.0.1:8000{SIGN_IN}single-sign-on/callback/"
    assert {*first["scope"].split()} == {"openid", "email", "profile"}
    assert "prompt" not in first
    again = provider.begin(client, again="1")
    assert (again["prompt"], again["max_age"]) == ("login", "0")


def test_the_way_out_keeps_the_strict_policy(
    home: Page, provider: FakeProvider, client: Client
) -> None:
    response = client.post("/admin/login/single-sign-on/")
    assert "form-action 'self'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert '<meta http-equiv="refresh" content="0; url=https://login.example.org/' in response.text


def test_the_code_is_bound_to_the_browser(
    ada: User, provider: FakeProvider, client: Client
) -> None:
    parameters = provider.begin(client)
    assert "began again" in get_message(provider.finish(Client(), parameters))
    changed = provider.finish(client, parameters, state="x" * 43)
    assert "began again" in get_message(changed)
    assert get_user(client) is None
    # A link of somebody else does not end the sign-in; its own answer works once.
    provider.finish(client, parameters)
    assert get_user(client) == ada
    assert provider.finish(client, parameters)["Location"].startswith(SIGN_IN)
    (sent,) = [body for path, body in provider.requests if path.endswith("/token")]
    assert len(sent["code_verifier"][0]) >= 43
    assert sent["code"] == ["a code"]


def test_an_answer_does_not_come_late(ada: User, provider: FakeProvider, client: Client) -> None:
    parameters = provider.begin(client)
    with time_machine.travel(datetime.datetime.now() + datetime.timedelta(minutes=11)):
        assert "took too long" in get_message(provider.finish(client, parameters))


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_elsewhere(
    ada: User, provider: FakeProvider, client: Client, target: str
) -> None:
    assert provider.sign_in(client, target)["Location"] == "/admin/"


@pytest.mark.parametrize(
    "error, text",
    [("access_denied", "You did not sign in at"), ("server_error", "refused to sign you in")],
)
def test_the_provider_refuses(
    ada: User, provider: FakeProvider, client: Client, error: str, text: str
) -> None:
    state = provider.begin(client)["state"]
    response = client.get(f"{SIGN_IN}single-sign-on/callback/", {"error": error, "state": state})
    assert text in get_message(response)


# --- Whose account it is -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email_verified": True, "xms_edov": False},
        {"email": None},
        {"email": "not an address"},
        {"email": None, "preferred_username": "ada@example.org"},
    ],
)
def test_an_unverified_address_finds_no_account(
    ada: User, provider: FakeProvider, client: Client, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    assert "has not confirmed" in get_message(provider.sign_in(client))
    assert get_user(client) is None


@pytest.mark.parametrize("claims", [{"xms_edov": True}, {"xms_edov": "1"}, {"xms_edov": 1}])
def test_entra_has_a_claim_of_its_own(
    ada: User, provider: FakeProvider, client: Client, claims: dict[str, Any]
) -> None:
    provider.claims |= {"email_verified": None, **claims}
    provider.sign_in(client)
    assert get_user(client) == ada


@pytest.mark.parametrize(
    "domain, verified, signs_in",
    [("example.org", None, True), ("other.org", None, False), ("example.org", False, False)],
)
def test_a_domain_can_be_trusted_where_the_provider_says_nothing(
    ada: User,
    provider: FakeProvider,
    client: Client,
    settings: LazySettings,
    domain: str,
    verified: bool | None,
    signs_in: bool,
) -> None:
    settings.SSO_TRUSTED_EMAIL_DOMAINS = [domain]
    provider.claims["email_verified"] = verified
    provider.sign_in(client)
    assert (get_user(client) == ada) is signs_in


def test_the_identifier_counts_from_then_on(
    ada: User, provider: FakeProvider, client: Client
) -> None:
    provider.sign_in(client)
    pat = UserFactory(email="pat@example.org")
    # The address there is Pat's now, or not verified.
    for claims in ({"email": "pat@example.org"}, {"email_verified": False}):
        provider.claims |= claims
        browser = Client()
        provider.sign_in(browser)
        assert get_user(browser) == ada
    # Who gets Ada's address later is somebody else.
    provider.claims |= {"sub": "43", "email": "ada@example.org", "email_verified": True}
    browser = Client()
    assert "belongs to somebody else" in get_message(provider.sign_in(browser))
    assert not SocialAccount.objects.filter(user=pat).exists()


def test_identifiers_belong_to_one_provider(
    ada: User, provider: FakeProvider, client: Client
) -> None:
    pat = UserFactory(email="pat@example.org")
    SocialAccount.objects.create(user=pat, provider="https://other.example.org", uid="42")
    provider.sign_in(client)
    assert get_user(client) == ada
    # Nothing else about the visitor is stored.
    assert SocialAccount.objects.get(user=ada).extra_data == {}


def test_a_connected_account_has_no_password(
    ada: User,
    provider: FakeProvider,
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    earlier = Client()
    earlier.force_login(ada)
    with django_capture_on_commit_callbacks(execute=True):
        provider.sign_in(client)
    assert "_auth_user_id" not in earlier.session
    ada.refresh_from_db()
    assert not ada.has_usable_password()
    assert mail.outbox[-1].to == ["Ada@example.org"]
    assert "You now sign in through Example ID only" in mail.outbox[-1].body
    sent = len(mail.outbox)
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/admin/password_reset/", {"email": "ada@example.org"})
    assert len(mail.outbox) == sent
    # The second time, nothing ends and nobody is told.
    with django_capture_on_commit_callbacks(execute=True):
        provider.sign_in(Client())
    assert len(mail.outbox) == sent
    assert client.get("/admin/").status_code == 200


def test_without_the_provider_a_password_can_be_chosen_again(
    ada: User, provider: FakeProvider, client: Client, settings: LazySettings
) -> None:
    provider.sign_in(client)
    settings.SSO_ISSUER = ""
    Client().post("/admin/password_reset/", {"email": "ada@example.org"})
    assert get_reset_addresses() == ["Ada@example.org"]


def test_a_deactivated_user_is_refused(ada: User, provider: FakeProvider, client: Client) -> None:
    provider.sign_in(client)
    ada.is_active = False
    ada.save()
    browser = Client()
    assert "is deactivated" in get_message(provider.sign_in(browser))
    assert get_user(browser) is None
    event = AccountEvent.objects.filter(kind=EventKind.SIGN_IN_FAILED).first()
    assert event
    assert event.user == ada
    # The session of before has ended too.
    assert "_auth_user_id" not in client.session


def test_strangers_are_refused(home: Page, provider: FakeProvider, client: Client) -> None:
    assert "Ask an administrator of this site to invite you" in get_message(
        provider.sign_in(client)
    )
    assert not User.objects.filter(email="ada@example.org").exists()


def test_an_invitation_is_accepted(home: Page, provider: FakeProvider, client: Client) -> None:
    group = Group.objects.get(name="Writers")
    invitation = Invitation(
        first_name="Ada", last_name="King", email="ada@example.org", group=group
    )
    send_invitation(invitation)
    provider.sign_in(client)
    user = get_user(client)
    assert user
    assert (user.last_name, [*user.groups.all()]) == ("King", [group])
    assert not user.has_usable_password()
    assert not Invitation.objects.exists()


def test_an_account_is_created_by_setting(
    home: Page, provider: FakeProvider, client: Client, settings: LazySettings
) -> None:
    settings.SSO_CREATE_USERS, settings.SSO_ROLES = True, ROLES
    provider.claims["roles"] = ["write"]
    provider.sign_in(client)
    user = get_user(client)
    assert user
    assert (user.email, user.get_full_name()) == ("ada@example.org", "Ada Lovelace")
    assert [group.name for group in user.groups.all()] == ["Writers"]
    assert AccountEvent.objects.filter(kind=EventKind.ACCOUNT_CREATED, user=user).exists()


def test_the_command_disconnects(
    ada: User, provider: FakeProvider, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.sign_in(client)
    call_command("disconnect_account", "ADA@example.org")
    assert "connected anew" in capsys.readouterr().out
    provider.claims["sub"] = "43"
    browser = Client()
    provider.sign_in(browser)
    assert get_user(browser) == ada
    SocialAccount.objects.all().delete()
    call_command("disconnect_account", "ada@example.org")
    assert "is not connected" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no account"):
        call_command("disconnect_account", "nobody@example.org")


# --- Roles -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values, groups, is_administrator",
    [
        (["publish"], {"Publishers", "Reviewers"}, False),
        ("write", {"Writers", "Reviewers"}, False),
        (["write", "admin", "unknown"], {"Writers", "Reviewers"}, True),
        (["press"], {"Press", "Reviewers"}, False),
    ],
)
def test_roles_follow_the_claim(
    ada: User,
    provider: FakeProvider,
    client: Client,
    settings: LazySettings,
    values: Any,
    groups: set[str],
    is_administrator: bool,
) -> None:
    settings.SSO_ROLES, settings.SSO_ROLES_CLAIM = ROLES, "groups"
    Group.objects.create(name="Press")
    # Administrators of the site give this one.
    ada.groups.add(Group.objects.create(name="Reviewers"))
    provider.claims["groups"] = values
    provider.sign_in(client)
    user = get_user(client)
    assert user
    assert {group.name for group in user.groups.all()} == groups
    assert user.is_superuser is is_administrator


def test_a_claim_makes_somebody_the_press_officer_of_a_partner(
    site: SimpleNamespace, provider: FakeProvider, client: Client, settings: LazySettings
) -> None:
    """Of the partner that the value of SSO_ROLES names; another value takes the place of it."""
    settings.SSO_CREATE_USERS = True
    other = PartnerPageFactory(parent=site.partner.get_parent(), title="Example Trust")
    settings.SSO_ROLES = {
        "press": f"Member's editor: {site.partner.slug}",
        "other": "Member’s editor: Example trust",
        "closed": "Member’s editor: Another Trust",
    }
    for value, partner in (("press", site.partner), ("other", other), ("other", other)):
        provider.claims["roles"] = [value]
        provider.sign_in(client)
        user = get_user(client)
        assert user
        assert get_partner_keys(user) == [partner.pk]
        assert user.groups.count() == 1
    assert client.get(f"/admin/pages/{other.pk}/edit/").status_code == 200
    provider.claims["roles"] = ["closed"]
    assert "has no role on this site" in get_message(provider.sign_in(Client()))
    assert not user.groups.exists()


def test_roles_are_set_at_each_sign_in(
    ada: User, provider: FakeProvider, client: Client, settings: LazySettings
) -> None:
    UserFactory(email="other@example.org", is_superuser=True)
    settings.SSO_ROLES = ROLES
    for roles, is_administrator in ((["admin"], True), (["write"], False)):
        provider.claims["roles"] = roles
        provider.sign_in(Client())
        ada.refresh_from_db()
        assert ada.is_superuser is is_administrator
    for roles in (None, [], ["unknown"]):
        provider.claims["roles"] = roles
        assert "has no role on this site" in get_message(provider.sign_in(client))
        assert not ada.groups.exists()


def test_a_role_is_not_lost_by_somebody_with_the_same_address(
    ada: User, provider: FakeProvider, client: Client, settings: LazySettings
) -> None:
    settings.SSO_ROLES = ROLES
    assert "has no role" in get_message(provider.sign_in(client))
    assert ada.groups.exists()
    assert ada.has_usable_password()


def test_the_last_administrator_stays_one(
    ada: User, provider: FakeProvider, client: Client, settings: LazySettings
) -> None:
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    UserFactory(email="gone@example.org", is_superuser=True, is_active=False)
    settings.SSO_ROLES = ROLES
    for roles in (["write"], []):
        provider.claims["roles"] = roles
        browser = Client()
        provider.sign_in(browser)
        user = get_user(browser)
        assert user
        assert user.is_superuser


def test_too_many_groups_change_nothing(
    ada: User, provider: FakeProvider, client: Client, settings: LazySettings
) -> None:
    settings.SSO_ROLES, settings.SSO_ROLES_CLAIM = ROLES, "groups"
    provider.claims["_claim_names"] = {"groups": "src1"}
    assert "too many groups" in get_message(provider.sign_in(client))
    assert ada.groups.exists()


# --- The second step ---------------------------------------------------------------------------


def test_the_sites_own_second_step_is_asked(
    ada: User, provider: FakeProvider, client: Client, settings: LazySettings, rf: Any
) -> None:
    settings.SSO_ROLES = ROLES
    provider.claims |= {"roles": ["admin"], "amr": ["pwd", "mfa"]}
    factors.add_app(ada, SECRET, 0, rf.get("/"))
    response = provider.sign_in(client, "/admin/reports/")
    assert response["Location"] == "/admin/login/second-step/"
    # Nothing has changed before the last step.
    ada.refresh_from_db()
    assert (ada.is_superuser, ada.has_usable_password()) == (False, True)
    assert get_user(client) is None
    response = client.post("/admin/login/second-step/", {"code": get_code()})
    assert response["Location"] == "/admin/reports/"
    assert client.get("/admin/").status_code == 200
    ada.refresh_from_db()
    assert (ada.is_superuser, ada.has_usable_password()) == (True, False)


def test_who_has_no_second_step_sets_one_up(
    ada: User, provider: FakeProvider, client: Client, required: None
) -> None:
    response = provider.sign_in(client, "/admin/reports/")
    assert response["Location"] == "/admin/second-step/?next=%2Fadmin%2Freports%2F"
    assert client.get("/admin/pages/")["Location"].startswith("/admin/second-step/")
    assert client.get("/admin/second-step/app/").status_code == 200


def test_a_new_role_needs_the_second_step_at_once(
    ada: User, provider: FakeProvider, client: Client, required: None, settings: LazySettings
) -> None:
    settings.SSO_ROLES = ROLES
    ada.groups.clear()
    provider.claims["roles"] = ["admin"]
    assert provider.sign_in(client)["Location"].startswith("/admin/second-step/")


@pytest.mark.parametrize(
    "mode, claims, is_enough",
    [
        ("provider", {}, True),
        ("claim", {"amr": ["pwd", "mfa"]}, True),
        ("claim", {"acr": "c1"}, True),
        ("claim", {"amr": ["pwd"], "acr": "c2"}, False),
        ("claim", {"amr": "mfa"}, False),
        ("claim", {}, False),
        ("site", {"amr": ["mfa"]}, False),
    ],
)
def test_the_providers_second_step_counts_by_setting(
    ada: User,
    provider: FakeProvider,
    client: Client,
    required: None,
    settings: LazySettings,
    mode: str,
    claims: dict[str, Any],
    is_enough: bool,
) -> None:
    settings.SSO_SECOND_FACTOR, settings.SSO_ACR_VALUES = mode, ["c1"]
    provider.claims |= claims
    provider.sign_in(client)
    assert (client.get("/admin/pages/").status_code == 200) is is_enough
    # It counts only as long as the operator says so.
    settings.SSO_SECOND_FACTOR = "site"
    assert client.get("/admin/pages/").status_code == 302


def test_who_has_no_password_confirms_at_the_provider(
    ada: User, provider: FakeProvider, client: Client
) -> None:
    provider.sign_in(client)
    session = client.session
    session["confirmed_at"] = 0
    session.save()
    page = client.get(client.get("/admin/second-step/app/")["Location"]).text
    assert 'name="again" value="1"' in page
    assert 'type="password"' not in page
    provider.finish(client, provider.begin(client, "/admin/second-step/app/", again="1"))
    assert client.get("/admin/second-step/app/").status_code == 200


@pytest.mark.parametrize("mode", ["site", "provider"])
@pytest.mark.parametrize("auth_time", [None, 0, "now", True, 10**11])
def test_an_earlier_sign_in_at_the_provider_confirms_nothing(
    ada: User,
    provider: FakeProvider,
    client: Client,
    settings: LazySettings,
    auth_time: Any,
    mode: str,
) -> None:
    """Neither when it is asked to confirm, nor with another sign-in, which it may not notice."""
    settings.SSO_SECOND_FACTOR = mode
    provider.claims["auth_time"] = auth_time
    provider.sign_in(client)
    assert get_user(client) == ada
    assert client.get("/admin/second-step/app/").status_code == 302
    again = provider.begin(client, "/admin/second-step/app/", again="1")
    response = client.get(provider.finish(client, again)["Location"], follow=True)
    assert "did not confirm that you have just signed in" in response.text
    assert client.get("/admin/second-step/app/").status_code == 302


def test_a_passkey_alone_does_not_replace_the_provider(
    ada: User, provider: FakeProvider, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.sign_in(Client())
    check = "bhp_site.second_factor.passkey_views.passkeys.check_passkey"
    monkeypatch.setattr(check, lambda credential: ada)
    response = client.post("/admin/login/passkey/", {"credential": "{}"})
    assert "Sign in with Example ID first" in get_message(response)
    assert get_user(client) is None


# --- Passwords are closed ----------------------------------------------------------------------


@pytest.fixture
def closed(settings: LazySettings, provider: FakeProvider) -> None:
    settings.SSO_ONLY, settings.SSO_EMERGENCY_ACCOUNTS = True, ["rescue@example.org"]


def test_only_emergency_accounts_use_a_password(ada: User, closed: None, client: Client) -> None:
    rescue = UserFactory(email="Rescue@example.org", is_superuser=True)
    for email, user in (("ada@example.org", None), ("rescue@example.org", rescue)):
        form = {"username": email, "password": "correct horse battery"}
        response = client.post(SIGN_IN, form)
        assert get_user(client) == user
        assert ("not correct" in response.text or "didn" in response.text) is (user is None)


@pytest.mark.parametrize("is_closed", [False, True])
def test_an_invitation_leads_to_the_provider(
    home: Page, provider: FakeProvider, client: Client, settings: LazySettings, is_closed: bool
) -> None:
    settings.SSO_ONLY = is_closed
    group = Group.objects.get(name="Writers")
    invitation = Invitation(first_name="Ada", last_name="King", email=ADDRESS, group=group)
    send_invitation(invitation)
    path = invitation.url.removeprefix("http://127.0.0.1:8000")
    page = client.get(path).text
    assert "sign in with Example ID" in page
    assert ("Create my account" in page) is not is_closed
    words = "another long and good password"
    client.post(path, {"new_password1": words, "new_password2": words})
    assert User.objects.filter(email=ADDRESS).exists() is not is_closed


def test_the_form_is_folded(home: Page, closed: None, client: Client) -> None:
    assert "<summary>Sign in with an emergency account</summary>" in client.get(SIGN_IN).text


def test_a_reset_is_for_emergency_accounts(ada: User, closed: None, client: Client) -> None:
    rescue = UserFactory(email="rescue@example.org", is_superuser=True)
    rescue.set_unusable_password()
    rescue.save()
    for email in ("ada@example.org", "rescue@example.org"):
        response = client.post("/admin/password_reset/", {"email": email})
        assert response["Location"] == "/admin/password_reset/done/"
    assert get_reset_addresses() == ["rescue@example.org"]


def test_emergency_accounts_are_not_connected(
    home: Page, closed: None, provider: FakeProvider, client: Client
) -> None:
    UserFactory(email="rescue@example.org", is_superuser=True)
    provider.claims["email"] = "rescue@example.org"
    assert "Sign in with its password" in get_message(provider.sign_in(client))
    assert not SocialAccount.objects.filter(provider=ISSUER).exists()


def test_addresses_are_not_changed_by_their_users(
    ada: User, provider: FakeProvider, client: Client
) -> None:
    client.force_login(ada)
    page = client.get("/admin/account/").text
    assert "Ask an administrator to change it." in page
    form = {"name_email-email": "pat@example.org", "name_email-first_name": "Ada"}
    client.post("/admin/account/", {**form, "name_email-last_name": "King"})
    ada.refresh_from_db()
    assert ada.email == "Ada@example.org"
