"""E-mails that are stored in the transaction of their cause, and sent by a task after it.

To use it, subclass `QueuedEmail` with a foreign key to what the e-mails are about, create rows, and
call `queue()`. While the mail server is down nothing is lost: the task is repeated for a week.
"""

import logging
import secrets
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django_tasks import TaskContext, task

from bhp_site.core import mail
from bhp_site.tasks.backends import make_due, retry_now
from bhp_site.tasks.execution import PermanentFailure, complete_task
from bhp_site.tasks.models import QueuedTask

from .connections import reuse_connection
from .refusals import is_address_refused

logger = logging.getLogger(__name__)

# Five minutes after the first attempt, then twice as long after each, up to six hours: about a
# week of attempts. After that an editor decides whether to try again.
RETRY_SECONDS = 300
MAX_ATTEMPTS = 35


class EmailNotSent(Exception):
    """The mail server could not be reached, or refused an email; the message has no address."""


def get_email_models() -> "list[type[QueuedEmail]]":
    """Return every model of stored e-mails."""
    return [model for model in apps.get_models() if issubclass(model, QueuedEmail)]


def has_due_email() -> bool:
    """Return True if another e-mail is to be sent now."""
    return QueuedTask.objects.due().filter(path=send_queued_email.module_path).exists()


def make_message_id() -> str:
    """Return a new Message-ID (RFC 5322, 3.6.4) that nobody can guess."""
    return f"<{secrets.token_hex(16)}@{settings.SITE_HOST}>"


class QueuedEmailQuerySet(models.QuerySet[Any]):
    """Selections of emails by whether they were sent."""

    def failing(self) -> Self:
        """Return the emails whose last attempt failed, whether or not another follows."""
        return self.filter(sent_at=None).exclude(problem="")


class QueuedEmail(models.Model):
    """An e-mail to one address, with its text, and the state of its sending."""

    # Emails do not count as uses of an object in Wagtail's reference index.
    wagtail_reference_index_ignore = True
    # Give up at once if the mail server says that the address does not exist.
    gives_up_when_refused = False

    to = models.EmailField()
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=150)
    text = models.TextField()
    # If set, the message is multipart/alternative: programs show this instead of `text`.
    html = models.TextField(blank=True, default="", db_default="")
    # Further headers: name → value.
    headers = models.JSONField(
        blank=True, default=dict, db_default=models.Value({}, models.JSONField())
    )
    # The same at every attempt, so that mail programs recognise a message which was sent twice
    # because a worker was killed just after it had sent it.
    message_id = models.CharField(
        max_length=300, default=make_message_id, db_default="", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    # The error of the last attempt; empty if there was none.
    problem = models.CharField(max_length=250, blank=True)
    # Nothing tries to send it any more, until an editor says so.
    is_given_up = models.BooleanField(default=False)

    objects = QueuedEmailQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.subject

    def queue(self, priority: int = 0) -> None:
        """Save the e-mail if it is new, and send it once the current transaction is committed.

        Tasks with a higher `priority` (−100 to 100) are run first: use a negative one for many
        messages, so that they do not delay other tasks.
        """
        if self._state.adding:
            self.save()
        send_queued_email.using(priority=priority).enqueue(self._meta.label, self.pk)

    def try_now(self) -> None:
        """Try to send it in this process, with its number of attempts reset.

        A worker may take it first; then it may be neither sent nor failed when this returns.
        """
        type(self)._default_manager.filter(pk=self.pk).update(problem="", is_given_up=False)
        retry_now(send_queued_email, self._meta.label, self.pk)

    def try_again(self) -> None:
        """Let a worker try to send it soon, with its number of attempts reset."""
        type(self)._default_manager.filter(pk=self.pk).update(problem="", is_given_up=False)
        make_due(send_queued_email, self._meta.label, self.pk)

    def prepare(self) -> bool:
        """Complete the message before an attempt, without saving it.

        Return False if it must not be sent any more: it is then deleted.
        """
        return True

    def get_return_path(self) -> str:
        """Return the address to which failures of delivery are reported; "" for the sender's."""
        return ""

    def handle_refusal(self) -> None:
        """Do what follows if the mail server says for good that the address does not exist."""

    def handle_sent(self) -> None:
        """Do what follows once it was sent, in the transaction that notes it."""

    def send(self) -> None:
        """Send the message, over the same connection as other e-mails that are due."""
        with reuse_connection(is_kept=has_due_email) as connection:
            mail.send_email(
                self.subject,
                self.text,
                self.to,
                html=self.html,
                reply_to=self.reply_to,
                return_path=self.get_return_path(),
                headers={**self.headers, "Message-ID": self.message_id},
                connection=connection,
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
def send_queued_email(context: TaskContext, label: str, pk: int) -> None:
    """Send the e-mail of the model `label`, unless it was sent or deleted; raises EmailNotSent."""
    model: Any = apps.get_model(label)
    email = model._default_manager.filter(pk=pk, sent_at=None).first()
    if email is None:
        return
    try:
        if not email.prepare():
            email.delete()
            return
        email.send()
    except Exception as error:
        is_refused = is_address_refused(error)
        gives_up = is_refused and email.gives_up_when_refused
        email.save_failure(error, gives_up or context.attempt >= MAX_ATTEMPTS)
        if is_refused:
            email.handle_refusal()
        # Without the cause, which holds the address.
        failure = PermanentFailure if gives_up else EmailNotSent
        raise failure(email.problem) from None
    with complete_task():
        model._default_manager.filter(pk=pk).update(
            sent_at=timezone.now(), problem="", is_given_up=False
        )
        email.handle_sent()
    logger.info("%s %s was sent", label, pk)
