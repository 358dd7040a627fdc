"""Emails about enquiries, stored in the transaction they belong to and sent by a task."""

import logging
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_tasks import TaskContext, task

from bhp_site.core import mail
from bhp_site.tasks.backends import retry_now
from bhp_site.tasks.execution import complete_task

logger = logging.getLogger(__name__)

# Five minutes after the first attempt, then twice as long after each, up to six hours: about a
# week of attempts. After that an editor decides whether to try again.
RETRY_SECONDS = 300
MAX_ATTEMPTS = 35


class EmailNotSent(Exception):
    """The mail server could not be reached, or refused an email; the message has no address."""


class EnquiryEmailQuerySet(models.QuerySet["EnquiryEmail"]):
    """Selections of emails by whether they were sent."""

    def failing(self) -> "EnquiryEmailQuerySet":
        """Return the emails whose last attempt failed, whether or not another follows."""
        return self.filter(sent_at=None).exclude(problem="")


class EnquiryEmail(models.Model):
    """An email about an enquiry, to the visitor or to the team."""

    # Emails do not count as uses of an object in Wagtail's reference index.
    wagtail_reference_index_ignore = True

    enquiry = models.ForeignKey(
        "enquiries.Enquiry", on_delete=models.CASCADE, related_name="emails"
    )
    to = models.EmailField()
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=150)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    # The error of the last attempt; empty if there was none.
    problem = models.CharField(max_length=250, blank=True)
    # Nothing tries to send it any more, until an editor says so.
    is_given_up = models.BooleanField(default=False)

    objects = EnquiryEmailQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.subject

    def send(self) -> None:
        """Send the message; its ID is the same at every attempt (RFC 5322, 3.6.4).

        So mail programs recognise it if a worker was killed just after it had sent it.
        """
        message_id = f"<message-{self.pk}-{self.created_at:%Y%m%d%H%M%S}@{settings.SITE_HOST}>"
        mail.send_email(
            self.subject,
            self.text,
            self.to,
            reply_to=self.reply_to,
            headers={"Message-ID": message_id},
        )

    def save_failure(self, error: Exception, is_last_attempt: bool) -> None:
        """Save `error` without the recipient's address, which mail servers repeat in errors.

        `is_last_attempt` marks the email as given up.
        """
        self.problem = f"{type(error).__name__}: {error}".replace(self.to, "…")[:250]
        self.is_given_up = is_last_attempt
        self.save(update_fields=["problem", "is_given_up"])


@task(
    backend="database",
    takes_context=True,
    coalesce=True,
    max_attempts=MAX_ATTEMPTS,
    retry_seconds=RETRY_SECONDS,
    inline_without_worker=True,
)
def send_email(context: TaskContext, pk: int) -> None:
    """Send an email, unless it was sent or deleted; raises EmailNotSent."""
    email = EnquiryEmail.objects.filter(pk=pk, sent_at=None).first()
    if email is None:
        return
    try:
        email.send()
    except Exception as error:
        email.save_failure(error, is_last_attempt=context.attempt >= MAX_ATTEMPTS)
        # Without the cause, which holds the address.
        raise EmailNotSent(email.problem) from None
    with complete_task():
        EnquiryEmail.objects.filter(pk=pk).update(
            sent_at=timezone.now(), problem="", is_given_up=False
        )
    logger.info("Email %s about enquiry %s was sent", pk, email.enquiry_id)


def post(enquiry: Any, to: str, subject: str, text: str, reply_to: str = "") -> None:
    """Store an email about `enquiry`; it is sent once the current transaction is committed.

    An identical email about the same enquiry is stored and sent once.
    """
    email, is_new = EnquiryEmail.objects.get_or_create(
        enquiry=enquiry, to=to, subject=subject, text=text, defaults={"reply_to": reply_to}
    )
    if is_new:
        send_email.enqueue(email.pk)


def retry_failing(enquiry: Any) -> bool:
    """Try now to send the emails about `enquiry` that failed; return False if one fails again.

    A worker may take one of them first; then it is neither sent nor failed yet.
    """
    emails = list(enquiry.emails.failing())
    enquiry.emails.failing().update(problem="", is_given_up=False)
    for email in emails:
        retry_now(send_email, email.pk)
    return not enquiry.emails.failing().exists()
