import re
from typing import Any

from django.utils import timezone

from bhp_site.alerts.links import subscriber_signer
from bhp_site.alerts.models import Frequency, Subscriber
from bhp_site.alerts.topics import find_topics

ADDRESS = "jo@example.com"


def add_subscriber(
    *topics: str, email: str = ADDRESS, frequency: str = Frequency.IMMEDIATE
) -> Subscriber:
    """Return a subscriber who follows the topics with these keys."""
    subscriber = Subscriber.objects.create(
        email=email, frequency=frequency, consent_text="Yes.", consent_at=timezone.now()
    )
    subscriber.follow(find_topics([*topics]))
    return subscriber


def get_path(subscriber: Subscriber, name: str = "manage") -> str:
    """Return the path of a subscriber's private page."""
    return f"/alerts/{name}/{subscriber_signer.sign(subscriber.key)}/"


def find_link(text: str, part: str) -> str:
    """Return the path of the first link in a text that contains `part`."""
    found = re.search(rf"http://127\.0\.0\.1:8000(\S*{part}\S*)", text)
    assert found, text
    return found[1]


def get_parts(message: Any) -> tuple[str, str]:
    """Return the plain text and the HTML of a sent message."""
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    return str(message.body), str(html)
