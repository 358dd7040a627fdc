"""Queued e-mails, sent to a mail server on this machine."""

from typing import Any

import pytest

from bhp_site.core.mail import connections
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.core.mail.refusals import is_permanent_reply
from bhp_site.enquiries.models import Enquiry, EnquiryEmail
from bhp_site.tasks.models import QueuedTask

from ..running_tasks import run_tasks
from ..smtp_sink import SmtpSink

ADDRESS = "jo@example.com"

pytestmark = pytest.mark.usefixtures("db", "worker_alive")


@pytest.fixture
def enquiry() -> Enquiry:
    return Enquiry.objects.create(kind="problem", message="A problem.")


def queue_email(enquiry: Enquiry, **fields: Any) -> EnquiryEmail:
    email = EnquiryEmail(
        **{"enquiry": enquiry, "to": ADDRESS, "subject": "Subject", "text": "Text"} | fields
    )
    email.queue()
    return email


def test_a_message_has_both_parts_and_its_headers(enquiry: Enquiry, sink: SmtpSink) -> None:
    email = queue_email(
        enquiry,
        html='<html lang="en-GB"><p>Text é</p></html>',
        reply_to="team@example.org",
        headers={"List-Unsubscribe": "<https://example.org/leave/>"},
    )
    assert run_tasks(send_queued_email) == 1
    (received,) = sink.received
    message = received.message
    assert message.get_content_type() == "multipart/alternative"
    parts = [(part.get_content_type(), part.get_content()) for part in message.iter_parts()]
    assert [kind for kind, _ in parts] == ["text/plain", "text/html"]
    assert parts[0][1].strip() == "Text"
    assert "<p>Text é</p>" in parts[1][1]
    assert message["Message-ID"] == email.message_id
    assert message["Reply-To"] == "team@example.org"
    assert message["List-Unsubscribe"] == "<https://example.org/leave/>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_text_alone_is_a_plain_message(enquiry: Enquiry, sink: SmtpSink) -> None:
    queue_email(enquiry)
    run_tasks(send_queued_email)
    assert sink.received[0].message.get_content_type() == "text/plain"


def test_the_return_path_is_the_sender_of_the_envelope_only(
    enquiry: Enquiry, sink: SmtpSink, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EnquiryEmail, "get_return_path", lambda self: "bounces@example.org")
    queue_email(enquiry)
    run_tasks(send_queued_email)
    (received,) = sink.received
    assert received.sender == "bounces@example.org"
    assert received.message["From"] == settings.DEFAULT_FROM_EMAIL


def test_messages_sent_together_share_connections(
    enquiry: Enquiry, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_MESSAGES", 4)
    for number in range(10):
        queue_email(enquiry, text=f"Text {number}")
    assert run_tasks(send_queued_email) == 10
    assert sorted(received.message.get_content().strip() for received in sink.received) == [
        f"Text {number}" for number in range(10)
    ]
    assert sink.connection_count == 3


def test_a_closed_connection_is_replaced(enquiry: Enquiry, sink: SmtpSink) -> None:
    def close_connection(_: Any) -> None:
        # What the server closes in the meantime, the client notices at its next message.
        connections._kept.backend.transport.connection.sock.shutdown(0)

    for _ in range(2):
        queue_email(enquiry)
    sink.on_message = close_connection
    run_tasks(send_queued_email)
    sink.on_message = None
    QueuedTask.objects.run_again()
    run_tasks(send_queued_email)
    assert EnquiryEmail.objects.filter(sent_at=None).count() == 0


def test_a_refused_address_is_given_up_at_once_if_the_model_says_so(
    enquiry: Enquiry, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    sink.refusals[ADDRESS] = f"550 5.1.1 <{ADDRESS}> does not exist"
    monkeypatch.setattr(EnquiryEmail, "gives_up_when_refused", True)
    monkeypatch.setattr(EnquiryEmail, "handle_refusal", lambda self: refused.append(self.to))
    email = queue_email(enquiry)
    run_tasks(send_queued_email)
    email.refresh_from_db()
    assert email.is_given_up
    assert refused == [ADDRESS]
    assert ADDRESS not in email.problem
    call = QueuedTask.objects.get()
    assert call.status == "FAILED"
    assert ADDRESS not in call.error + call.traceback


def test_a_refused_address_is_tried_again_otherwise(enquiry: Enquiry, sink: SmtpSink) -> None:
    sink.refusals[ADDRESS] = "550 5.1.1 unknown"
    email = queue_email(enquiry)
    run_tasks(send_queued_email)
    assert QueuedTask.objects.get().status == "READY"
    del sink.refusals[ADDRESS]
    email.try_now()
    assert [received.recipient for received in sink.received] == [ADDRESS]


@pytest.mark.parametrize(
    ("code", "text", "is_permanent"),
    [
        (550, b"5.1.1 User unknown", True),
        (550, b"No such user", True),
        (553, "5.1.3 Bad address syntax", True),
        (450, b"4.2.1 Try again later", False),
        (530, b"Authentication required", False),
        (554, b"5.7.1 Relay access denied", False),
    ],
)
def test_only_replies_about_the_address_are_permanent(
    code: int, text: bytes | str, is_permanent: bool
) -> None:
    assert is_permanent_reply(code, text) == is_permanent
