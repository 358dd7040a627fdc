"""Pages that somebody should read again: which, who is told, and what “reviewed” does."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Site

from bhp_site.content_audit import reminders
from bhp_site.content_audit.models import ContentAuditSettings, Reminder
from bhp_site.content_audit.reminders import send_due_reminders
from bhp_site.content_audit.review import add_months, get_due_pages, mark_reviewed
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.core.models import SiteSettings
from bhp_site.home.models import StandardPage
from bhp_site.sign_in.models import AccountEmail
from bhp_site.tasks.models import QueuedTask

DAY = datetime.timedelta(days=1)


def ask(page: Page, day: datetime.date | None) -> None:
    """Let `page` be one review date `day`."""
    type(page).objects.filter(pk=page.pk).update(review_by=day)
    page.refresh_from_db()


def set_age(page: Page, days: int) -> None:
    Page.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - days * DAY)


def test_pages_are_due_by_their_day_or_by_their_age(site: SimpleNamespace) -> None:
    today = timezone.localdate()
    assert get_due_pages() == []
    for page in (site.standard, site.news, site.report, site.theme):
        set_age(page, 400)
    ask(site.theme, today + DAY)
    assert get_due_pages() == [site.standard]
    ask(site.news, today)
    assert get_due_pages() == [site.standard, site.news]
    site.standard.unpublish()
    assert get_due_pages() == [site.news]


def test_the_time_is_a_setting(site: SimpleNamespace) -> None:
    set_age(site.standard, 100)
    audit_settings = ContentAuditSettings.for_site(Site.objects.get())
    for months, due in ((3, [site.standard]), (6, []), (0, [])):
        audit_settings.review_months = months
        audit_settings.save()
        assert get_due_pages() == due


def test_months_are_as_long_as_they_are() -> None:
    day = datetime.date(2027, 1, 31)
    assert add_months(day, 1) == datetime.date(2027, 2, 28)
    assert add_months(day, -12) == datetime.date(2026, 1, 31)
    assert add_months(day, 23) == datetime.date(2028, 12, 31)


def test_reviewed_sets_the_next_day_and_publishes_nothing(
    site: SimpleNamespace, editor: Any
) -> None:
    page = site.standard
    page.save_revision().publish()
    page = StandardPage.objects.get(pk=page.pk)
    page.title = "About, anew"
    page.save_revision()
    ask(page, timezone.localdate())
    before = Page.objects.get(pk=page.pk)
    day = mark_reviewed(StandardPage.objects.get(pk=page.pk), editor)
    assert day == add_months(timezone.localdate(), 12)
    after = StandardPage.objects.get(pk=page.pk)
    assert (after.review_by, after.title) == (day, "About")
    assert after.last_published_at == before.last_published_at
    assert after.has_unpublished_changes
    assert get_due_pages() == []
    draft = after.get_latest_revision_as_object()
    assert (draft.title, draft.review_by) == ("About, anew", day)
    after.get_latest_revision().publish()
    assert StandardPage.objects.get(pk=page.pk).review_by == day
    assert PageLogEntry.objects.filter(action="content_audit.review", user=editor).exists()


def test_the_button_is_for_those_who_edit(
    site: SimpleNamespace, editor_client: Client, client: Client
) -> None:
    ask(site.standard, timezone.localdate())
    address = f"/admin/pages/{site.standard.pk}/reviewed/"
    assert editor_client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert get_due_pages() == [site.standard]
    response = editor_client.post(address, follow=True)
    assert "“About” has been reviewed. The next review date is" in response.text
    assert get_due_pages() == []
    assert editor_client.post("/admin/pages/999999/reviewed/").status_code == 404
    root = Page.get_first_root_node()
    assert editor_client.post(f"/admin/pages/{root.pk}/reviewed/").status_code in (302, 403)


@pytest.fixture
def due(site: SimpleNamespace, editor: Any) -> Page:
    """A page whose day has come, which an editor wrote."""
    site.standard.save_revision(user=editor).publish()
    ask(site.standard, timezone.localdate())
    return site.standard


def test_the_last_editor_is_reminded_once(due: Page, editor: Any, publisher: Any) -> None:
    Page.objects.filter(pk=due.pk).update(owner=publisher)
    send_due_reminders()
    email = AccountEmail.objects.get()
    assert (email.to, email.subject) == (editor.email, "Pages to review: About")
    assert f"/admin/pages/{due.pk}/edit/" in email.text
    assert "/admin/reports/content-health/" in email.text
    assert QueuedTask.objects.filter(path=send_queued_email.module_path).count() == 1
    send_due_reminders()
    assert AccountEmail.objects.count() == 1
    # Another day, another reminder.
    ask(due, timezone.localdate() - DAY)
    send_due_reminders()
    assert AccountEmail.objects.count() == 2


def test_somebody_is_reminded_though_the_editor_has_left(
    due: Page, site: SimpleNamespace, editor: Any, publisher: Any
) -> None:
    ask(site.theme, timezone.localdate())
    SiteSettings.objects.update_or_create(
        site=Site.objects.get(), defaults={"email": "office@example.org"}
    )
    editor.is_active = False
    editor.save()
    Page.objects.filter(pk=due.pk).update(owner=publisher)
    send_due_reminders()
    recipients = AccountEmail.objects.values_list("to", flat=True)
    assert sorted(recipients) == sorted([publisher.email, "office@example.org"])


def test_no_reminder_is_sent_for_a_page_reviewed_meanwhile(
    due: Page, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "get_recipient", lambda page: "")
    send_due_reminders()
    monkeypatch.undo()
    mark_reviewed(due, editor)
    send_due_reminders()
    assert not AccountEmail.objects.exists()
    assert not Reminder.objects.exists()
