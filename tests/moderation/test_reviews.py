"""A review: what is approved is published or the reason is given; comments reach the author."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, TaskState

from bhp_site.core.models import User
from news.models import NewsPage
from tests.factories import NewsPageFactory

from ..admin_forms import get_messages, send


@pytest.fixture
def draft(news_index: Page, editor: User) -> NewsPage:
    page = NewsPageFactory(parent=news_index, live=False, title="A draft", owner=editor)
    page.save_revision(user=editor)
    return page


@pytest.fixture
def review(draft: NewsPage, editor: User) -> SimpleNamespace:
    state = draft.get_workflow().start(draft, editor)
    return SimpleNamespace(page=draft, state=state, task=state.current_task_state)


def decide(client: Client, page: NewsPage, name: str, comment: str = "", **changes: Any) -> Any:
    """Press a reviewer's button in the editor of `page`, with changes on the screen."""
    extra = {
        "workflow-action-name": name,
        "workflow-action-extra-data": json.dumps({"comment": comment}),
    }
    return send(client, page, "action-workflow-action", **extra, **changes)


def decide_in_list(client: Client, review: SimpleNamespace, name: str, **headers: str) -> Any:
    address = reverse(
        "wagtailadmin_pages:workflow_action", args=[review.page.pk, name, review.task.pk]
    )
    return client.post(address, {"comment": ""}, headers=headers)


@pytest.mark.parametrize("comment", ["", "Well done."])
def test_approving_publishes_what_is_on_the_screen(
    review: SimpleNamespace, publisher_client: Client, comment: str
) -> None:
    response = decide(publisher_client, review.page, "approve", comment, summary="Corrected.")
    review.page.refresh_from_db()
    assert (review.page.live, review.page.summary) == (True, "Corrected.")
    assert "was approved and published" in get_messages(response)
    assert not review.page.workflow_in_progress
    review.task.refresh_from_db()
    assert review.task.comment == comment


def test_approving_what_was_saved_before_publishes_that(
    review: SimpleNamespace, publisher_client: Client
) -> None:
    send(publisher_client, review.page, summary="Corrected.")
    decide(publisher_client, review.page, "approve", summary="Corrected.")
    review.page.refresh_from_db()
    assert (review.page.live, review.page.summary) == (True, "Corrected.")


def test_approving_what_cannot_be_published_says_why_and_keeps_the_text(
    review: SimpleNamespace, publisher_client: Client, release: NewsPage
) -> None:
    Page.objects.filter(pk=release.report_id).update(locked=True)
    response = decide(
        publisher_client, review.page, "approve", summary="New.", report=str(release.report_id)
    )
    assert "Saved, but not published." in get_messages(response)
    assert "is locked by" in get_messages(response)
    page = NewsPage.objects.get(pk=review.page.pk)
    assert not page.live
    assert page.get_latest_revision_as_object().summary == "New."
    assert page.workflow_in_progress


def test_a_decision_that_is_no_longer_asked_for_is_refused_in_red(
    review: SimpleNamespace, publisher: User, publisher_client: Client
) -> None:
    review.state.cancel(user=publisher)
    response = decide(publisher_client, review.page, "approve", summary="New.")
    assert "was not approved or sent back" in get_messages(response)
    assert not NewsPage.objects.get(pk=review.page.pk).live


@pytest.mark.parametrize("extra", ["", "{", "[]", "1", '{"user": 1}', '{"comment": 1}'])
def test_a_comment_that_cannot_be_read_is_no_server_error(
    review: SimpleNamespace, publisher_client: Client, extra: str
) -> None:
    response = send(
        publisher_client,
        review.page,
        "action-workflow-action",
        **{"workflow-action-name": "reject", "workflow-action-extra-data": extra},
    )
    assert response.status_code == 400


def test_control_characters_are_dropped_from_a_comment(
    review: SimpleNamespace, publisher_client: Client
) -> None:
    extra = {"workflow-action-extra-data": '{"comment": "Too\\u0000 long."}'}
    name = {"workflow-action-name": "reject"}
    send(publisher_client, review.page, "action-workflow-action", **name, **extra)
    review.task.refresh_from_db()
    assert review.task.comment == "Too long."


def test_publishing_without_permission_is_refused_in_red(
    draft: NewsPage, editor_client: Client
) -> None:
    response = send(editor_client, draft, "action-publish", summary="New.")
    assert "you do not have permission to publish it" in get_messages(response)
    assert not NewsPage.objects.get(pk=draft.pk).live


def test_a_list_approves_only_what_was_submitted(
    review: SimpleNamespace, publisher: User, publisher_client: Client
) -> None:
    review.page.save_revision(user=publisher)
    response = decide_in_list(
        publisher_client, review, "approve", **{"X-Requested-With": "XMLHttpRequest"}
    )
    assert response.json()["step"] == "success"
    assert "because it was changed after it was submitted" in get_messages(response)
    assert not NewsPage.objects.get(pk=review.page.pk).live


def test_a_list_approves_what_was_submitted(
    review: SimpleNamespace, publisher_client: Client
) -> None:
    response = decide_in_list(publisher_client, review, "approve")
    assert NewsPage.objects.get(pk=review.page.pk).live
    assert "“A draft” was approved and published." in get_messages(response)


def test_a_list_says_that_changes_were_requested(
    review: SimpleNamespace, publisher_client: Client
) -> None:
    response = decide_in_list(publisher_client, review, "reject")
    assert "You asked for changes to “A draft”." in get_messages(response)


