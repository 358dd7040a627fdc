"""People hear at once, and once, that a scheduled release did not go out."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published

from bhp_site.core.confidential.tracking import set_people
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.core.models import User
from bhp_site.core.monitoring import health_checks
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.scheduling.models import BlockedRelease
from bhp_site.sign_in.models import AccountEmail
from bhp_site.tasks.models import QueuedTask
from news.models import NewsPage

DAY = datetime.timedelta(days=1)


@pytest.fixture
def scheduled(release: NewsPage, publisher: User) -> NewsPage:
    release.go_live_at = timezone.now() + DAY
    release.save_revision(user=publisher).publish(user=publisher)
    return release


def lock(page: Any) -> None:
    Page.objects.filter(pk=page.pk).update(locked=True)


def unlock(page: Any) -> None:
    Page.objects.filter(pk=page.pk).update(locked=False)


def test_each_person_gets_one_email_for_one_reason(
    scheduled: NewsPage, publisher: User, admin: User, editor: User
) -> None:
    lock(scheduled.report)
    with time_machine.travel(scheduled.go_live_at) as traveller:
        assert [publish_due() for _ in range(3)] == [0, 0, 0]
        traveller.shift(DAY)
        publish_due()
    assert sorted(list_recipients()) == sorted([publisher.email, admin.email])
    message = AccountEmail.objects.latest("pk")
    assert message.subject == f"Not published: {scheduled.title}"
    assert "is locked by" in message.text
    assert "UK time" in message.text
    assert f"/admin/pages/{scheduled.pk}/edit/" in message.text


def test_nobody_is_told_of_a_confidential_draft_of_others(
    scheduled: NewsPage, publisher: User, admin: User
) -> None:
    set_people(scheduled, [admin], admin)
    lock(scheduled.report)
    with time_machine.travel(scheduled.go_live_at):
        publish_due()
    assert list_recipients() == [admin.email]


def test_wagtails_own_command_follows_the_same_rules(scheduled: NewsPage, publisher: User) -> None:
    lock(scheduled.report)
    with time_machine.travel(scheduled.go_live_at):
        call_command("publish_scheduled")
        scheduled.refresh_from_db()
        assert not scheduled.live
        assert publisher.email in list_recipients()
        unlock(scheduled.report)
        call_command("publish_scheduled", dryrun=True)
        assert not NewsPage.objects.get(pk=scheduled.pk).live
        call_command("publish_scheduled")
    scheduled.refresh_from_db()
    assert (scheduled.live, scheduled.report.live) == (True, True)


def test_another_reason_is_told_again(scheduled: NewsPage, publisher: User) -> None:
    lock(scheduled.report)
    with time_machine.travel(scheduled.go_live_at):
        publish_due()
        unlock(scheduled.report)
        lock(scheduled)
        publish_due()
    assert list_recipients() == [publisher.email] * 2


def test_an_unexpected_error_is_told_too(scheduled: NewsPage) -> None:
    def fail(**kwargs: Any) -> None:
        raise RuntimeError("no paper")

    page_published.connect(fail)
    try:
        with time_machine.travel(scheduled.go_live_at):
            publish_due()
    finally:
        page_published.disconnect(fail)
    assert "An unexpected error stopped it." in AccountEmail.objects.latest("pk").text


def test_the_scheduler_does_not_wait_for_the_mail_server(
    scheduled: NewsPage,
    publisher: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    lock(scheduled.report)
    monkeypatch.setattr("bhp_site.core.mail.EmailMessage.send", lambda *_: 1 / 0)
    monkeypatch.setattr("bhp_site.tasks.backends.is_worker_alive", lambda: True)
    with (
        time_machine.travel(scheduled.go_live_at),
        django_capture_on_commit_callbacks(execute=True),
    ):
        publish_due()
    email = AccountEmail.objects.get()
    assert (email.to, email.problem) == (publisher.email, "")
    assert QueuedTask.objects.filter(path=send_queued_email.module_path).count() == 1


def list_recipients() -> list[str]:
    return [*AccountEmail.objects.values_list("to", flat=True)]


def test_visitors_are_not_turned_away_because_of_it(scheduled: NewsPage) -> None:
    lock(scheduled.report)
    with time_machine.travel(scheduled.go_live_at) as traveller:
        traveller.shift(DAY)
        assert not health_checks.check_schedule()
        publish_due()
        assert health_checks.check_schedule()


def test_the_dashboard_names_it_until_it_is_out(
    scheduled: NewsPage, publisher_client: Client, guest_client: Client
) -> None:
    assert "Not published at the scheduled time" not in publisher_client.get("/admin/").text
    lock(scheduled.report)
    with time_machine.travel(scheduled.go_live_at, tick=True):
        publish_due()
        assert BlockedRelease.objects.count() == 1
        unlock(scheduled.report)
        assert publish_due() == 1
    assert not BlockedRelease.objects.exists()


def test_the_dashboard_says_why(scheduled: NewsPage, publisher_client: Client) -> None:
    lock(scheduled.report)
    with time_machine.travel(scheduled.go_live_at):
        publish_due()
    text = publisher_client.get("/admin/").text
    assert "Not published at the scheduled time" in text
    assert "is locked by" in text


def test_a_cancelled_schedule_is_no_longer_on_the_dashboard(
    scheduled: NewsPage, publisher: User, publisher_client: Client
) -> None:
    lock(scheduled.report)
    with time_machine.travel(scheduled.go_live_at):
        publish_due()
    revision = scheduled.revisions.get(approved_go_live_at__isnull=False)
    revision.approved_go_live_at = None
    revision.save(user=publisher, update_fields=["approved_go_live_at"])
    assert "Not published at the scheduled time" not in publisher_client.get("/admin/").text
