"""Buttons say before they are pressed whether a second person is needed."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, Workflow

from bhp_site.core.models import User
from news.models import NewsPage

from ..admin_forms import send
from ..conftest import signed_in
from ..core.test_second_person import draft
from ..factories import PersonFactory

__all__ = ["draft"]
pytestmark = pytest.mark.second_person
PUBLISH = 'name="action-publish"'
SHOWN, HIDDEN = "<div data-second-person>", "<div data-second-person hidden>"


def get_editor(user: User, page: Any) -> str:
    return signed_in(user).get(f"/admin/pages/{page.pk}/edit/").text


def test_the_author_is_asked_for_a_second_person_or_a_reason(
    draft: NewsPage, publisher: User
) -> None:
    text = get_editor(publisher, draft)
    assert "Submit to Publishers" in text
    assert SHOWN in text
    assert "Publish with a reason…" in text
    assert "Reason for going ahead" in text
    # The buttons of the two dialogs, for a reason and for a schedule, remain.
    assert text.count(PUBLISH) == 2


def test_a_second_person_can_publish_until_they_change_something(
    draft: NewsPage, colleague: User
) -> None:
    text = get_editor(colleague, draft)
    assert HIDDEN in text
    assert text.count(PUBLISH) == 3
    assert "js/second-person" in text


def test_a_new_page_has_no_second_person_yet(
    news_index: Page, publisher_client: Client, colleague: User
) -> None:
    text = publisher_client.get(f"/admin/pages/add/news/newspage/{news_index.pk}/").text
    assert SHOWN in text


def test_the_only_publisher_sees_the_usual_buttons(
    draft: NewsPage, publisher: User, colleague: User
) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    text = get_editor(publisher, draft)
    assert "data-second-person" not in text
    assert PUBLISH in text


def test_an_editor_sees_nothing_of_it(draft: NewsPage, editor: User) -> None:
    assert "data-second-person" not in get_editor(editor, draft)


def test_a_reviewer_is_told_what_a_change_means(
    draft: NewsPage, publisher: User, colleague: User
) -> None:
    Workflow.objects.get(name="Publishers").start(draft, publisher)
    text = get_editor(colleague, draft)
    assert "If you change something, your approval needs a reason" in text
    assert "Approve and publish with a reason" not in text
    send(signed_in(colleague), draft, title="Edited by the reviewer")
    assert "Approve and publish with a reason" in get_editor(colleague, draft)
    assert "Approve and publish with a reason" in signed_in(colleague).get("/admin/").text
    assert "Approve and publish with a reason" not in get_editor(publisher, draft)


def test_people_have_the_same_buttons(db: None, publisher: User, colleague: User) -> None:
    person = PersonFactory()
    person.biography = "Wrote the first programme."
    person.save_revision(user=publisher)
    address = f"/admin/snippets/partners/person/edit/{person.pk}/"
    assert SHOWN in signed_in(publisher).get(address).text
    assert HIDDEN in signed_in(colleague).get(address).text
