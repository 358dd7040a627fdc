"""Models: subscribers of e-mail alerts, what they follow, and what they were sent."""

import datetime
import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.mail.queue import QueuedEmail
from reports.series import ReportSeries

from .topics import Section, Topic

# Of a request that nobody confirmed, and of an address that does not exist any more.
REQUEST_RETENTION = datetime.timedelta(days=7)
STOPPED_RETENTION = datetime.timedelta(days=30)
# Of what was sent to whom. Nothing older is ever sent.
DELIVERY_RETENTION = datetime.timedelta(days=60)


def make_key() -> str:
    """Return a random key of 128 bits, from which the links of a person are made."""
    return secrets.token_urlsafe(16)


class Frequency(models.TextChoices):
    """The frequency of the e-mails to a subscriber."""

    IMMEDIATE = "at-once", "As soon as we publish something"
    WEEKLY = "weekly", "Once a week, on Monday morning"


class SubscriptionRequest(models.Model):
    """A submitted form, without effect until the e-mail address is confirmed."""

    wagtail_reference_index_ignore = True

    email = models.EmailField()
    # Keys of topics.
    topics = models.JSONField(default=list)
    frequency = models.CharField(max_length=10, choices=Frequency.choices)
    consent_text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    key = models.CharField(max_length=40, unique=True, default=make_key)
    # Hash of the form as it was sent, so that a form sent twice makes one request.
    fingerprint = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"Request {self.pk}"

    @property
    def is_expired(self) -> bool:
        """Return True if it can no longer be confirmed."""
        return self.created_at < timezone.now() - REQUEST_RETENTION


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Selections of subscribers."""

    def active(self) -> "SubscriberQuerySet":
        """Return the subscribers whose address was not stopped."""
        return self.filter(stopped_at=None)


class Subscriber(models.Model):
    """A person with a confirmed address. Deleted when they leave."""

    wagtail_reference_index_ignore = True

    email = models.EmailField("e-mail address", unique=True)
    frequency = models.CharField(max_length=10, choices=Frequency.choices)
    confirmed_at = models.DateTimeField("confirmed", default=timezone.now)
    # What the person agreed to, word for word, and when they sent the form.
    consent_text = models.TextField()
    consent_at = models.DateTimeField("consent given")
    # Up to when published items were put in weekly e-mails.
    last_weekly_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField("stopped", null=True)
    stop_reason = models.CharField(max_length=250, blank=True)
    key = models.CharField(max_length=40, unique=True, default=make_key)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.email

    @property
    def topics(self) -> list[Topic]:
        """Return the topics that this person follows, in the order of the form."""
        topics = [subscription.topic for subscription in self.subscriptions.with_objects()]
        return sorted(topics, key=lambda topic: topic.sort_key)

    @property
    def state(self) -> str:
        """Return in words whether the person gets e-mails."""
        return f"Stopped: {self.stop_reason}" if self.stopped_at else "Active"

    def follow(self, topics: Iterable[Topic]) -> None:
        """Add the topics; those that are followed already stay as they are."""
        for topic in topics:
            self.subscriptions.get_or_create(key=topic.key, defaults=topic.fields)

    def set_topics(self, topics: Iterable[Topic]) -> None:
        """Follow exactly these topics."""
        chosen = list(topics)
        keys = {topic.key for topic in chosen}
        for subscription in self.subscriptions.with_objects():
            if subscription.topic.key not in keys:
                subscription.delete()
        self.follow(chosen)

    def stop(self, reason: str) -> None:
        """Send nothing more to the address until it is confirmed again."""
        self.stopped_at, self.stop_reason = timezone.now(), reason[:250]
        self.save(update_fields=["stopped_at", "stop_reason"])
        self.emails.filter(sent_at=None).delete()


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Selections of what subscribers follow."""

    def with_objects(self) -> "SubscriptionQuerySet":
        """Return the subscriptions with the titles of their topics loaded."""
        return self.select_related("page", "page__content_type", "series")


class Subscription(models.Model):
    """One topic that a subscriber follows: a section, a page (theme or partner), or a series."""

    wagtail_reference_index_ignore = True

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="subscriptions"
    )
    # Of the topic; one of the three fields below has a value.
    key = models.CharField(max_length=40)
    section = models.CharField(max_length=10, choices=Section.choices, blank=True)
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="+")
    series = models.ForeignKey(ReportSeries, null=True, on_delete=models.CASCADE, related_name="+")
    # Nothing that was published before is sent.
    created_at = models.DateTimeField(default=timezone.now)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "key"], name="one_subscription_per_topic")
        ]

    def __str__(self) -> str:
        return self.topic.label

    @property
    def topic(self) -> Topic:
        """Return the topic."""
        return Topic.build(self.section, self.page, self.series)


class Alert(models.Model):
    """Something to tell subscribers, once: a page was published, or updated in a major way."""

    wagtail_reference_index_ignore = True

    FIRST_PUBLICATION = "published"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="alerts")
    # Of a page there is one alert for each occasion.
    occasion = models.CharField(max_length=60, default=FIRST_PUBLICATION)
    # What was updated; empty for a new page.
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    # When the e-mails to those who want them at once were written.
    distributed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "occasion"], name="one_alert_per_occasion")
        ]

    def __str__(self) -> str:
        return self.page.title

    @property
    def is_update(self) -> bool:
        """Return True if the page had been announced before."""
        return self.occasion != self.FIRST_PUBLICATION


class AlertEmail(QueuedEmail):
    """An e-mail to confirm an address, or with alerts. Its text is written as it is sent.

    So it never names a page that was withdrawn in the meantime, and no link of a person is stored.
    """

    gives_up_when_refused = True

    request = models.ForeignKey(
        SubscriptionRequest, null=True, on_delete=models.CASCADE, related_name="emails"
    )
    subscriber = models.ForeignKey(
        Subscriber, null=True, on_delete=models.CASCADE, related_name="emails"
    )

    class Meta(QueuedEmail.Meta):
        indexes = [models.Index(fields=["message_id"], name="alert_email_by_message_id")]

    def prepare(self) -> bool:
        """Write the message; return False if there is nothing to say any more."""
        from .emails import write_email

        return write_email(self)

    def get_return_path(self) -> str:
        """Return the mailbox that receives bounces; "" if none is set."""
        return str(settings.ALERTS_RETURN_PATH)

    def handle_refusal(self) -> None:
        """Stop the address that the mail server refused for good."""
        self._stop_address("The mail server refused the address.")

    def handle_bounce(self, status: str) -> None:
        """Stop the address after a report that the e-mail could not be delivered.

        `status` is the code of the report, such as “5.1.1” (RFC 3463); the subscriber's reason
        names it. An address that was never confirmed is deleted.
        """
        self._stop_address(f"An e-mail could not be delivered ({status}).")

    def _stop_address(self, reason: str) -> None:
        if self.subscriber and not self.subscriber.stopped_at:
            self.subscriber.stop(reason)
        elif self.request:
            self.request.delete()


class Delivery(models.Model):
    """An alert that is sent to a subscriber, once."""

    wagtail_reference_index_ignore = True

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    email = models.ForeignKey(
        AlertEmail, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "subscriber"], name="one_delivery_per_alert_and_subscriber"
            )
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} to {self.subscriber_id}"


def find_subscriber(email: str) -> Any:
    """Return the subscriber with this address in any case; None if there is none."""
    return Subscriber.objects.filter(email=normalise_email(email)).first()


def normalise_email(email: str) -> str:
    """Return the address as it is stored: in lower case."""
    return email.strip().lower()
