"""Emails about enquiries, stored in the transaction they belong to and sent after it.

Each attempt schedules the next one before it begins. So no two processes send the same email, and
an email survives a process that is killed during an attempt.
"""

import datetime
import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

logger = logging.getLogger(__name__)

# Between the first attempt and the second; each delay is twice the one before, up to a limit.
RETRY_DELAY = datetime.timedelta(minutes=5)
MAX_RETRY_DELAY = datetime.timedelta(hours=6)
# About a week of attempts. After that an editor decides whether to try again.
MAX_TRIES = 35


class EnquiryEmailQuerySet(models.QuerySet["EnquiryEmail"]):
    def due(self) -> "EnquiryEmailQuerySet":
        """Return the emails to be sent now, the longest due first."""
        now = timezone.now()
        return self.filter(sent_at=None, next_try_at__lte=now).order_by("next_try_at", "pk")

    def failing(self) -> "EnquiryEmailQuerySet":
        """Return the emails whose last attempt failed, whether or not another follows."""
        return self.filter(Q(next_try_at=None) | ~Q(problem=""), sent_at=None)


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
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    # None if it has been sent or given up.
    next_try_at = models.DateTimeField(null=True, default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(null=True)
    # The error of the last attempt; empty if there was none.
    problem = models.CharField(max_length=250, blank=True)

    objects = EnquiryEmailQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_given_up(self) -> bool:
        return self.sent_at is None and self.next_try_at is None

    def send(self) -> bool:
        """Try once to send the email, unless another process does; return True if it was sent."""
        now = timezone.now()
        delay = min(RETRY_DELAY * 2**self.tries, MAX_RETRY_DELAY)
        unclaimed = EnquiryEmail.objects.filter(
            pk=self.pk, sent_at=None, next_try_at=self.next_try_at
        )
        if not unclaimed.update(
            next_try_at=now + delay, tried_at=now, tries=F("tries") + 1, problem=""
        ):
            return False
        self.refresh_from_db()
        try:
            self._build_message().send()
        except Exception as error:
            self._save_failure(error)
            return False
        self.sent_at, self.next_try_at = timezone.now(), None
        self.save(update_fields=["sent_at", "next_try_at"])
        logger.info("Email %s about enquiry %s was sent", self.pk, self.enquiry_id)
        return True

    def _build_message(self) -> EmailMessage:
        # The same ID at every attempt lets mail programs recognise a duplicate (RFC 5322, 3.6.4).
        message_id = f"<message-{self.pk}-{self.created_at:%Y%m%d%H%M%S}@{settings.SITE_HOST}>"
        return EmailMessage(
            self.subject,
            self.text,
            to=[self.to],
            reply_to=[self.reply_to] if self.reply_to else None,
            headers={"Message-ID": message_id},
        )

    def _save_failure(self, error: Exception) -> None:
        """Save and log an error without the address, which mail servers repeat in errors."""
        self.problem = f"{type(error).__name__}: {error}".replace(self.to, "…")[:250]
        if self.tries >= MAX_TRIES:
            self.next_try_at = None
        self.save(update_fields=["problem", "next_try_at"])
        logger.error(
            "Email %s about enquiry %s was not sent at attempt %d; %s: %s",
            self.pk,
            self.enquiry_id,
            self.tries,
            f"next attempt at {self.next_try_at:%H:%M %Z}" if self.next_try_at else "given up",
            self.problem,
        )

    def try_again(self) -> None:
        """Make a failed email due now, with all its attempts, unless one is under way."""
        failed = EnquiryEmail.objects.failing().filter(pk=self.pk)
        failed.update(next_try_at=timezone.now(), tries=0, tried_at=None)


def post(enquiry: Any, to: str, subject: str, text: str, reply_to: str = "") -> None:
    """Store an email about `enquiry` and send it when the current transaction is committed.

    An identical email about the same enquiry is stored and sent once.
    """
    email, _ = EnquiryEmail.objects.get_or_create(
        enquiry=enquiry, to=to, subject=subject, text=text, defaults={"reply_to": reply_to}
    )
    transaction.on_commit(partial(send_now, email.pk), robust=True)


def send_now(pk: int) -> None:
    """Send the email with this key, if it is due.

    Do nothing if another email failed a moment ago: the visitor should not wait for a mail server
    that is down.
    """
    is_recent = Q(tried_at__gt=timezone.now() - RETRY_DELAY)
    email = EnquiryEmail.objects.due().filter(pk=pk).first()
    if email and not EnquiryEmail.objects.failing().filter(is_recent).exists():
        email.send()


def send_next() -> bool:
    """Try to send the longest due email (a job); return True if others are due."""
    email = EnquiryEmail.objects.due().first()
    if email is None:
        return False
    email.send()
    return EnquiryEmail.objects.due().exists()
