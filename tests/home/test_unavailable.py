"""What editors and visitors get while the database is away or the disk is full."""

import errno
import html
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.test import Client
from wagtail.models import Page

from bhp_site.core.models import User

from ..factories import UserFactory

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"}


@pytest.fixture
def editor(client: Client, db: None) -> Client:
    user: User = UserFactory(is_superuser=True)
    client.force_login(user)
    client.raise_request_exception = False
    return client


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let every change of a page fail with `error`."""

    def raise_error(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr("wagtail.admin.views.pages.edit.EditView.dispatch", raise_error)


@pytest.mark.parametrize(
    "error, heading",
    [
        (OperationalError("server closed the connection"), "The database cannot be reached"),
        (InterfaceError("connection is closed"), "The database cannot be reached"),
        (OperationalError("database or disk is full"), "The disk of the server is full"),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk of the server is full"),
    ],
)
def test_an_editor_sends_again_what_was_not_saved(
    editor: Client, home: Page, monkeypatch: pytest.MonkeyPatch, error: Exception, heading: str
) -> None:
    fail(monkeypatch, error)
    address = f"/admin/pages/{home.pk}/edit/"
    form = {"title": "A <title>", "body": "Many words", "password": "secret"}
    response = editor.post(address, form, headers=SAME_ORIGIN)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response["Cache-Control"] == "no-store"
    text = html.unescape(response.text)
    assert heading in text
    assert "Nothing was saved." in text
    assert f'action="{address}"' in text
    assert 'name="body" value="Many words"' in text
    assert 'name="title" value="A &lt;title&gt;"' in response.text
    assert "csrfmiddlewaretoken" in text
    assert "secret" not in text


def test_a_script_gets_the_reason(
    editor: Client, home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, OperationalError("gone"))
    headers = {"X-Requested-With": "XMLHttpRequest"}
    response = editor.post(f"/admin/pages/{home.pk}/edit/", {"title": "x"}, headers=headers)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Nothing was saved" in response.json()["error_message"]


def test_a_form_of_another_site_is_not_offered(
    editor: Client, home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, OperationalError("gone"))
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = editor.post(f"/admin/pages/{home.pk}/edit/", {"title": "Theirs"}, headers=headers)
    assert response.status_code == 503
    assert "Theirs" not in response.text


def test_an_error_of_ours_stays_an_error(
    editor: Client, home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, ProgrammingError("no such column"))
    assert editor.post(f"/admin/pages/{home.pk}/edit/", {"title": "x"}).status_code == 500


def test_a_visitor_is_asked_to_try_again(
    client: Client, home: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raise_error(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("wagtail.views.serve", raise_error)
    monkeypatch.setattr("bhp_site.search.views.find", raise_error)
    client.raise_request_exception = False
    response = client.get("/search/?q=report")
    assert response.status_code == 503
    assert "Service unavailable for a moment" in response.text
