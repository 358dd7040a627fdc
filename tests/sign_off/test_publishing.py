"""Sign-offs that are open, declined or outdated block publication, in every way of publishing."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bhp_site.core.models import User
from bhp_site.core.publishing.checklist import build_checklist
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.sign_off.models import SignOff, SignOffEmail
from bhp_site.sign_off.requests import (
    MAX_REMINDERS,
    accept_suggestion,
    override,
    send_reminders,
)
from bhp_site.sign_off.retention import delete_outdated_personal_data
from bhp_site.sign_off.statuses import list_statuses
from news.models import NewsPage

from ..admin_forms import build_body, build_quote, get_messages, send
from ..conftest import signed_in
from ..roles import allow_on_page, make_member
from .conftest import (
    ADDRESS,
    answer,
    ask,
    ask_for_page,
    change_quotation,
    get_draft,
    get_path,
    get_subject,
)

WORDS = "First part, in other words.\n\nSecond part."


def try_to_publish(page: NewsPage) -> str:
    """Publish the latest draft; return the reason of the refusal, "" if it was published."""
    try:
        NewsPage.objects.get(pk=page.pk).get_latest_revision().publish()
    except PublishingRefused as refusal:
        return str(refusal)
    return ""


def test_an_open_sign_off_blocks(asked: SimpleNamespace) -> None:
    assert "Ada Chair has not answered" in try_to_publish(asked.page)
    asked.page.refresh_from_db()
    assert not asked.page.live


def test_an_approval_is_for_exactly_these_words(asked: SimpleNamespace, reader: Client) -> None:
    answer(reader, asked.path, asked.page, "approved")
    words = get_subject(asked.page).words
    for change in ({"words": "Other words."}, {"role": "Another role"}, {"name": "Ada C."}):
        before = get_draft(asked.page).quote_blocks[0].value
        former = {name: before[name] for name in change}
        change_quotation(asked.page, **change)
        assert "changed after" in try_to_publish(asked.page), change
        change_quotation(asked.page, **former)
    # Marks and space around the words, which visitors do not see, may change.
    change_quotation(asked.page, words=f"“{words}”  ")
    assert try_to_publish(asked.page) == ""


def test_a_declined_quotation_blocks_until_it_is_removed(
    asked: SimpleNamespace, reader: Client
) -> None:
    answer(reader, asked.path, asked.page, "declined")
    assert "must not be used" in try_to_publish(asked.page)
    draft = get_draft(asked.page)
    draft.body = [("paragraph", "<p>The report is out.</p>")]
    draft.save_revision()
    assert try_to_publish(asked.page) == ""


def test_changed_words_of_a_published_page_block_again(
    asked: SimpleNamespace, reader: Client
) -> None:
    answer(reader, asked.path, asked.page, "approved")
    assert try_to_publish(asked.page) == ""
    change_quotation(asked.page, words="Other words.")
    assert "changed after" in try_to_publish(asked.page)


def test_a_whole_page_is_approved_until_it_is_published(
    asked: SimpleNamespace, reader: Client, editor: User
) -> None:
    answer(reader, asked.path, asked.page, "approved")
    sign_off = ask_for_page(asked.page, editor)
    assert "The page has not been approved yet" in try_to_publish(asked.page)
    seen = list_statuses(get_draft(asked.page))[1].subject
    assert seen is not None
    reader.post(get_path(sign_off), {"answer": "approved", "seen": seen.content_hash})
    draft = get_draft(asked.page)
    draft.title = "Another title"
    draft.save_revision()
    assert "The page was changed after" in try_to_publish(asked.page)
    draft.title = seen.label
    draft.save_revision()
    assert try_to_publish(asked.page) == ""
    draft.title = "Another title"
    draft.save_revision()
    assert try_to_publish(asked.page) == ""


@pytest.mark.parametrize("way", ["form", "schedule", "scheduler"])
def test_every_way_of_publishing_is_blocked(
    asked: SimpleNamespace, chair: Any, publisher: User, way: str
) -> None:
    revision = get_draft(asked.page).get_latest_revision()
    if way == "form":
        subject = get_subject(asked.page)
        form = build_body([build_quote(chair, subject.words, role=subject.role, name=subject.name)])
        form |= {"body-0-id": subject.block_id}
        response = send(signed_in(publisher), asked.page, "action-publish", **form)
        assert "has not answered" in get_messages(response)
    elif way == "schedule":
        draft = get_draft(asked.page)
        draft.go_live_at = timezone.now() + datetime.timedelta(days=1)
        with pytest.raises(PublishingRefused):
            draft.save_revision().publish()
    else:
        type(revision).objects.filter(pk=revision.pk).update(
            approved_go_live_at=timezone.now() - datetime.timedelta(minutes=1)
        )
        publish_due()
    asked.page.refresh_from_db()
    assert not asked.page.live
    assert not asked.page.scheduled_revision or way == "scheduler"


def test_a_publisher_goes_ahead_with_a_reason(
    asked: SimpleNamespace, editor_client: Client, publisher_client: Client
) -> None:
    url = reverse("sign-off-override", args=[asked.sign_off.pk])
    editor_client.post(url, {"reason": "I am an editor."})
    publisher_client.post(url, {"reason": ""})
    assert try_to_publish(asked.page)
    publisher_client.post(url, {"reason": "She agreed by phone."})
    change_quotation(asked.page, words="Other words.")
    assert try_to_publish(asked.page)
    change_quotation(asked.page, words="First part.\n\nSecond part.")
    assert try_to_publish(asked.page) == ""
    history = reverse("wagtailadmin_pages:history", args=[asked.page.pk])
    assert "Reason: She agreed by phone." in publisher_client.get(history).text


def test_suggested_words_come_back_as_a_difference(
    asked: SimpleNamespace, reader: Client, editor_client: Client
) -> None:
    answer(reader, asked.path, asked.page, "suggested", words=WORDS, comment="<b>Clearer</b>")
    assert "has suggested other words" in try_to_publish(asked.page)
    html = editor_client.get(reverse("sign-offs", args=[asked.page.pk])).text
    assert "<del>part.</del><ins>part, in other words.</ins>" in html
    assert "&lt;b&gt;Clearer" in html
    editor_client.post(reverse("sign-off-accept", args=[asked.sign_off.pk]))
    subject = get_subject(asked.page)
    assert subject.words.replace("\r", "") == WORDS
    asked.sign_off.refresh_from_db()
    assert asked.sign_off.state == SignOff.State.APPROVED
    assert try_to_publish(asked.page) == ""


def test_words_of_a_locked_page_are_not_accepted(
    asked: SimpleNamespace, reader: Client, editor: User, publisher: User
) -> None:
    answer(reader, asked.path, asked.page, "suggested", words=WORDS)
    type(asked.page).objects.filter(pk=asked.page.pk).update(
        locked=True, locked_by=publisher, locked_at=timezone.now()
    )
    asked.sign_off.page.refresh_from_db()
    with pytest.raises(PublishingRefused):
        accept_suggestion(SignOff.objects.get(), editor)
    assert get_subject(asked.page).words == "First part.\n\nSecond part."


def test_a_new_request_replaces_the_former(asked: SimpleNamespace, editor: User) -> None:
    again = ask(asked.page, get_subject(asked.page), editor)
    assert [status.sign_off for status in list_statuses(get_draft(asked.page))] == [again]


def test_the_checklist_has_an_entry(asked: SimpleNamespace, reader: Client) -> None:
    def find_entry() -> Any:
        entries = build_checklist(get_draft(asked.page)).entries
        return next(entry for entry in entries if entry.is_sign_off)

    assert (find_entry().is_required, find_entry().is_done) == (True, False)
    answer(reader, asked.path, asked.page, "approved")
    assert find_entry().is_done


def test_people_are_reminded_twice(
    asked: SimpleNamespace, reader: Client, django_capture_on_commit_callbacks: Any
) -> None:
    day = datetime.timedelta(days=1)
    for days, count in [(1, 0), (3, 1), (3, 1), (5, 2), (9, 2)]:
        now = timezone.now()
        SignOff.objects.update(requested_at=now - days * day)
        if count == 1:
            SignOff.objects.filter(reminder_count=1).update(reminded_at=now - day)
        elif count == MAX_REMINDERS:
            SignOff.objects.update(reminded_at=now - 3 * day)
        with django_capture_on_commit_callbacks(execute=True):
            send_reminders()
        assert SignOff.objects.get().reminder_count == count, days
    reminders = [message for message in mail.outbox if "Reminder" in message.subject]
    assert len(reminders) == MAX_REMINDERS
    assert asked.sign_off.url in reminders[0].body


def test_nobody_who_answered_is_reminded(asked: SimpleNamespace, reader: Client) -> None:
    answer(reader, asked.path, asked.page, "approved")
    SignOff.objects.update(requested_at=timezone.now() - datetime.timedelta(days=9))
    send_reminders()
    assert SignOff.objects.get().reminder_count == 0


def test_personal_data_is_deleted_and_the_evidence_kept(
    asked: SimpleNamespace, reader: Client, editor: User, settings: Any
) -> None:
    settings.SIGN_OFFS_KEPT_DAYS = 90
    ask_for_page(asked.page, editor)
    answer(reader, asked.path, asked.page, "suggested", words=WORDS, comment="Clearer")
    before = timezone.now() - datetime.timedelta(days=89)
    SignOff.objects.update(expires_at=before)
    assert delete_outdated_personal_data() == 0
    SignOff.objects.update(expires_at=before - datetime.timedelta(days=2))
    assert delete_outdated_personal_data() == 2
    assert not SignOffEmail.objects.exists()
    for sign_off in SignOff.objects.all():
        left = (sign_off.email, sign_off.message, sign_off.comment, sign_off.suggested_words)
        assert left == ("", "", "", "")
        assert sign_off.draft_link is None
    assert SignOff.objects.first().decided_hash  # type: ignore[union-attr]


def test_an_editor_asks_the_stored_address_without_seeing_it(
    asked: SimpleNamespace, editor: User, editor_client: Client, publisher_client: Client
) -> None:
    SignOff.objects.all().delete()
    url = reverse("sign-offs", args=[asked.page.pk])
    block = get_subject(asked.page).block_id
    edit = editor_client.get(reverse("wagtailadmin_pages:edit", args=[asked.page.pk])).text
    assert f"{url}?subject={block}" in edit
    response = editor_client.post(url, {"subject": block, "name": "", "email": "", "message": ""})
    assert response.status_code == 302
    sign_off = SignOff.objects.get()
    assert (sign_off.name, sign_off.email) == (get_subject(asked.page).name, ADDRESS)
    missing = {"subject": "partner", "name": "", "email": ""}
    html = editor_client.post(url, missing).text
    assert "Enter the name of the person." in html
    assert "Enter the person’s e-mail address." in html


def test_private_addresses_are_shown_to_editors_of_people_only(
    asked: SimpleNamespace, guest_client: Client, admin_client: Client
) -> None:
    url = reverse("sign-offs", args=[asked.page.pk])
    assert ADDRESS in admin_client.get(url).text
    assert guest_client.get(url).status_code == 302
    member = make_member("Section writers")
    allow_on_page(member, asked.page.get_parent(), "change")
    client = signed_in(member)
    html = client.get(url).text
    assert "Ada Chair" in html
    assert ADDRESS not in html
    member.user_permissions.add(Permission.objects.get(codename="change_person"))
    assert ADDRESS in client.get(url).text


def test_the_dashboard_lists_what_blocks(
    asked: SimpleNamespace, reader: Client, editor_client: Client, guest_client: Client
) -> None:
    dashboard = reverse("wagtailadmin_home")
    link = reverse("sign-offs", args=[asked.page.pk])
    assert link in editor_client.get(dashboard).text
    assert link not in guest_client.get(dashboard).text
    answer(reader, asked.path, asked.page, "approved")
    assert link not in editor_client.get(dashboard).text


def test_going_ahead_needs_the_page_as_it_was(asked: SimpleNamespace, publisher: User) -> None:
    override(asked.sign_off, "Agreed by phone.", publisher)
    (status,) = list_statuses(get_draft(asked.page))
    assert status.is_overridden
    assert status.summary == "Going ahead without approval"


def test_a_person_can_have_their_data_and_have_it_deleted(
    asked: SimpleNamespace, reader: Client, editor_client: Client, guest_client: Client
) -> None:
    answer(reader, asked.path, asked.page, "suggested", words=WORDS, comment="Clearer")
    data, delete = (
        reverse(name, args=[asked.sign_off.pk])
        for name in ("sign-off-data", "sign-off-delete-data")
    )
    assert guest_client.get(data).status_code == 302
    guest_client.post(delete)
    exported = editor_client.get(data).json()
    assert (exported["email"], exported["comment"]) == (ADDRESS, "Clearer")
    assert exported["suggested words"].replace("\r", "") == WORDS
    assert asked.sign_off.token not in str(exported)
    assert editor_client.get(delete).status_code == 405
    editor_client.post(delete)
    sign_off = SignOff.objects.get()
    assert (sign_off.email, sign_off.comment, sign_off.state) == ("", "", "suggested")
    assert not SignOffEmail.objects.exists()
