"""Refused requests are logged and counted: who was refused what and why, and nothing more."""

import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from bhp_site.core.confidential.tracking import set_people
from bhp_site.core.models import User
from bhp_site.core.monitoring import metrics, refusals
from bhp_site.core.monitoring.logs import JsonFormatter, TextFormatter
from news.models import NewsPage

from ..conftest import signed_in
from ..factories import NewsPageFactory, SiteDocumentFactory, SiteImageFactory, UserFactory

SECRET_QUERY = "?token=not-for-the-log"


@pytest.fixture(autouse=True)
def _no_earlier_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "line_limit", refusals.LineLimit())


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "bhp_site.core.monitoring.refusals")
    return caplog


@pytest.fixture
def member(db: None) -> User:
    """Return a user who may not open the admin."""
    user: User = UserFactory()
    return user


def list_lines(log: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Return the details of the lines about refusals, as LOG_FORMAT=json shows them."""
    records = [record for record in log.records if record.name == refusals.logger.name]
    lines = [json.loads(JsonFormatter().format(record)) for record in records]
    assert all(line["time"] and line["level"] == "WARNING" for line in lines)
    return [line["details"] for line in lines if "details" in line]


def get_line(log: pytest.LogCaptureFixture) -> tuple[str, str, str, int]:
    """Return reason, user, path and status of the only refusal."""
    (line,) = list_lines(log)
    assert SECRET_QUERY[1:] not in json.dumps(line)
    return line["reason"], line["user"], line["path"], line["status"]


def test_a_screen_without_permission_is_logged(
    editor: User, editor_client: Client, log: Any
) -> None:
    """Wagtail leads the user to the dashboard instead."""
    response = editor_client.get(f"/admin/users/{SECRET_QUERY}")
    assert get_line(log) == ("permission", str(editor.pk), "/admin/users/", 302)
    # The dashboard shows the message all the same, once, and is not refused itself.
    assert "you do not have permission" in editor_client.get(response["Location"]).text
    assert "you do not have permission" not in editor_client.get("/admin/").text
    assert len(list_lines(log)) == 1


def test_a_script_without_permission_is_logged(
    editor: User, editor_client: Client, log: Any
) -> None:
    editor_client.get("/admin/users/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert get_line(log) == ("permission", str(editor.pk), "/admin/users/", 403)


def test_an_object_without_permission_is_logged(
    site: SimpleNamespace, editor: User, editor_client: Client, log: Any
) -> None:
    """A view of Wagtail, and one of the site, raise PermissionDenied."""
    editor_client.get(f"/admin/pages/{site.news_index.pk}/privacy/")
    path = f"/admin/pages/{site.news.pk}/confidential/"
    editor_client.get(path)
    assert [line["user"] for line in list_lines(log)] == [str(editor.pk)] * 2
    assert list_lines(log)[1]["path"] == path


def test_somebody_without_access_to_the_admin_is_logged(home: Page, member: User, log: Any) -> None:
    signed_in(member).get("/admin/")
    assert get_line(log) == ("permission", str(member.pk), "/admin/", 302)


def test_a_page_for_other_groups_is_logged(
    site: SimpleNamespace, member: User, log: Any, client: Client
) -> None:
    restriction = PageViewRestriction.objects.create(
        page=site.news, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.get(name="Writers"))
    signed_in(member).get(site.news.url)
    assert get_line(log) == ("permission", str(member.pk), site.news.url, 302)
    # A visitor is asked to sign in, which refuses nothing.
    client.get(site.news.url)
    assert len(list_lines(log)) == 1


def test_a_private_document_or_image_is_logged_for_users_alone(
    home: Page, member: User, log: Any, client: Client
) -> None:
    document, image = SiteDocumentFactory(title="Private"), SiteImageFactory()
    for path in (document.url, image.file.url):
        assert client.get(path).status_code == 404
        assert not list_lines(log)
        assert signed_in(member).get(path).status_code == 404
        assert get_line(log) == ("private", str(member.pk), path, 404)
        log.clear()


def test_a_confidential_draft_is_logged(
    site: SimpleNamespace, publisher: User, publisher_client: Client, log: Any
) -> None:
    author = UserFactory(is_superuser=True)
    draft: NewsPage = NewsPageFactory(parent=site.news_index, live=False, owner=author)
    draft.save_revision(user=author)
    set_people(draft, [author], author)
    path = f"/admin/pages/{draft.pk}/edit/"
    assert publisher_client.get(path).status_code == 404
    assert get_line(log) == ("private", str(publisher.pk), path, 404)


def test_a_form_without_its_token_is_logged(home: Page, publisher: User, log: Any) -> None:
    for user in (publisher, None):
        client = Client(enforce_csrf_checks=True)
        if user:
            client.force_login(user)
        client.post("/admin/login/", {"username": "a@example.org", "password": "secret words"})
        reason, name, path, _ = get_line(log)
        assert (reason, name, path) == ("csrf", str(user.pk) if user else "", "/admin/login/")
        (line,) = list_lines(log)
        assert "CSRF cookie not set" in line["detail"]
        assert "secret words" not in log.text
        log.clear()


@pytest.mark.parametrize("header", ["Origin", "Referer"])
def test_of_the_page_that_sent_a_form_only_the_host_is_logged(
    home: Page, log: Any, header: str
) -> None:
    """Its address may have personal data, and be as long as its site likes."""
    client = Client(enforce_csrf_checks=True)
    client.get("/admin/login/")
    url = f"https://other.example:8443/ada@example.org/?{'q' * 9000}"
    client.post("/admin/login/", {}, headers={header: url}, secure=True)
    (line,) = list_lines(log)
    sentence = f"{header} checking failed - https://other.example:8443 does not match any trusted"
    assert line["detail"].startswith(sentence)
    assert "ada@example.org" not in log.text


def test_too_many_attempts_are_logged_with_the_limit(home: Page, client: Client, log: Any) -> None:
    for _ in range(6):
        client.post("/admin/login/", {"username": "a@example.org", "password": "a guess"})
    assert get_line(log) == ("limit", "", "/admin/login/", 429)
    assert list_lines(log)[0]["detail"]
    assert "a@example.org" not in log.text


def test_what_is_allowed_missing_or_asks_to_sign_in_is_not_logged(
    site: SimpleNamespace, client: Client, publisher_client: Client, log: Any
) -> None:
    for path in ("/", "/nowhere/", "/admin/", "/admin/users/", "/admin/pages/1/edit/"):
        client.get(path)
    for path in ("/", "/nowhere/", "/admin/", "/admin/pages/999999/edit/"):
        publisher_client.get(path)
    publisher_client.post("/admin/logout/")
    assert not list_lines(log)


def test_nobody_fills_the_log(
    editor_client: Client, client: Client, log: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes = iter([*[0.0] * 12, 60.0])
    monkeypatch.setattr(refusals, "time", SimpleNamespace(monotonic=lambda: next(minutes)))
    monkeypatch.setattr(refusals, "MAX_LINES_PER_MINUTE", 4)
    for _ in range(12):
        editor_client.get("/admin/users/")
    assert len(list_lines(log)) == 4
    editor_client.get("/admin/users/")
    assert len(list_lines(log)) == 5
    assert "8 more refused requests were counted, but not logged" in log.text


def test_the_path_cannot_forge_a_line(editor_client: Client, log: Any) -> None:
    editor_client.get("/admin/users/%0AForged/", headers={"X-Requested-With": "XMLHttpRequest"})
    editor_client.get("/admin/reports/accounts/", {"next": "/\nForged"})
    formatter = TextFormatter("{message}", style="{")
    records = [record for record in log.records if record.name == refusals.logger.name]
    assert records
    assert not [line for line in map(formatter.format, records) if "\n" in line]


def test_refusals_are_counted_by_reason(
    monkeypatch: pytest.MonkeyPatch, editor_client: Client
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(metrics, "count_refusal", counted.append)
    monkeypatch.setattr(refusals, "MAX_LINES_PER_MINUTE", 0)
    for _ in range(2):
        editor_client.get("/admin/users/")
    assert counted == ["permission"] * 2


def test_outside_of_a_request_nothing_is_noted() -> None:
    refusals.note_refusal(refusals.Reason.LIMIT, "enquiries")
    assert refusals.noted_refusals.get() is None
