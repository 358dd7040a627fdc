"""Addresses that do not exist are stopped: by the server's reply, or by a report later."""

import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from bhp_site.alerts.bounces import read_bounces
from bhp_site.alerts.models import (
    STOPPED_RETENTION,
    Alert,
    AlertEmail,
    Frequency,
    Subscriber,
    SubscriptionRequest,
)
from bhp_site.alerts.purging import purge_alerts
from bhp_site.alerts.subscribing import ask_for_alerts, confirm
from bhp_site.alerts.topics import find_topics
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.tasks.models import QueuedTask
from news.models import NewsPage

from ..running_tasks import run_tasks
from ..smtp_sink import SmtpSink
from . import ADDRESS, add_subscriber
from .conftest import publish
from .test_sending import TASKS

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.com
To: bounces@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I could not deliver your message.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--B
Content-Type: {kind}

From: noreply@localhost
Message-ID: {message_id}
Subject: Announcement: Title

--B--
"""


@pytest.fixture
def sink(sink: SmtpSink, worker_alive: None) -> SmtpSink:
    """Return the sink while tasks stay in the queue."""
    return sink


@pytest.fixture(params=["maildir", "mbox"])
def bounces(request: Any, tmp_path: Path, settings: Any) -> Any:
    """A mailbox for reports, which the settings name."""
    settings.ALERTS_BOUNCES = str(tmp_path / "bounces")
    kind = mailbox.Maildir if request.param == "maildir" else mailbox.mbox
    return kind(settings.ALERTS_BOUNCES, create=True)


def make_report(
    email: AlertEmail,
    action: str = "failed",
    status: str = "5.1.1",
    kind: str = "text/rfc822-headers",
) -> mailbox.Message:
    text = REPORT.format(
        address=email.to, action=action, status=status, kind=kind, message_id=email.message_id
    )
    return mailbox.Message(text.encode())


def make_sent_email() -> AlertEmail:
    return AlertEmail.objects.create(subscriber=add_subscriber("news"), to=ADDRESS)


def test_a_refused_address_is_stopped_and_others_are_not(draft: NewsPage, sink: SmtpSink) -> None:
    add_subscriber("news")
    add_subscriber("news", email="other@example.com")
    sink.refusals[ADDRESS] = f"550 5.1.1 <{ADDRESS}> does not exist"
    publish(draft)
    run_tasks(*TASKS)
    assert [received.recipient for received in sink.received] == ["other@example.com"]
    stopped = Subscriber.objects.exclude(stopped_at=None).get()
    assert stopped.email == ADDRESS
    assert stopped.state == "Stopped: The mail server refused the address."
    assert ADDRESS not in "".join(QueuedTask.objects.values_list("error", flat=True))
    Alert.objects.create(page=draft, occasion="update-1")
    run_tasks(*TASKS)
    assert not AlertEmail.objects.filter(subscriber=stopped, sent_at=None).exists()


def test_a_mistake_in_the_settings_stops_nobody(draft: NewsPage, sink: SmtpSink) -> None:
    add_subscriber("news")
    sink.refusals[ADDRESS] = "554 5.7.1 Relay access denied"
    publish(draft)
    run_tasks(*TASKS)
    assert Subscriber.objects.active().exists()
    assert AlertEmail.objects.failing().count() == 1


def test_a_request_of_a_refused_address_is_deleted(sink: SmtpSink, site: Any) -> None:
    sink.refusals[ADDRESS] = "550 no such user"
    ask_for_alerts(ADDRESS, find_topics(["news"]), Frequency.IMMEDIATE, "fingerprint")
    run_tasks(send_queued_email)
    assert not SubscriptionRequest.objects.exists()


def test_the_return_path_is_that_of_the_settings(
    draft: NewsPage, sink: SmtpSink, settings: Any
) -> None:
    settings.ALERTS_RETURN_PATH = "bounces@example.org"
    add_subscriber("news")
    publish(draft)
    run_tasks(*TASKS)
    assert sink.received[0].sender == "bounces@example.org"
    assert sink.received[0].message["From"] == settings.DEFAULT_FROM_EMAIL


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_stops_the_address(site: Any, bounces: Any, kind: str) -> None:
    bounces.add(make_report(make_sent_email(), kind=kind))
    letter = EmailMessage()
    letter["Subject"] = "A question"
    bounces.add(mailbox.Message(letter))
    bounces.close()
    assert read_bounces() == 1
    assert Subscriber.objects.get().state == "Stopped: An e-mail could not be delivered (5.1.1)."
    # The report is deleted, what a person wrote is not.
    assert read_bounces() == 0
    left = type(bounces)(bounces._path, create=False)
    assert [message["Subject"] for message in left] == ["A question"]


@pytest.mark.parametrize(
    ("action", "status", "message_id"),
    [
        ("delayed", "4.4.1", ""),
        ("failed", "4.2.2", ""),
        ("failed", "5.7.1", ""),
        ("failed", "5.1.1", "<made-up@example.org>"),
    ],
)
def test_other_reports_stop_nobody(
    site: Any, bounces: Any, action: str, status: str, message_id: str
) -> None:
    email = make_sent_email()
    email.message_id = message_id or email.message_id
    bounces.add(make_report(email, action, status))
    bounces.close()
    read_bounces()
    assert Subscriber.objects.active().exists()


def test_the_command_reads_a_mailbox(site: Any, bounces: Any, capsys: Any) -> None:
    bounces.add(make_report(make_sent_email()))
    bounces.close()
    call_command("read_bounces")
    assert capsys.readouterr().out == "Reports read: 1\n"
    with pytest.raises(CommandError):
        call_command("read_bounces", "/nonexistent")


def test_a_stopped_address_can_be_confirmed_again_or_is_deleted(
    site: Any, clock: time_machine.Traveller
) -> None:
    for _ in range(2):
        subscriber = Subscriber.objects.first() or add_subscriber("news")
        subscriber.stop("No such user")
        ask_for_alerts(ADDRESS, find_topics(["news"]), Frequency.WEEKLY, f"print-{_}")
        confirm(SubscriptionRequest.objects.get())
        assert Subscriber.objects.active().count() == 1
    Subscriber.objects.get().stop("No such user")
    clock.shift(STOPPED_RETENTION.total_seconds() + 1)
    purge_alerts()
    assert not Subscriber.objects.exists()
