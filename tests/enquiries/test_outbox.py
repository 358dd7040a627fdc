"""With mail down nothing is lost; with mail up again everything goes, once."""

import datetime
import logging
from collections.abc import Callable
from email.message import EmailMessage as Mail
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from bhp_site.core.mail.queue import MAX_ATTEMPTS, send_queued_email
from bhp_site.core.models import SiteSettings
from bhp_site.enquiries import emails
from bhp_site.enquiries.models import Enquiry
from bhp_site.enquiries.outbox import EnquiryEmail, post
from bhp_site.files.models import SiteDocument
from bhp_site.tasks.models import QueuedTask

from ..running_tasks import run_tasks
from . import ADDRESS, COPY_FORM, PROBLEM, PROBLEM_FORM

Send = Callable[..., HttpResponse]


@pytest.fixture
def post_office(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Where mail goes; `is_down` until it is said to be up."""

    class PostOffice:
        is_down = True
        seen = 0

        def send(self, message: Any, fail_silently: bool = False) -> int:
            self.seen += 1
            if self.is_down:
                raise ConnectionRefusedError(111, f"Connection refused for {message.to[0]}")
            mail.outbox.append(message)
            return 1

    office = PostOffice()
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: office.send(self))
    return office


def get_text(message: Any) -> str:
    return str(message.body)


def test_visitor_and_team_are_written_to_at_once(file: SiteDocument, send: Send) -> None:
    send(COPY_FORM)
    reference = Enquiry.objects.get().reference
    confirming, telling = mail.outbox
    assert confirming.to == [ADDRESS]
    assert confirming.subject == f"We have received your request ({reference})"
    assert confirming.reply_to == ["access@example.org"]
    for words in (
        "Document: The report",
        "Format: Large print",
        "Tuesday 22 September 2026",
        "reply to this",
    ):
        assert words in get_text(confirming)
    # Nobody can have the site carry their words to others.
    assert "Jo Lee" not in get_text(confirming)
    assert "All of it." not in get_text(confirming)
    assert telling.to == ["access@example.org"]
    assert telling.subject == f"Accessible copy requested: answer by 22/09/2026 ({reference})"
    assert f"/admin/requests/edit/{Enquiry.objects.get().pk}/" in get_text(telling)
    for personal in ("Jo Lee", ADDRESS, "All of it."):
        assert personal not in str(telling.message())
    assert not EnquiryEmail.objects.filter(sent_at=None).exists()


def test_a_report_is_confirmed_and_told_as_such(file: SiteDocument, send: Send) -> None:
    send(PROBLEM_FORM, PROBLEM | {"email": ADDRESS})
    confirming, telling = mail.outbox
    assert confirming.subject.startswith("We have received your report (")
    assert "Thank you for reporting a problem" in get_text(confirming)
    assert telling.subject.startswith("Accessibility problem reported: answer by ")


def test_nobody_is_asked_to_reply_without_a_mailbox(file: SiteDocument, send: Send) -> None:
    SiteSettings.objects.update(access_email="", email="")
    send(COPY_FORM)
    (confirming,) = mail.outbox
    assert "Please do not reply to this e-mail." in get_text(confirming)
    assert not confirming.reply_to


def test_the_general_mailbox_hears_where_there_is_no_other(file: SiteDocument, send: Send) -> None:
    SiteSettings.objects.update(access_email="", email="hello@example.org")
    send(PROBLEM_FORM, PROBLEM)
    assert [message.to for message in mail.outbox] == [["hello@example.org"]]


def test_without_any_mailbox_the_request_is_kept_all_the_same(
    file: SiteDocument, send: Send
) -> None:
    SiteSettings.objects.update(access_email="", email="")
    assert send(PROBLEM_FORM, PROBLEM).status_code == 302
    assert not mail.outbox
    assert Enquiry.objects.count() == 1


def test_with_mail_down_nothing_is_lost_and_it_goes_later(
    file: SiteDocument,
    send: Send,
    post_office: Any,
    worker_alive: None,
    clock: time_machine.Traveller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "bhp_site"):
        assert send(COPY_FORM).status_code == 302
        # Who waits for the page does not wait for the mail server.
        assert post_office.seen == 0
        assert run_tasks(send_queued_email) == 2
    assert "ConnectionRefusedError" in caplog.text
    assert ADDRESS not in caplog.text
    assert not QueuedTask.objects.filter(traceback__contains=ADDRESS).exists()
    problems = EnquiryEmail.objects.values_list("problem", flat=True)
    assert all("Connection refused for …" in problem for problem in problems)
    post_office.is_down = False
    assert run_tasks(send_queued_email) == 0
    clock.shift(datetime.timedelta(minutes=6))
    assert run_tasks(send_queued_email) == 2
    assert sorted(message.to[0] for message in mail.outbox) == ["access@example.org", ADDRESS]
    assert not EnquiryEmail.objects.failing().exists()


def test_pauses_grow_and_end_after_a_week(
    enquiry: Enquiry, post_office: Any, clock: time_machine.Traveller
) -> None:
    post(enquiry, ADDRESS, "Subject", "Text")
    pauses = []
    while run_tasks(send_queued_email):
        task = QueuedTask.objects.get(path=send_queued_email.module_path)
        pauses.append((task.run_after - timezone.now()).total_seconds() / 60)
        clock.move_to(task.run_after)
    assert pauses[:8] == [5, 10, 20, 40, 80, 160, 320, 360]
    assert task.attempts == MAX_ATTEMPTS
    assert 7 * 24 <= sum(pauses[:-1]) / 60 < 7 * 24 + 6
    assert EnquiryEmail.objects.get().is_given_up


def test_an_email_that_was_sent_or_deleted_is_not_sent_again(enquiry: Enquiry) -> None:
    post(enquiry, ADDRESS, "Subject", "Text")
    EnquiryEmail.objects.get().queue()
    assert run_tasks(send_queued_email) == 1
    EnquiryEmail.objects.get().queue()
    send_queued_email.enqueue("enquiries.EnquiryEmail", 0)
    assert run_tasks(send_queued_email) == 2
    assert len(mail.outbox) == 1


def test_an_email_whose_sending_was_killed_is_retried_with_the_same_message_id(
    enquiry: Enquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(enquiry, ADDRESS, "Subject", "Text")

    def kill(self: Any) -> None:
        mail.outbox.append(self)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", kill)
        with pytest.raises(SystemExit):
            run_tasks(send_queued_email)
    assert run_tasks(send_queued_email) == 0
    QueuedTask.objects.update(lease_expires_at=timezone.now() - datetime.timedelta(seconds=1))
    QueuedTask.objects.release_expired()
    assert run_tasks(send_queued_email) == 1
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second


def test_the_same_words_are_written_once(enquiry: Enquiry) -> None:
    site = SiteSettings.objects.get()
    for _ in range(2):
        emails.send_answer(enquiry, site, "Here it is.", [])
    emails.send_answer(enquiry, site, "And one more thing.", [])
    assert EnquiryEmail.objects.count() == 2


def test_no_header_can_be_smuggled_in(file: SiteDocument, send: Send) -> None:
    smuggled = "Jo\r\nBcc: all@example.net\r\n\r\nBuy this"
    send(COPY_FORM, name=smuggled, details=smuggled, message=smuggled)
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        sent: Mail = message.message()
        assert sent["Bcc"] is None
        assert "example.net" not in sent.as_string()


def test_an_editor_can_have_it_tried_again(
    file: SiteDocument, send: Send, post_office: Any, editor_client: Client
) -> None:
    send(COPY_FORM)
    kept = Enquiry.objects.get()
    screen = editor_client.get(f"/admin/requests/edit/{kept.pk}/").text
    assert "not sent yet</strong>. The site tries again automatically. ConnectionRefused" in screen
    assert "ConnectionRefusedError" in screen
    assert "An e-mail could not be sent" in editor_client.get("/admin/").text
    EnquiryEmail.objects.update(is_given_up=True)
    screen = editor_client.get(f"/admin/requests/edit/{kept.pk}/").text
    assert "not sent</strong>. The site has stopped trying. ConnectionRefused" in screen
    address = f"/admin/requests/send-again/{kept.pk}/"
    assert editor_client.get(address).status_code == 405
    assert "The e-mail still cannot be sent" in editor_client.post(address, follow=True).text
    post_office.is_down = False
    editor_client.post(address)
    assert sorted(message.to[0] for message in mail.outbox) == ["access@example.org", ADDRESS]
    assert "An e-mail could not be sent" not in editor_client.get("/admin/").text


def test_an_email_waiting_in_version_2_0_is_sent_by_the_general_task(enquiry: Enquiry) -> None:
    email = EnquiryEmail.objects.create(
        enquiry=enquiry, to=ADDRESS, subject="Subject", text="Text", message_id=""
    )
    former_path = "bhp_site.enquiries.outbox.send_email"
    QueuedTask.objects.create(path=former_path, args=[email.pk], call_hash="-", max_attempts=35)
    name = "bhp_site.enquiries.migrations.0003_send_emails_from_the_general_queue"
    import_module(name).keep_unsent_emails(apps, None)
    assert run_tasks(send_queued_email) == 1
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<message-{email.pk}-20")
    email.queue()
    assert (
        QueuedTask.objects.filter(path=send_queued_email.module_path)
        .values_list("call_hash")
        .distinct()
        .count()
        == 1
    )
