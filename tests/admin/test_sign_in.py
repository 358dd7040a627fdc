"""Signing in, and getting back in when the password is forgotten."""

import datetime
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.template import Context, Template
from django.test import Client

from bhp_site.core.models import User
from bhp_site.sign_in.models import AccountEmail
from tests.factories import UserFactory

PASSWORD = "correct horse battery"
LOGIN = "/admin/login/"


@pytest.fixture
def jo(db: None) -> User:
    user = UserFactory(email="jo.lee@example.org")
    user.groups.add(Group.objects.get(name="Writers"))
    return user


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"username": email, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.mark.parametrize("email", ["jo.lee@example.org", "Jo.Lee@Example.ORG"])
def test_the_address_signs_in_in_any_case(jo: User, client: Client, email: str) -> None:
    assert sign_in(client, email).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize(
    "email, password",
    [("jo.lee@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("", "")],
)
def test_what_does_not_match_is_refused(
    jo: User, client: Client, email: str, password: str
) -> None:
    assert sign_in(client, email, password).status_code == 200
    assert not is_in(client)


def test_a_wrong_password_is_told_in_words(jo: User, client: Client) -> None:
    text = sign_in(client, jo.email, "wrong").text
    assert "didn&#x27;t match" in text or "didn't match" in text


def test_a_wrong_address_is_told_in_the_same_words(jo: User, client: Client) -> None:
    def message(email: str) -> list[str]:
        return re.findall(r"[^<>]*match[^<>]*", sign_in(client, email, "wrong").text)

    assert message(jo.email) == message("nobody@example.org")


def test_somebody_without_a_group_is_not_let_in(db: None, client: Client) -> None:
    sign_in(client, UserFactory().email)
    assert not is_in(client)


def test_somebody_no_longer_active_is_not_let_in(jo: User, client: Client) -> None:
    User.objects.update(is_active=False)
    sign_in(client, jo.email)
    assert not is_in(client)


def test_the_form_names_the_site_and_asks_for_the_address(db: None, client: Client) -> None:
    text = client.get(LOGIN).text
    assert "Sign in to Birmingham Health Partners" in text
    assert "mail address" in text


def test_nothing_of_the_admin_is_open_to_visitors(db: None, client: Client) -> None:
    response = client.get("/admin/pages/")
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)


@pytest.fixture
def mails(settings: LazySettings, tmp_path: Path) -> Path:
    """The folder messages are written to, as without a mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def ask_for_reset(client: Client, email: str) -> Any:
    return client.post("/admin/password_reset/", {"email": email})


def test_a_forgotten_password_is_set_anew(jo: User, site: Any, mails: Path, client: Client) -> None:
    assert ask_for_reset(client, jo.email).status_code == 302
    AccountEmail.objects.get().try_now()
    (mail,) = mails.iterdir()
    words = mail.read_text()
    assert f"To: {jo.email}" in words
    link = re.search(r"https?://[^/\s]+(/admin/password_reset/confirm/\S+)", words)
    assert link is not None
    form = client.get(link[1], follow=True)
    assert form.status_code == 200
    address = form.redirect_chain[-1][0]
    new = "another horse battery"
    client.post(address, {"new_password1": new, "new_password2": new})
    assert sign_in(client, jo.email, new).status_code == 302
    assert is_in(client)


def test_an_unknown_address_gets_no_mail_and_is_told_nothing(
    jo: User, mails: Path, client: Client
) -> None:
    known, unknown = ask_for_reset(client, jo.email), ask_for_reset(client, "no@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    for email in AccountEmail.objects.all():
        email.try_now()
    assert len(list(mails.iterdir())) == 1


def test_colleagues_see_a_name_and_never_an_address() -> None:
    assert str(User(email="a@example.org", first_name="Jo", last_name="Lee")) == "Jo Lee"
    assert str(User(pk=7, email="a@example.org")) == "User 7"


RESET = "/admin/password_reset/"


@pytest.mark.parametrize(
    "address", [LOGIN, RESET, f"{RESET}done/", f"{RESET}confirm/MQ/x-y/", f"{RESET}complete/"]
)
def test_these_pages_look_like_the_site(db: None, client: Client, address: str) -> None:
    text = client.get(address).text
    html5lib.HTMLParser(strict=True).parse(text)
    assert "/static/css/site.css" in text
    assert "wagtailadmin/css" not in text
    # Passkeys need a script; everything else works without one.
    scripts = re.findall(r"<script[^>]*>", text)
    assert all("/static/js/passkeys" in script for script in scripts)
    assert '<a class="logo" href="/">' in text
    assert len(re.findall("<h1[ >]", text)) == 1


def test_in_the_dialog_of_an_editor_no_link_leads_away(db: None, client: Client) -> None:
    text = client.get(LOGIN, {"next": "/admin/session/signed-in/"}).text
    body = text.partition("<body>")[2]
    assert "<a " not in body
    assert '<input type="hidden" name="next" value="/admin/session/signed-in/">' in body


def test_one_stays_signed_in_on_request(jo: User, client: Client) -> None:
    posted = {"username": jo.email, "password": PASSWORD, "remember": "on"}
    assert client.post(LOGIN, posted).cookies["sessionid"]["expires"] != ""
    assert 'name="remember"' in Client().get(LOGIN).text


@pytest.mark.parametrize(
    ("moment", "attribute"),
    [
        (
            datetime.datetime(2026, 3, 4, 5, 6, 7, 123456, tzinfo=datetime.UTC),
            "2026-03-04T05:06:07+00:00",
        ),
        (datetime.date(2026, 3, 4), "2026-03-04"),
    ],
)
def test_dates_in_the_admin_are_valid_html(moment: datetime.date, attribute: str) -> None:
    html = Template("{% load wagtailadmin_tags %}{% human_readable_date date %}").render(
        Context({"date": moment})
    )
    assert re.findall(r'datetime="([^"]+)"', html) == [attribute]
