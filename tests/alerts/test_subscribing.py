"""Joining takes a form, an e-mail and a button; leaving takes one button."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from bhp_site.alerts.models import AlertEmail, Subscriber, SubscriptionRequest
from bhp_site.alerts.purging import purge_alerts
from bhp_site.alerts.subscribing import CONSENT_TEXT, export_address
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.core.url_prefixes import UNCACHEABLE_PREFIXES

from ..enquiries import get_stamp
from ..running_tasks import run_tasks
from . import ADDRESS, add_subscriber, find_link, get_parts, get_path

ANSWERS = {"sections": "news", "frequency": "at-once", "email": ADDRESS}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}

Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask(client: Client, clock: time_machine.Traveller, site: Any) -> Ask:
    """Opens the form, takes ten seconds, and sends it with `changes`; sends the e-mail."""

    def act(**changes: str | None) -> HttpResponse:
        stamp = get_stamp(client.get("/alerts/"))
        clock.shift(10)
        answers = {"stamp": stamp, **ANSWERS, **changes}
        answers = {name: value for name, value in answers.items() if value is not None}
        response = client.post("/alerts/", answers)
        run_tasks(send_queued_email)
        return response

    return act


def confirm_last_email(client: Client) -> HttpResponse:
    path = find_link(mail.outbox[-1].body, "/alerts/confirm/")
    return client.post(path, follow=True)


def test_a_visitor_joins_in_three_steps(ask: Ask, client: Client) -> None:
    response = ask(email="Jo@Example.com")
    assert response.url == "/alerts/sent/"
    assert "We have sent you an e-mail" in client.get(response.url).text
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    text, html = get_parts(message)
    for part in (text, html):
        assert "All news" in part
        assert "8 September 2026" in part
    path = find_link(text, "/alerts/confirm/")
    assert path in html
    page = client.get(path)
    assert "Confirm" in page.text
    # Programs that open links of e-mails confirm nothing.
    assert not Subscriber.objects.exists()
    page = client.post(path, follow=True)
    assert "Your address is confirmed" in page.text
    subscriber = Subscriber.objects.get()
    assert subscriber.email == ADDRESS
    assert [topic.key for topic in subscriber.topics] == ["news"]
    assert subscriber.consent_text.startswith(CONSENT_TEXT)
    assert "Topics: All news\nFrequency: As soon as" in subscriber.consent_text
    assert subscriber.consent_at.isoformat().startswith("2026-09-01T12:00:10")
    assert not SubscriptionRequest.objects.exists()
    assert client.get(path).status_code == 410


def test_the_form_names_what_is_missing(ask: Ask, client: Client) -> None:
    page = ask(sections=None, email="").text
    assert "Select at least one topic." in page
    assert "Enter your e-mail address." in page
    assert "<title>Error: E-mail alerts" in page
    assert not mail.outbox


def test_links_preselect_their_topic(client: Client, site: Any) -> None:
    page = client.get(f"/alerts/?topic=reports&topic=page-{site.theme.pk}&topic=nonsense")
    chosen = page.context["form"]
    assert chosen["sections"].initial == ["reports"]
    assert chosen["themes"].initial == [f"page-{site.theme.pk}"]
    assert page.text.count(" checked") == 3  # With the frequency.


def test_nobody_learns_who_is_subscribed(ask: Ask, client: Client) -> None:
    first = ask()
    confirm_last_email(client)
    again = ask(sections="reports")
    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert mail.outbox[0].subject == mail.outbox[1].subject
    # Without the button in the e-mail nothing has changed.
    assert [topic.key for topic in Subscriber.objects.get().topics] == ["news"]
    confirm_last_email(client)
    assert [topic.key for topic in Subscriber.objects.get().topics] == ["news", "reports"]


def test_a_form_sent_twice_is_one_email(client: Client, site: Any, clock: Any) -> None:
    stamp = get_stamp(client.get("/alerts/"))
    clock.shift(10)
    for _ in range(2):
        assert client.post("/alerts/", {"stamp": stamp, **ANSWERS}).status_code == 302
    assert AlertEmail.objects.count() == 1


def test_one_address_gets_few_emails_an_hour(ask: Ask) -> None:
    responses = [ask() for _ in range(6)]
    assert [response.status_code for response in responses] == [302] * 5 + [429]
    assert responses[-1]["Retry-After"] == "3600"
    assert len(mail.outbox) == 5


def test_programs_are_refused(ask: Ask) -> None:
    assert "We could not send your form" in ask(leave_empty="x").text
    assert not mail.outbox


def test_what_is_not_confirmed_is_deleted_after_a_week(
    ask: Ask, client: Client, clock: time_machine.Traveller
) -> None:
    ask()
    path = find_link(mail.outbox[0].body, "/alerts/confirm/")
    clock.shift(datetime.timedelta(days=6, hours=23))
    purge_alerts()
    assert client.get(path).status_code == 200
    clock.shift(datetime.timedelta(hours=2))
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    purge_alerts()
    assert not SubscriptionRequest.objects.exists()
    assert not AlertEmail.objects.exists()


def test_a_subscriber_changes_topics_and_frequency(client: Client, site: Any) -> None:
    subscriber = add_subscriber("news", f"page-{site.theme.pk}")
    path = get_path(subscriber)
    page = client.get(path)
    assert page.context["form"]["themes"].initial == [f"page-{site.theme.pk}"]
    choices = {"sections": ["reports"], "frequency": "weekly"}
    assert "Your choices are saved." in client.post(path, choices, follow=True).text
    subscriber.refresh_from_db()
    assert [topic.key for topic in subscriber.topics] == ["reports"]
    assert subscriber.frequency == "weekly"
    assert "Topics: All reports" in subscriber.consent_text
    assert "Select at least one topic." in client.post(path, {"frequency": "weekly"}).text


def test_a_topic_that_is_hidden_stays_selected(client: Client, site: Any) -> None:
    subscriber = add_subscriber(f"page-{site.theme.pk}")
    site.theme.unpublish()
    page = client.get(get_path(subscriber))
    assert page.context["form"]["themes"].initial == [f"page-{site.theme.pk}"]


@pytest.mark.parametrize("body", [{}, ONE_CLICK])
def test_one_post_leaves_and_deletes_everything(site: Any, body: dict[str, str]) -> None:
    subscriber = add_subscriber("news")
    AlertEmail(subscriber=subscriber, to=ADDRESS).save()
    path = get_path(subscriber, "leave")
    program = Client(enforce_csrf_checks=True)
    assert "Stop all e-mails" in program.get(path).text
    assert Subscriber.objects.exists()
    for _ in range(2):
        response = program.post(path, body)
        assert response.status_code == 200
        assert "We have stopped your e-mails" in response.text
    assert not Subscriber.objects.exists()
    assert not AlertEmail.objects.exists()
    assert program.get(get_path(subscriber)).status_code == 404


@pytest.mark.parametrize("name", ["confirm", "manage", "leave"])
def test_a_made_up_token_is_refused(client: Client, site: Any, name: str) -> None:
    subscriber = add_subscriber("news")
    for token in (subscriber.key, f"{subscriber.key}:{'a' * 43}", "x"):
        for method in (client.get, client.post):
            assert method(f"/alerts/{name}/{token}/").status_code == 404
    assert Subscriber.objects.exists()


def test_private_pages_are_never_stored_and_never_logged(
    client: Client, site: Any, settings: Any, capsys: Any
) -> None:
    settings.LOG_REQUESTS = True
    subscriber = add_subscriber("news")
    for name in ("manage", "leave"):
        path = get_path(subscriber, name)
        assert path.startswith(UNCACHEABLE_PREFIXES)
        response = client.get(path)
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
    assert subscriber.key not in capsys.readouterr().err


def test_all_about_an_address_can_be_exported_and_deleted(
    ask: Ask, client: Client, capsys: Any
) -> None:
    ask()
    confirm_last_email(client)
    ask(sections="reports")
    data = export_address("JO@example.com")
    assert data["subscription"]["topics"] == ["All news"]
    assert data["subscription"]["consent"].startswith(CONSENT_TEXT)
    assert len(data["requests"]) == 1
    path = get_path(Subscriber.objects.get()) + "data.json"
    assert json.loads(client.get(path).content) == data
    capsys.readouterr()
    call_command("subscriber_data", ADDRESS)
    assert json.loads(capsys.readouterr().out) == data
    call_command("subscriber_data", "JO@example.com", "--delete")
    assert not Subscriber.objects.exists()
    assert export_address(ADDRESS) == {"email": ADDRESS, "requests": [], "subscription": None}
