"""What people do: ask for alerts, confirm, change what they follow, leave."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from .distribution import write_pending_email
from .models import (
    AlertEmail,
    Frequency,
    Subscriber,
    SubscriptionRequest,
    find_subscriber,
    normalise_email,
)
from .topics import Topic, find_topics

CONSENT_TEXT = (
    "E-mail me about the topics that I selected, as often as I selected. I can stop this at any "
    "time with a link in every e-mail."
)
# The name of the file with what is stored about an address.
EXPORT_NAME = "e-mail-alerts.json"


def describe_consent(topics: list[Topic], frequency: str) -> str:
    """Return what a person agrees to, word for word, with the choices they made."""
    labels = "; ".join(topic.label for topic in topics)
    return f"{CONSENT_TEXT}\nTopics: {labels}\nFrequency: {Frequency(frequency).label}"


def ask_for_alerts(email: str, topics: list[Topic], frequency: str, fingerprint: str) -> None:
    """Store a request and the e-mail that asks to confirm it.

    Subscribers get the same e-mail as everybody else, so nobody can find out who is one.
    """
    address = normalise_email(email)
    with transaction.atomic():
        request, is_new = SubscriptionRequest.objects.get_or_create(
            fingerprint=fingerprint,
            defaults={
                "email": address,
                "topics": [topic.key for topic in topics],
                "frequency": frequency,
                "consent_text": describe_consent(topics, frequency),
            },
        )
        if is_new:
            AlertEmail(request=request, to=address).queue()


def confirm(request: SubscriptionRequest) -> Subscriber:
    """Return the subscriber that a confirmed request makes, or adds topics to."""
    with transaction.atomic():
        subscriber = find_subscriber(request.email) or Subscriber(email=request.email)
        subscriber.frequency = request.frequency
        subscriber.consent_text = request.consent_text
        subscriber.consent_at = request.created_at
        if subscriber.stopped_at:
            subscriber.stopped_at, subscriber.stop_reason = None, ""
            # What was published in the meantime is not sent.
            subscriber.last_weekly_at = timezone.now()
        subscriber.save()
        subscriber.follow(find_topics(request.topics))
        request.delete()
    return subscriber


def change_choices(subscriber: Subscriber, topics: list[Topic], frequency: str) -> None:
    """Save what a subscriber chose on their page, as a new consent."""
    with transaction.atomic():
        no_longer_waits = (
            subscriber.frequency == Frequency.WEEKLY and frequency == Frequency.IMMEDIATE
        )
        subscriber.frequency = frequency
        subscriber.consent_text = describe_consent(topics, frequency)
        subscriber.consent_at = timezone.now()
        subscriber.save()
        subscriber.set_topics(topics)
        if no_longer_waits:
            write_pending_email(subscriber)


def delete_address(email: str) -> int:
    """Delete all that is stored about an address; return the number of rows."""
    address = normalise_email(email)
    with transaction.atomic():
        count: int = SubscriptionRequest.objects.filter(email=address).delete()[0]
        return count + int(Subscriber.objects.filter(email=address).delete()[0])


def export_address(email: str) -> dict[str, Any]:
    """Return all that is stored about an address, as data for JSON."""
    address = normalise_email(email)
    requests = SubscriptionRequest.objects.filter(email=address)
    subscriber = find_subscriber(address)
    return {
        "email": address,
        "requests": [
            {"sent": request.created_at.isoformat(), "consent": request.consent_text}
            for request in requests
        ],
        "subscription": _export_subscriber(subscriber) if subscriber else None,
    }


def _export_subscriber(subscriber: Subscriber) -> dict[str, Any]:
    deliveries = subscriber.deliveries.select_related("alert__page", "email")
    return {
        "confirmed": subscriber.confirmed_at.isoformat(),
        "consent": subscriber.consent_text,
        "consent_given": subscriber.consent_at.isoformat(),
        "frequency": subscriber.get_frequency_display(),
        "topics": [topic.label for topic in subscriber.topics],
        "state": subscriber.state,
        "sent": [
            {
                "page": delivery.alert.page.title,
                "sent": delivery.email.sent_at.isoformat()
                if delivery.email and delivery.email.sent_at
                else None,
            }
            for delivery in deliveries
        ],
    }
