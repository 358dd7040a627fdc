"""What is published reaches those who follow it: once, after the commit, as text and HTML."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from bhp_site.alerts.announcing import announce
from bhp_site.alerts.distribution import (
    distribute_alerts,
    distribute_weekly,
    enqueue_weekly,
    get_weekly_time,
)
from bhp_site.alerts.models import Alert, AlertEmail, Delivery, Frequency
from bhp_site.alerts.subscribing import change_choices
from bhp_site.alerts.topics import find_topics
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.core.models import SiteSettings
from bhp_site.tasks.models import QueuedTask
from news.models import NewsPage
from reports.models import ReportPage
from reports.series import ReportSeries

from ..factories import ReportPageFactory
from ..running_tasks import run_tasks
from . import ADDRESS, add_subscriber, find_link, get_parts
from .conftest import publish

TASKS = (distribute_alerts, distribute_weekly, send_queued_email)


def send_alerts() -> int:
    """Run what is due; return the number of e-mails that were sent."""
    before = len(mail.outbox)
    run_tasks(*TASKS)
    return len(mail.outbox) - before


def test_a_new_announcement_reaches_who_follows_news(draft: NewsPage) -> None:
    settings = SiteSettings.get_default()
    settings.address, settings.email = "1 The Street\nBirmingham", "hello@example.org"
    settings.save()
    subscriber = add_subscriber("news")
    add_subscriber("reports", email="other@example.com")
    publish(draft)
    assert send_alerts() == 1
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == "Announcement: Two <hospitals> & one plan"
    assert message.reply_to == ["hello@example.org"]
    text, html = get_parts(message)
    for words in (
        "Two <hospitals> & one plan",
        "They share what they know.",
        "Announcement, 1 September 2026",
        "http://127.0.0.1:8000/news/",
        "1 The Street\nBirmingham",
        "Birmingham Health Partners",
    ):
        assert words in text
    assert "Two &lt;hospitals&gt; &amp; one plan</a></h2>" in html
    assert "1 The Street<br>Birmingham" in html
    assert '<html lang="en-GB">' in html
    assert "<img" not in html
    headers = message.message()
    leave = find_link(text, "/alerts/leave/")
    assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000{leave}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # The link is not stored with the e-mail.
    stored = AlertEmail.objects.get()
    assert (stored.text, stored.html, stored.headers) == ("", "", {})
    assert stored.subscriber == subscriber


def test_nothing_is_written_before_the_commit(draft: NewsPage) -> None:
    add_subscriber("news")
    with transaction.atomic():
        publish(draft)
        transaction.set_rollback(True)
    assert not Alert.objects.exists()
    assert not QueuedTask.objects.filter(path=distribute_alerts.module_path).exists()
    assert send_alerts() == 0


def test_a_scheduled_page_sends_nothing_before_its_time(draft: NewsPage) -> None:
    add_subscriber("news")
    draft.go_live_at = timezone.now() + datetime.timedelta(days=1)
    publish(draft)
    assert not Alert.objects.exists()
    assert send_alerts() == 0


def test_later_publications_send_nothing(draft: NewsPage, clock: time_machine.Traveller) -> None:
    add_subscriber("news")
    publish(draft)
    assert send_alerts() == 1
    clock.shift(60)
    draft.refresh_from_db()
    draft.title = "Corrected"
    publish(draft)
    draft.unpublish()
    publish(draft)
    distribute_alerts.enqueue()
    assert send_alerts() == 0


def test_an_announced_update_is_sent_once_with_its_note(draft: NewsPage) -> None:
    add_subscriber("news")
    publish(draft)
    send_alerts()
    for _ in range(2):
        announce(draft, "update-7", "The figures for May were wrong.")
    assert send_alerts() == 1
    text, html = get_parts(mail.outbox[-1])
    assert mail.outbox[-1].subject.startswith("Updated: announcement: ")
    assert "What has changed: The figures for May were wrong." in text
    assert "What has changed: The figures for May were wrong." in html


def test_an_old_item_is_an_addition_to_the_archive(draft: NewsPage) -> None:
    draft.date = datetime.date(2026, 3, 1)
    publish(draft)
    assert not Alert.objects.exists()
    draft.first_published_at = None
    draft.date_precision = "year"
    publish(draft)
    assert Alert.objects.exists()


def test_a_release_is_one_email_to_who_follows_both(release: NewsPage) -> None:
    NewsPage.objects.update(date=timezone.localdate())
    ReportPage.objects.update(date=timezone.localdate())
    release.refresh_from_db()
    release.report.save_revision()
    add_subscriber("news", "reports")
    publish(release)
    assert send_alerts() == 1
    text, _ = get_parts(mail.outbox[0])
    assert mail.outbox[0].subject.endswith(" and 1 more")
    assert text.index(release.title) > 0
    assert release.report.title in text
    assert Delivery.objects.count() == 2


def test_themes_partners_and_series_can_be_followed(site: Any) -> None:
    series = ReportSeries.objects.create(name="Reports of activity", slug="activity")
    report = site.report
    ReportPage.objects.filter(pk=report.pk).update(series=series)
    keys = {"theme": f"page-{site.theme.pk}", "partner": f"page-{site.partner.pk}"}
    keys["series"] = f"series-{series.pk}"
    for name, key in keys.items():
        assert find_topics([key])
        add_subscriber(key, email=f"{name}@example.com")
    new = ReportPageFactory(
        parent=report.get_parent(), live=False, date=timezone.localdate(), series=series
    )
    new.partners, new.themes = [site.partner], [site.theme]
    publish(new)
    assert send_alerts() == 3
    assert {message.to[0] for message in mail.outbox} == {f"{name}@example.com" for name in keys}


def test_what_was_published_before_somebody_subscribed_is_not_sent(
    draft: NewsPage, clock: time_machine.Traveller
) -> None:
    publish(draft)
    clock.shift(60)
    add_subscriber("news")
    distribute_alerts.enqueue()
    assert send_alerts() == 0


def test_a_page_withdrawn_before_it_was_sent_is_not_sent(draft: NewsPage) -> None:
    add_subscriber("news")
    publish(draft)
    run_tasks(distribute_alerts)
    NewsPage.objects.get(pk=draft.pk).unpublish()
    assert send_alerts() == 0
    assert not AlertEmail.objects.exists()


def test_an_item_goes_to_a_subscriber_once(draft: NewsPage) -> None:
    subscriber = add_subscriber("news")
    publish(draft)
    Alert.objects.update(distributed_at=None)
    for _ in range(2):
        distribute_alerts.enqueue()
        assert send_alerts() <= 1
        Alert.objects.update(distributed_at=None)
    assert len(mail.outbox) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(alert=Alert.objects.get(), subscriber=subscriber)


def test_a_weekly_email_has_all_of_the_week(
    draft: NewsPage, site: Any, clock: time_machine.Traveller
) -> None:
    add_subscriber("news", frequency=Frequency.WEEKLY)
    publish(draft)
    second = draft.copy(update_attrs={"title": "Second", "slug": "second"}, keep_live=False)
    publish(second)
    assert send_alerts() == 0
    enqueue_weekly()
    assert send_alerts() == 0
    # Monday, 7.59am and 8am in the UK.
    clock.move_to(datetime.datetime(2026, 9, 7, 6, 59, tzinfo=datetime.UTC))
    enqueue_weekly()
    assert send_alerts() == 0
    clock.move_to(datetime.datetime(2026, 9, 7, 7, tzinfo=datetime.UTC))
    for _ in range(2):
        enqueue_weekly()
        send_alerts()
    (message,) = mail.outbox
    title = "Announcement: Two <hospitals> & one plan"
    assert message.subject == f"This week from BHP: {title} and 1 more"
    assert "Published this week" in get_parts(message)[0]


def test_who_no_longer_waits_for_monday_gets_what_is_pending(draft: NewsPage) -> None:
    subscriber = add_subscriber("news", frequency=Frequency.WEEKLY)
    publish(draft)
    assert send_alerts() == 0
    change_choices(subscriber, find_topics(["news"]), Frequency.IMMEDIATE)
    assert send_alerts() == 1


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ((2026, 9, 6, 12), (2026, 8, 31, 7)),
        ((2026, 9, 7, 7), (2026, 9, 7, 7)),
        # After the clocks go back, 8am is 08:00 UTC.
        ((2026, 10, 26, 7), (2026, 10, 19, 7)),
        ((2026, 10, 26, 8), (2026, 10, 26, 8)),
    ],
)
def test_weekly_emails_are_due_on_monday_at_eight(
    now: tuple[int, ...], due: tuple[int, ...]
) -> None:
    moments = [datetime.datetime(*parts, tzinfo=datetime.UTC) for parts in (now, due)]  # type: ignore[arg-type,misc]
    assert get_weekly_time(moments[0]) == moments[1]
