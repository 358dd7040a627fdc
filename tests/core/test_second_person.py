"""Nobody publishes their own last change alone, in any way of publishing."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.models import Page, PageLogEntry, Workflow

from bhp_site.core.models import SiteSettings, User
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.core.publishing.second_person import count_publishers, go_ahead, is_required
from news.models import NewsPage
from partners.models import Person

from ..admin_forms import get_messages, read_form, send
from ..conftest import signed_in
from ..factories import (
    NewsPageFactory,
    PersonFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    offer,
)

pytestmark = pytest.mark.second_person
REASON = "Nobody else is here this week."


@pytest.fixture
def draft(news_index: Page, publisher: User, colleague: User) -> NewsPage:
    """Return a draft that `publisher` has written, on a site with two publishers."""
    page = NewsPageFactory(parent=news_index, live=False)
    page.save_revision(user=publisher)
    return page


def is_live(page: Any) -> bool:
    return bool(type(page).objects.get(pk=page.pk).live)


def post_form(client: Client, page: Any) -> None:
    send(client, page, "action-publish")


def post_bulk_action(client: Client, page: Any) -> None:
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}")


def post_schedule(client: Client, page: Any) -> None:
    send(client, page, "action-publish", **schedule_fields())
    page.revisions.exclude(approved_go_live_at=None).update(
        approved_go_live_at=timezone.now() - datetime.timedelta(minutes=1)
    )
    type(page).objects.filter(pk=page.pk).update(go_live_at=None)
    for revision in page.revisions.all():
        revision.content["go_live_at"] = None
        revision.save()
    publish_due()


def schedule_fields() -> dict[str, str]:
    later = timezone.localtime() + datetime.timedelta(days=2)
    return {"go_live_at": later.strftime("%d/%m/%Y %H:%M")}


def post_api(client: Client, page: Any) -> None:
    client.post(f"/admin/api/main/pages/{page.pk}/action/publish/")


def approve(client: Client, page: Any) -> None:
    user = User.objects.get(pk=client.session["_auth_user_id"])
    Workflow.objects.get(name="Publishers").start(page, user)
    fields = {"workflow-action-name": "approve", "workflow-action-extra-data": "{}"}
    send(client, NewsPage.objects.get(pk=page.pk), "action-workflow-action", **fields)


WAYS: list[Callable[[Client, Any], None]] = [
    post_form,
    post_bulk_action,
    post_schedule,
    post_api,
    approve,
]


@pytest.mark.parametrize("way", WAYS)
def test_nobody_publishes_their_own_last_change(
    draft: NewsPage, publisher_client: Client, way: Any
) -> None:
    way(publisher_client, draft)
    assert not is_live(draft)


@pytest.mark.parametrize("way", WAYS)
def test_a_second_person_publishes_it(draft: NewsPage, colleague: User, way: Any) -> None:
    way(signed_in(colleague), draft)
    assert is_live(draft)


@pytest.mark.parametrize("way", WAYS)
def test_one_publisher_needs_nobody(
    draft: NewsPage, publisher_client: Client, colleague: User, way: Any
) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    way(publisher_client, draft)
    assert is_live(draft)


def test_the_setting_switches_it_off(draft: NewsPage, publisher_client: Client) -> None:
    settings = SiteSettings.get_default()
    settings.second_person = "never"
    settings.save()
    post_form(publisher_client, draft)
    assert is_live(draft)


def test_the_message_says_what_to_do_and_nothing_is_lost(
    draft: NewsPage, publisher_client: Client
) -> None:
    response = send(publisher_client, draft, "action-publish", title="A new title")
    message = get_messages(response)
    assert "Saved, but not published. You made the last change to “A new title”" in message
    assert "Submit it for review" in message
    assert NewsPage.objects.get(pk=draft.pk).get_latest_revision_as_object().title == "A new title"


def test_a_reason_is_enough_and_stays_in_the_history(
    draft: NewsPage, publisher_client: Client
) -> None:
    send(publisher_client, draft, "action-publish", reason_for_going_ahead=REASON)
    assert is_live(draft)
    history = publisher_client.get(f"/admin/pages/{draft.pk}/history/").text
    assert f"Published without a second person. Reason: {REASON}" in history


def test_blanks_are_no_reason(draft: NewsPage, publisher_client: Client) -> None:
    send(publisher_client, draft, "action-publish", reason_for_going_ahead=" \t ")
    assert not is_live(draft)


def test_an_approval_after_an_edit_needs_another_person(
    draft: NewsPage, publisher: User, colleague: User
) -> None:
    Workflow.objects.get(name="Publishers").start(draft, publisher)
    fields = {"workflow-action-name": "approve", "title": "Edited by the reviewer"}
    send(signed_in(colleague), draft, "action-workflow-action", **fields)
    assert not is_live(draft)
    draft = NewsPage.objects.get(pk=draft.pk)
    assert draft.workflow_in_progress
    # Its author has seen the edit when they approve it.
    fields = {"workflow-action-name": "approve"}
    send(signed_in(publisher), draft, "action-workflow-action", **fields)
    assert is_live(draft)


def test_the_comment_of_an_approval_is_its_reason(
    draft: NewsPage, publisher: User, colleague: User
) -> None:
    Workflow.objects.get(name="Publishers").start(draft, publisher)
    fields = {
        "workflow-action-name": "approve",
        "workflow-action-extra-data": '{"comment": "Only a comma."}',
        "title": "Edited by the reviewer",
    }
    send(signed_in(colleague), draft, "action-workflow-action", **fields)
    assert is_live(draft)
    entry = PageLogEntry.objects.get(page=draft.pk, action="core.go_ahead")
    assert (entry.user, entry.data) == (colleague, {"reason": "Only a comma."})


def test_who_publishes_without_a_change_is_a_second_person(
    draft: NewsPage, publisher: User, colleague: User
) -> None:
    send(signed_in(colleague), draft)
    post_form(signed_in(publisher), draft)
    assert not is_live(draft)
    post_form(signed_in(colleague), draft)
    assert is_live(draft)


def test_what_is_published_already_can_be_published_again(
    draft: NewsPage, publisher: User, colleague: User
) -> None:
    post_form(signed_in(colleague), draft)
    draft = NewsPage.objects.get(pk=draft.pk)
    draft.unpublish()
    post_form(signed_in(publisher), draft)
    assert is_live(draft)


def test_a_report_published_with_an_announcement_needs_a_second_person_too(
    draft: NewsPage, report_index: Page, publisher: User, colleague: User
) -> None:
    report = ReportPageFactory(parent=report_index, live=False)
    offer(report, SiteDocumentFactory())
    report.save_revision(user=colleague)
    draft.report = report
    draft.save_revision(user=publisher)
    draft.save()
    client = signed_in(colleague)
    assert f"last change to “{report.title}”" in get_messages(send(client, draft, "action-publish"))
    assert not is_live(draft)
    send(client, draft, "action-publish", reason_for_going_ahead=REASON)
    assert is_live(draft)
    assert is_live(report)
    assert PageLogEntry.objects.get(page=report.pk, action="core.go_ahead").data["reason"] == REASON


def test_a_change_after_scheduling_stops_the_release(
    draft: NewsPage, report_index: Page, publisher: User, colleague: User
) -> None:
    report = ReportPageFactory(parent=report_index, live=False)
    offer(report, SiteDocumentFactory())
    report.save_revision(user=publisher)
    draft.report = report
    draft.save_revision(user=publisher)
    draft.save()
    client = signed_in(colleague)
    send(client, draft, "action-publish", **schedule_fields())
    assert draft.revisions.exclude(approved_go_live_at=None).exists()
    report = type(report).objects.get(pk=report.pk)
    report.summary = "Something else."
    report.save_revision(user=colleague)
    draft.revisions.exclude(approved_go_live_at=None).update(
        approved_go_live_at=timezone.now() - datetime.timedelta(minutes=1)
    )
    publish_due()
    assert not is_live(draft)
    assert not is_live(report)


def test_code_that_acts_for_a_user_is_checked(draft: NewsPage, publisher: User) -> None:
    with LogContext(user=publisher), pytest.raises(PublishingRefused):
        draft.get_latest_revision().publish(user=publisher)
    with go_ahead(REASON):
        draft.get_latest_revision().publish(user=publisher)
    assert is_live(draft)


def test_code_without_a_user_is_not_checked(draft: NewsPage) -> None:
    draft.get_latest_revision().publish()
    assert is_live(draft)


@pytest.fixture
def person(publisher: User, colleague: User) -> Person:
    """Return a public person whose biography `publisher` has changed in a draft."""
    person = PersonFactory(name="Ada Lovelace")
    person.biography = "Wrote the first programme."
    person.save_revision(user=publisher)
    return person


def send_person(client: Client, person: Person, **changes: str) -> Any:
    address = f"/admin/snippets/partners/person/edit/{person.pk}/"
    data = read_form(client, address, "w-editor-form") | {"action-publish": "action-publish"}
    return client.post(address, data | changes)


def get_biography(person: Person) -> str:
    return Person.objects.get(pk=person.pk).biography


def test_people_need_a_second_person_too(
    person: Person, publisher_client: Client, colleague: User
) -> None:
    response = send_person(publisher_client, person)
    assert "Saved, but not published. You made the last change" in get_messages(response)
    assert get_biography(person) == ""
    send_person(signed_in(colleague), person)
    assert get_biography(person) == "Wrote the first programme."


def test_a_reason_publishes_a_person(person: Person, publisher_client: Client) -> None:
    send_person(publisher_client, person, reason_for_going_ahead=REASON)
    assert get_biography(person) == "Wrote the first programme."
    history = publisher_client.get(f"/admin/snippets/partners/person/history/{person.pk}/").text
    assert REASON in history


def test_a_new_person_is_a_draft_without_a_second_person(publisher: User, colleague: User) -> None:
    with LogContext(user=publisher):
        person = Person.objects.create(name="Grace Hopper")
    assert not person.live


def test_publishers_are_counted_once(db: None, admin: User, publisher: User, editor: User) -> None:
    assert count_publishers() == 2
    admin.groups.add(publisher.groups.get())
    assert count_publishers() == 2
    assert is_required()
    User.objects.filter(pk=publisher.pk).update(is_active=False)
    assert not is_required()
