"""Write the e-mails: at once, or once a week. Each item goes to each subscriber once."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from bhp_site.tasks.execution import complete_task

from .models import (
    DELIVERY_RETENTION,
    Alert,
    AlertEmail,
    Delivery,
    Frequency,
    Subscriber,
    Subscription,
)
from .topics import get_announceable_page, get_page_topics

# So that hundreds of e-mails do not delay other tasks.
PRIORITY = -10
# Weekly e-mails have what was published until this time of Monday (UK time).
WEEKLY_HOUR = 8
# An alert is older than the commit that makes it visible, by less than this.
MAX_COMMIT_DELAY = datetime.timedelta(hours=1)


@task(backend="database", coalesce=True)
def distribute_alerts() -> None:
    """Write e-mails about new alerts to those who want them at once.

    Killed midway it is repeated: a subscriber who has an e-mail gets no other one.
    """
    alerts = list(Alert.objects.filter(distributed_at=None))
    _write_emails(alerts, Subscriber.objects.filter(frequency=Frequency.IMMEDIATE))
    with complete_task():
        distributed = Alert.objects.filter(pk__in=[alert.pk for alert in alerts])
        distributed.update(distributed_at=timezone.now())


@task(backend="database", coalesce=True)
def distribute_weekly() -> None:
    """Write an e-mail to each weekly subscriber for whom there is something since the last one."""
    due = get_weekly_time()
    subscribers = Subscriber.objects.filter(frequency=Frequency.WEEKLY, last_weekly_at__lt=due)
    since = timezone.now() - DELIVERY_RETENTION
    alerts = list(Alert.objects.filter(created_at__gte=since, created_at__lt=due))
    _write_emails(alerts, subscribers, is_weekly=True)
    with complete_task():
        subscribers.update(last_weekly_at=due)


def write_pending_email(subscriber: Subscriber) -> None:
    """Write an e-mail to a subscriber who no longer waits for the weekly one."""
    alerts = list(Alert.objects.filter(created_at__gte=subscriber.last_weekly_at))
    _write_emails(alerts, Subscriber.objects.filter(pk=subscriber.pk))


def enqueue_weekly() -> None:
    """Enqueue the weekly e-mails if some are due (a job)."""
    weekly = Subscriber.objects.active().filter(frequency=Frequency.WEEKLY)
    if weekly.filter(last_weekly_at__lt=get_weekly_time()).exists():
        distribute_weekly.enqueue()


def get_weekly_time(now: datetime.datetime | None = None) -> datetime.datetime:
    """Return the last time at which weekly e-mails became due."""
    local = timezone.localtime(now)
    monday = local.date() - datetime.timedelta(days=local.weekday())
    due = datetime.datetime.combine(monday, datetime.time(WEEKLY_HOUR), local.tzinfo)
    return due if due <= local else due - datetime.timedelta(days=7)


def _write_emails(alerts: list[Alert], subscribers: Any, is_weekly: bool = False) -> None:
    """Write one e-mail to each active subscriber about all alerts that concern them."""
    alerts_by_subscriber: dict[int, list[Alert]] = {}
    for alert in alerts:
        recipients = subscribers.active()
        if is_weekly:
            latest = alert.created_at + MAX_COMMIT_DELAY
            recipients = recipients.filter(last_weekly_at__lte=latest)
        if page := get_announceable_page(alert.page_id):
            for pk in _get_followers(alert, get_page_topics(page), recipients):
                alerts_by_subscriber.setdefault(pk, []).append(alert)
    for pk, own_alerts in alerts_by_subscriber.items():
        write_alert_email(pk, own_alerts)


def _get_followers(alert: Alert, topics: Q, subscribers: Any) -> Any:
    """Return the keys of subscribers who followed one of `topics` before the alert."""
    followed = Subscription.objects.filter(topics, created_at__lte=alert.created_at)
    return (
        followed.filter(subscriber__in=subscribers)
        .exclude(subscriber__deliveries__alert=alert)
        .order_by("subscriber")
        .values_list("subscriber", flat=True)
        .distinct()
    )


def write_alert_email(pk: int, alerts: list[Alert]) -> None:
    """Store one e-mail to a subscriber about those of `alerts` that they have not got yet."""
    with transaction.atomic():
        subscriber = Subscriber.objects.active().select_for_update().filter(pk=pk).first()
        if subscriber is None:
            return
        delivered = {*subscriber.deliveries.values_list("alert_id", flat=True)}
        new = [alert for alert in alerts if alert.pk not in delivered]
        if not new:
            return
        email = AlertEmail(subscriber=subscriber, to=subscriber.email)
        email.save()
        Delivery.objects.bulk_create(
            Delivery(alert=alert, subscriber=subscriber, email=email) for alert in new
        )
        email.queue(PRIORITY)
