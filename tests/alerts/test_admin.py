"""Editors see numbers and previews; addresses only with the permission."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client

from bhp_site.alerts.models import AlertEmail, Subscriber
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.core.models import SiteSettings, User
from news.models import NewsPage

from ..conftest import signed_in
from ..running_tasks import run_tasks
from . import ADDRESS, add_subscriber, get_parts
from .conftest import publish
from .test_sending import TASKS

NUMBERS = "/admin/reports/e-mail-alerts/"


def get_preview_url(page: Any) -> str:
    return f"/admin/pages/{page.pk}/alert/"


@pytest.fixture
def data_client(editor: User) -> Client:
    """An editor who may see and delete addresses."""
    names = ("view_subscriber", "delete_subscriber")
    editor.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return signed_in(editor)


def test_editors_see_numbers_without_addresses(
    draft: NewsPage, editor_client: Client, guest_client: Client
) -> None:
    add_subscriber("news")
    add_subscriber("news", "reports", email="other@example.com", frequency="weekly")
    publish(draft)
    run_tasks(*TASKS)
    screen = editor_client.get(NUMBERS)
    assert screen.context["counts"] == {"immediate": 1, "weekly": 1, "stopped": 0}
    assert screen.context["topics"] == [("All news", 2), ("All reports", 1)]
    (alert,) = screen.context["alerts"]
    assert (alert.sent, alert.waiting) == (1, 0)
    assert "@example.com" not in screen.text
    assert "must have one by law" in screen.text
    settings = SiteSettings.get_default()
    settings.address = "1 The Street"
    settings.save()
    assert "must have one by law" not in editor_client.get(NUMBERS).text
    assert guest_client.get(NUMBERS).status_code == 302


def test_with_the_permission_an_address_is_exported_and_deleted(
    site: Any, data_client: Client
) -> None:
    add_subscriber("news")
    assert ADDRESS in data_client.get(NUMBERS).text
    form = {"email": ADDRESS, "action": "export"}
    data = json.loads(data_client.post(f"{NUMBERS}address/", form).content)
    assert data["subscription"]["topics"] == ["All news"]
    response = data_client.post(f"{NUMBERS}address/", form | {"action": "delete"}, follow=True)
    assert "is deleted" in response.text
    assert not Subscriber.objects.exists()
    response = data_client.post(f"{NUMBERS}address/", form | {"action": "delete"}, follow=True)
    assert "Nothing was deleted" in response.text


@pytest.mark.parametrize("action", ["export", "delete"])
def test_without_the_permission_nothing_is_shown_or_deleted(
    site: Any, editor_client: Client, action: str
) -> None:
    add_subscriber("news")
    form = {"email": ADDRESS, "action": action}
    response = editor_client.post(f"{NUMBERS}address/", form)
    assert ADDRESS not in response.text
    assert Subscriber.objects.exists()


def test_editors_preview_the_draft_and_send_a_test_to_themselves(
    draft: NewsPage, editor: User, editor_client: Client, guest_client: Client
) -> None:
    add_subscriber("news")
    draft.title = "A later draft"
    draft.save_revision()
    edit = editor_client.get(f"/admin/pages/{draft.pk}/edit/")
    assert get_preview_url(draft) in edit.text
    screen = editor_client.get(get_preview_url(draft))
    assert "Announcement: A later draft" in screen.text
    assert "This is a test. Only you have received it." in screen.text
    # The HTML is the value of an attribute.
    assert 'srcdoc="&lt;!DOCTYPE html&gt;' in screen.text
    response = editor_client.post(get_preview_url(draft), follow=True)
    assert f"The test is on its way to {editor.email}." in response.text
    assert mail.outbox == []
    run_tasks(send_queued_email)
    (message,) = mail.outbox
    assert message.to == [editor.email]
    assert message.subject == "Test: Announcement: A later draft"
    text, html = get_parts(message)
    assert "A later draft" in text
    assert "A later draft" in html
    assert "List-Unsubscribe" not in message.extra_headers
    assert guest_client.get(get_preview_url(draft)).status_code == 302


def test_other_pages_have_no_alert(site: Any, editor_client: Client) -> None:
    assert editor_client.get(get_preview_url(site.partner)).status_code == 302


def test_failed_emails_are_shown_and_tried_again(
    site: Any, publisher_client: Client, editor_client: Client, draft: NewsPage
) -> None:
    add_subscriber("news")
    publish(draft)
    run_tasks(TASKS[0])
    AlertEmail.objects.update(problem="Connection refused", is_given_up=True)
    assert "1 e-mail to subscribers could not be sent." in publisher_client.get("/admin/").text
    assert "Connection refused" in publisher_client.get(NUMBERS).text
    retry = f"{NUMBERS}send-again/"
    editor_client.post(retry)
    assert AlertEmail.objects.failing().exists()
    publisher_client.post(retry)
    run_tasks(*TASKS)
    assert AlertEmail.objects.exclude(sent_at=None).count() == 1
    assert "could not be sent" not in publisher_client.get("/admin/").text
