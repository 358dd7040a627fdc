"""Mail that is written down with what it is about, and goes as soon as somebody takes it.

Each try books the next one before it begins: so no two processes send the same message, and what
is killed in the middle of a try leaves the message to the next.
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

# Between the first try and the second; each pause is twice the one before, up to the longest.
PAUSE = datetime.timedelta(minutes=5)
LONGEST_PAUSE = datetime.timedelta(hours=6)
# A week of them. Then nobody tries until an editor says so.
MOST_TRIES = 35


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self) -> "MessageQuerySet":
        now = timezone.now()
        return self.filter(sent_at=None, next_try_at__lte=now).order_by("next_try_at", "pk")

    def failing(self) -> "MessageQuerySet":
        """Tried in vain, whether or not they are going to be tried again."""
        return self.filter(Q(next_try_at=None) | ~Q(problem=""), sent_at=None)


class Message(models.Model):
    """A mail about a request: to the visitor, or to the team."""

    # What it is about shows in no page.
    wagtail_reference_index_ignore = True

    request = models.ForeignKey(
        "enquiries.Request", on_delete=models.CASCADE, related_name="messages"
    )
    to = models.EmailField()
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=150)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    # None where it has been sent or given up.
    next_try_at = models.DateTimeField(null=True, default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(null=True)
    # What kept the last try from succeeding.
    problem = models.CharField(max_length=250, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_given_up(self) -> bool:
        return self.sent_at is None and self.next_try_at is None

    def send(self) -> bool:
        """Try once, unless somebody else does; whether it has been sent."""
        now = timezone.now()
        mine = Message.objects.filter(pk=self.pk, sent_at=None, next_try_at=self.next_try_at)
        again = now + min(PAUSE * 2**self.tries, LONGEST_PAUSE)
        if not mine.update(next_try_at=again, tried_at=now, tries=F("tries") + 1, problem=""):
            return False
        self.refresh_from_db()
        try:
            self._mail().send()
        except Exception as error:
            self._put_off(error)
            return False
        self.sent_at, self.next_try_at = timezone.now(), None
        self.save(update_fields=["sent_at", "next_try_at"])
        logger.info("Message %s of request %s was sent", self.pk, self.request_id)
        return True

    def _mail(self) -> EmailMessage:
        # Should it come twice after all, programs that read mail can tell that it is the same.
        number = f"<message-{self.pk}-{self.created_at:%Y%m%d%H%M%S}@{settings.SITE_HOST}>"
        return EmailMessage(
            self.subject,
            self.text,
            to=[self.to],
            reply_to=[self.reply_to] if self.reply_to else None,
            headers={"Message-ID": number},
        )

    def _put_off(self, error: Exception) -> None:
        """Keep what went wrong, without the address, which servers repeat in their reasons."""
        self.problem = f"{type(error).__name__}: {error}".replace(self.to, "…")[:250]
        if self.tries >= MOST_TRIES:
            self.next_try_at = None
        self.save(update_fields=["problem", "next_try_at"])
        logger.error(
            "Message %s of request %s was not sent at try %d, and %s: %s",
            self.pk,
            self.request_id,
            self.tries,
            f"will be at {self.next_try_at:%H:%M %Z}" if self.next_try_at else "is given up",
            self.problem,
        )

    def try_again(self) -> None:
        """Make it due at once and for a week, unless a try is under way."""
        failed = Message.objects.failing().filter(pk=self.pk)
        failed.update(next_try_at=timezone.now(), tries=0, tried_at=None)


def post(request: Any, to: str, subject: str, text: str, reply_to: str = "") -> None:
    """Write a mail about `request` down with it; it is sent after the transaction now open.

    The very same is sent once, however often somebody presses the button.
    """
    message, _ = Message.objects.get_or_create(
        request=request, to=to, subject=subject, text=text, defaults={"reply_to": reply_to}
    )
    transaction.on_commit(partial(send_at_once, message.pk), robust=True)


def send_at_once(pk: int) -> None:
    """Send that message, unless mail was found to be down a moment ago: somebody is waiting."""
    a_moment_ago = timezone.now() - PAUSE
    message = Message.objects.due().filter(pk=pk).first()
    if message and not Message.objects.failing().filter(tried_at__gt=a_moment_ago).exists():
        message.send()


def send_next() -> bool:
    """Try the message that has been due for longest; whether others are."""
    message = Message.objects.due().first()
    if message is None:
        return False
    message.send()
    return Message.objects.due().exists()
