"""A sender that is killed loses nothing and repeats one e-mail.

`bench_alert_kills` kills processes while they send to hundreds of subscribers.
"""

import datetime
from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from bhp_site.alerts.distribution import distribute_alerts
from bhp_site.alerts.models import AlertEmail, Delivery
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.tasks.models import QueuedTask
from news.models import NewsPage

from ..running_tasks import run_tasks
from . import add_subscriber
from .conftest import publish
from .test_refusals import sink  # noqa: F401
from .test_sending import TASKS


def release_killed_task() -> None:
    """Return the task of a killed worker to the queue, as another worker does."""
    expired = timezone.now() - datetime.timedelta(seconds=1)
    QueuedTask.objects.filter(status="RUNNING").update(lease_expires_at=expired)
    QueuedTask.objects.release_expired()


def test_each_kill_while_sending_repeats_at_most_one_email(
    draft: NewsPage,
    sink: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses = {f"person{number}@example.com" for number in range(6)}
    for address in addresses:
        add_subscriber("news", email=address)
    publish(draft)
    run_tasks(distribute_alerts)
    send, kills = AlertEmail.send, iter([1, 3])
    next_kill = next(kills)

    def send_and_be_killed(email: AlertEmail) -> None:
        nonlocal next_kill
        send(email)
        if len(sink.received) == next_kill:
            next_kill = next(kills, 0)
            raise SystemExit

    monkeypatch.setattr(AlertEmail, "send", send_and_be_killed)
    for _ in range(2):
        with pytest.raises(SystemExit):
            run_tasks(send_queued_email)
        release_killed_task()
    run_tasks(send_queued_email)
    assert {received.recipient for received in sink.received} == addresses
    copies = Counter((r.recipient, r.message["Message-ID"]) for r in sink.received)
    assert sorted(copies.values()) == [1, 1, 1, 1, 2, 2]
    assert not AlertEmail.objects.filter(sent_at=None).exists()


def test_a_kill_while_emails_are_written_neither_loses_nor_repeats_one(
    draft: NewsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        add_subscriber("news", email=f"person{number}@example.com")
    publish(draft)
    queue = AlertEmail.queue

    def queue_and_be_killed(email: AlertEmail, priority: int = 0) -> None:
        queue(email, priority)
        if Delivery.objects.count() == 2:
            raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(AlertEmail, "queue", queue_and_be_killed)
        with pytest.raises(SystemExit):
            run_tasks(distribute_alerts)
    # What the killed worker had not committed is written anew.
    release_killed_task()
    run_tasks(*TASKS)
    assert Delivery.objects.count() == AlertEmail.objects.exclude(sent_at=None).count() == 4
