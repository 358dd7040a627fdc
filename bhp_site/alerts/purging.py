"""Delete what is no longer needed (a daily job)."""

from django.utils import timezone

from .models import (
    DELIVERY_RETENTION,
    REQUEST_RETENTION,
    STOPPED_RETENTION,
    AlertEmail,
    Delivery,
    Subscriber,
    SubscriptionRequest,
)


def purge_alerts() -> None:
    """Delete unconfirmed requests, stopped addresses, and records of old e-mails."""
    now = timezone.now()
    SubscriptionRequest.objects.filter(created_at__lt=now - REQUEST_RETENTION).delete()
    Subscriber.objects.filter(stopped_at__lt=now - STOPPED_RETENTION).delete()
    Delivery.objects.filter(alert__created_at__lt=now - DELIVERY_RETENTION).delete()
    AlertEmail.objects.filter(created_at__lt=now - DELIVERY_RETENTION).delete()
