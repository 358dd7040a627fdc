"""What the account page asks for before a change, and which passwords the site takes."""

from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page

from bhp_site.core.models import User
from bhp_site.sign_in.models import AccountEmail, AttemptCounter

from ..factories import UserFactory

ACCOUNT = "/admin/account/"
PASSWORD = "a long and correct password"
NEW_PASSWORD = "quartz lantern seventeen oboe"


@pytest.fixture
def user(home: Page) -> User:
    user = UserFactory(
        email="ada@example.org", first_name="Ada", last_name="Byron", is_superuser=True
    )
    user.set_password(PASSWORD)
    user.save()
    AccountEmail.objects.all().delete()
    return user


def save(user: User, **changes: str) -> Any:
    """Post the account page with `changes`; return the response."""
    client = Client()
    client.force_login(user)
    form = {
        "name_email-first_name": user.first_name,
        "name_email-last_name": user.last_name,
        "name_email-email": user.email,
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
    }
    response = client.post(ACCOUNT, form | {k.replace("__", "-"): v for k, v in changes.items()})
    user.refresh_from_db()
    return response


def test_the_name_changes_without_the_password(user: User) -> None:
    assert save(user, name_email__first_name="Augusta").status_code == 302
    assert user.first_name == "Augusta"
    assert not AttemptCounter.objects.exists()


def test_the_address_needs_the_current_password(user: User) -> None:
    new = {"name_email__email": "Ada@example.com"}
    response = save(user, **new)
    assert "Enter your current password to change your e-mail address." in response.text
    response = save(user, **new, name_email__current_password="wrong")
    assert "This is not your current password." in response.text
    assert user.email == "ada@example.org"
    assert AttemptCounter.objects.get().attempts == 1
    assert save(user, **new, name_email__current_password=PASSWORD).status_code == 302
    assert user.email == "ada@example.com"
    assert [email.to for email in AccountEmail.objects.all()] == ["ada@example.org"]


def test_the_password_needs_the_current_one(user: User) -> None:
    new = {"password__new_password1": NEW_PASSWORD, "password__new_password2": NEW_PASSWORD}
    assert save(user, **new).status_code == 200
    assert save(user, **new, password__old_password="wrong").status_code == 200
    assert user.check_password(PASSWORD)
    assert save(user, **new, password__old_password=PASSWORD).status_code == 302
    assert user.check_password(NEW_PASSWORD)
    assert [email.to for email in AccountEmail.objects.all()] == ["ada@example.org"]


def test_attempts_at_the_current_password_are_limited(user: User) -> None:
    new = {"name_email__email": "ada@example.com"}
    for _ in range(5):
        save(user, **new, name_email__current_password="wrong")
    response = save(user, **new, name_email__current_password=PASSWORD)
    assert "There were too many attempts." in response.text
    assert user.email == "ada@example.org"


def test_without_a_password_the_address_stays(user: User) -> None:
    user.set_unusable_password()
    user.save()
    assert save(user, name_email__email="ada@example.com").status_code == 302
    assert user.email == "ada@example.org"


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "qwertyuiop123",
        "passwordpassword",
        "aaaaaaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "123456789012",
        "Birmingham2026!",
        "ada@example.org",
    ],
)
def test_passwords_that_are_easy_to_guess_are_refused(user: User, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize("password", [NEW_PASSWORD, "xK9#mQ2$vL5p", "z" * 30 + "quartz oboe" * 20])
def test_other_passwords_are_taken(user: User, password: str) -> None:
    validate_password(password, user)
