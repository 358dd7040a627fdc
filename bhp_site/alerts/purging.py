"""Delete what is no longer needed (a daily job)."""

from django.utils import timezone

from .models import (
    DELIVERIES_KEPT,
    REQUEST_KEPT,
    STOPPED_KEPT,
    AlertEmail,
    Delivery,
    Subscriber,
    SubscriptionRequest,
)


def purge_alerts() -> None:
    """Delete unconfirmed requests, stopped addresses, and records of old e-mails."""
    now = timezone.now()
    SubscriptionRequest.objects.filter(created_at__lt=now - REQUEST_KEPT).delete()
    Subscriber.objects.filter(stopped_at__lt=now - STOPPED_KEPT).delete()
    Delivery.objects.filter(alert__created_at__lt=now - DELIVERIES_KEPT).delete()
    AlertEmail.objects.filter(created_at__lt=now - DELIVERIES_KEPT).delete()