def list_buttons(text: str) -> list[str]:
    soup = BeautifulSoup(text, "html.parser")
    found = soup.select("[data-workflow-action-name], button[name^=action-]")
    return [" ".join(button.text.split()) for button in found]


def test_the_editor_has_one_button_for_one_decision(
    review: SimpleNamespace, publisher_client: Client
) -> None:
    labels = list_buttons(publisher_client.get(f"/admin/pages/{review.page.pk}/edit/").text)
    assert labels.count("Approve and publish") == 1
    assert [one for one in labels if "Approve" in one or "Publish" in one] == [
        "Approve and publish"
    ]
    assert "Request changes" in labels


def test_the_dialog_is_worded_like_the_button(
    review: SimpleNamespace, publisher_client: Client
) -> None:
    for action, label in {"approve": "Approve and publish", "reject": "Request changes"}.items():
        address = reverse(
            "wagtailadmin_pages:collect_workflow_action_data",
            args=[review.page.pk, action, review.task.pk],
        )
        soup = BeautifulSoup(publisher_client.get(address).json()["html"], "html.parser")
        assert [one.text.strip() for one in soup.select("button[type=submit]")] == [label]


def test_the_dashboard_has_one_button_for_one_decision(
    review: SimpleNamespace, publisher_client: Client
) -> None:
    soup = BeautifulSoup(publisher_client.get("/admin/").text, "html.parser")
    labels = [" ".join(one.text.split()) for one in soup.select("[data-workflow-action-url]")]
    assert labels == ["Request changes", "Approve and publish"]


def test_a_page_that_nobody_reviews_is_published_as_before(
    draft: NewsPage, publisher_client: Client
) -> None:
    text = publisher_client.get(f"/admin/pages/{draft.pk}/edit/").text
    assert 'name="action-publish"' in text


def test_a_comment_is_shown_on_the_page_and_on_the_authors_dashboard(
    review: SimpleNamespace, editor_client: Client, publisher: User, publisher_client: Client
) -> None:
    decide(publisher_client, review.page, "reject", "Please add a photo.")
    for address in (f"/admin/pages/{review.page.pk}/edit/", "/admin/"):
        text = editor_client.get(address).text
        assert f"{publisher} asked for changes: “Please add a photo.”" in text
    assert "What reviewers said" not in publisher_client.get("/admin/").text


def test_a_comment_on_an_approved_page_is_shown_until_it_is_edited(
    review: SimpleNamespace, editor: User, editor_client: Client, publisher_client: Client
) -> None:
    decide(publisher_client, review.page, "approve", "Nicely said.")
    address = f"/admin/pages/{review.page.pk}/edit/"
    assert "Nicely said." in editor_client.get(address).text
    assert "Nicely said." in editor_client.get("/admin/").text
    NewsPage.objects.get(pk=review.page.pk).save_revision(user=editor)
    assert "Nicely said." not in editor_client.get(address).text


def test_each_person_gets_one_email_about_a_submission(
    draft: NewsPage,
    editor: User,
    publisher: User,
    admin: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        draft.get_workflow().start(draft, editor)
    told = sorted(message.to[0] for message in mail.outbox)
    assert told == sorted([publisher.email, admin.email])
    assert mail.outbox[0].subject == "Submitted for review: A draft"
    assert "choose “Approve” or “Request changes”" in mail.outbox[0].body
    assert f"/admin/pages/{draft.pk}/edit/" in mail.outbox[0].body


@pytest.mark.parametrize(
    "name, subject, words",
    [
        ("approve", "Approved: A draft", "It is public now: http"),
        ("reject", "Changes requested: A draft", "then submit it again"),
    ],
)
def test_the_author_gets_one_email_with_the_comment(
    review: SimpleNamespace,
    editor: User,
    publisher_client: Client,
    django_capture_on_commit_callbacks: Any,
    name: str,
    subject: str,
    words: str,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        decide(publisher_client, review.page, name, "It’s “fine” & clear.")
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([editor.email], subject)
    assert "It’s “fine” & clear." in message.body
    assert words in message.body


def test_an_approval_that_is_undone_is_not_told(
    review: SimpleNamespace, publisher_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    Page.objects.filter(pk=review.page.pk).update(locked=True)
    with django_capture_on_commit_callbacks(execute=True):
        response = decide_in_list(publisher_client, review, "approve")
    assert "was approved and" not in get_messages(response)
    assert mail.outbox == []
    assert TaskState.objects.get(pk=review.task.pk).status == TaskState.STATUS_IN_PROGRESS


def test_a_comment_on_a_person_is_shown_too(
    chair: Any, editor: User, editor_client: Client, publisher: User
) -> None:
    chair.save_revision(user=editor)
    state = chair.get_workflow().start(chair, editor)
    state.current_task_state.reject(user=publisher, comment="Which chair?")
    address = f"/admin/snippets/partners/person/edit/{chair.pk}/"
    assert f"{publisher} asked for changes: “Which chair?”" in editor_client.get(address).text
    assert "Which chair?" in editor_client.get("/admin/").text


def test_a_person_in_review_has_one_button_to_approve(
    chair: Any, editor: User, publisher_client: Client
) -> None:
    chair.save_revision(user=editor)
    chair.get_workflow().start(chair, editor)
    address = f"/admin/snippets/partners/person/edit/{chair.pk}/"
    labels = list_buttons(publisher_client.get(address).text)
    assert [one for one in labels if "Approve" in one or "Publish" in one] == [
        "Approve and publish"
    ]
