"""Uncertain quotations in the editor: shown while they are typed, and before they are public."""

import datetime
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from bhp_site.core.publishing.publication import PublishingRefused
from news.blocks import QuoteBlock
from news.models import NewsPage, QuotePage
from news.quotations.parser import get_fingerprint
from news.quote_checks import find_issues, needs_confirmation
from partners.models import Person
from tests.admin_forms import build_body, build_quote, get_messages, send
from tests.factories import NewsPageFactory, PersonFactory, with_role

PREVIEW = "/admin/quotations/preview/"
UNCERTAIN = "“We begin,” she said. “We go on.”"
TWO_PARAGRAPHS = "“We begin.\n“We go on.”"


@pytest.fixture
def news(news_index: Page) -> NewsPage:
    page = NewsPageFactory(parent=news_index, live=False, title="Report published")
    page.save_revision()
    return NewsPage.objects.get(pk=page.pk)


def preview(client: Client, **fields: Any) -> dict[str, Any]:
    response = client.post(PREVIEW, fields)
    assert response.status_code == 200
    return dict(response.json())


def test_the_preview_is_what_visitors_will_see(editor_client: Client, chair: Person) -> None:
    shown = preview(editor_client, words=TWO_PARAGRAPHS, speaker=chair.pk, date="24/11/2022")
    assert "<p>“We begin.</p><p>“We go on.”</p>" in shown["quotation"]
    assert "Ada Chair, Chair, BHP" in shown["quotation"]
    assert shown["issues"].strip() == ""
    assert not shown["mustConfirm"]


def test_the_preview_tells_what_to_check(editor_client: Client) -> None:
    shown = preview(editor_client, words=UNCERTAIN)
    assert "looks like the writer’s words" in shown["issues"]
    assert shown["mustConfirm"]
    assert not shown["isConfirmed"]
    again = preview(editor_client, words=UNCERTAIN, confirmation=shown["fingerprint"])
    assert again["isConfirmed"]


@pytest.mark.parametrize(
    "began, date, is_told",
    [
        (datetime.date(2020, 1, 1), "24/11/2022", False),
        (datetime.date(2023, 1, 1), "24/11/2022", True),
        (datetime.date(2023, 1, 1), "2024-11-24", False),
    ],
)
def test_a_speaker_without_a_role_on_that_day_is_told(
    editor_client: Client, began: datetime.date, date: str, is_told: bool
) -> None:
    person = with_role(PersonFactory(), "Dean", start_earliest=began, start_latest=began)
    fields = {"words": "We begin.", "speaker": person.pk, "date": date}
    shown = preview(editor_client, **fields)
    assert ("has no role on" in shown["issues"]) == is_told
    assert "has no role on" not in preview(editor_client, **fields, role="Adviser")["issues"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"words": "“"},
        {"words": "<script>alert(1)</script>"},
        {"speaker": "x", "date": "yesterday", "words": "We begin."},
        {"speaker": "999999", "words": "We begin."},
        {"words": "a" * 30_000},
    ],
)
def test_the_preview_bears_any_input(editor_client: Client, fields: dict[str, str]) -> None:
    assert "<script>" not in str(preview(editor_client, **fields))


def test_the_preview_is_for_the_admin_alone(client: Client, guest_client: Client) -> None:
    assert client.post(PREVIEW, {"words": "We begin."}).status_code == 302
    assert guest_client.get(PREVIEW).status_code == 405


def test_who_may_not_see_people_learns_nothing_of_them(guest_client: Client, chair: Person) -> None:
    shown = preview(guest_client, words="We begin.", speaker=chair.pk)
    assert chair.name not in str(shown)


def test_an_uncertain_quotation_is_saved_and_not_published(
    publisher_client: Client, news: NewsPage, chair: Person
) -> None:
    changes = build_body([build_quote(chair, UNCERTAIN)])
    response = send(publisher_client, news, "action-publish", **changes)
    assert "“she said” looks like the writer’s words" in get_messages(response)
    news.refresh_from_db()
    assert not news.live
    draft = news.get_latest_revision_as_object()
    assert draft.quote_blocks[0].value["words"] == UNCERTAIN


def test_a_saved_draft_says_what_waits_for_confirmation(
    editor_client: Client, news: NewsPage, chair: Person
) -> None:
    response = send(editor_client, news, **build_body([build_quote(chair, UNCERTAIN)]))
    assert "Check the quote by Ada Chair" in get_messages(response)


def test_a_confirmed_quotation_is_published(
    publisher_client: Client, news: NewsPage, chair: Person, client: Client
) -> None:
    confirmed = build_quote(chair, UNCERTAIN, confirmation=get_fingerprint(UNCERTAIN))
    send(publisher_client, news, "action-publish", **build_body([confirmed]))
    text = client.get(news.get_url()).text
    assert "<p>“‘We begin,’ she said. ‘We go on.’”</p>" in text
    # The confirmation is nothing to read or find.
    page = NewsPage.objects.get(pk=news.pk)
    assert get_fingerprint(UNCERTAIN) not in text + page.text
    assert get_fingerprint(UNCERTAIN) not in str(
        page.body.stream_block.get_searchable_content(page.body)
    )


def test_a_confirmation_ends_with_a_change_of_the_words(
    publisher_client: Client, news: NewsPage, chair: Person
) -> None:
    stale = build_quote(chair, f"{UNCERTAIN} “More.", confirmation=get_fingerprint(UNCERTAIN))
    send(publisher_client, news, "action-publish", **build_body([stale]))
    assert not NewsPage.objects.get(pk=news.pk).live


def test_code_does_not_publish_an_uncertain_quotation(news: NewsPage, chair: Person) -> None:
    news.body = [("quote", {"speaker": chair, "words": UNCERTAIN})]
    with pytest.raises(PublishingRefused):
        news.save_revision().publish()


def test_marks_alone_are_no_quotation(chair: Person) -> None:
    value = {"words": "“”", "speaker": chair, "confirmation": get_fingerprint("“”")}
    issues = find_issues(value, datetime.date(2022, 11, 24))
    assert [issue.must_confirm for issue in issues] == [True]
    assert needs_confirmation(value)


def test_every_place_shows_the_paragraphs(
    news: NewsPage, chair: Person, client: Client, home: Page
) -> None:
    """Two paragraphs pasted with one line break, one with a quotation within."""
    words = "“We say “yes” today.\n“We go on.”"
    news.body = [("quote", {"speaker": chair, "words": words})]
    news.save_revision().publish()
    page = QuotePage.objects.get()
    paragraphs = ["“We say ‘yes’ today.", "“We go on.”"]
    html = "<p>“We say ‘yes’ today.</p><p>“We go on.”</p>"
    assert html in client.get(news.get_url()).text.replace("\n", "")
    assert html in client.get(page.get_url()).text.replace("\n", "")
    assert page.paragraphs == paragraphs
    assert page.plain_text_copy.startswith("\n\n".join(paragraphs))
    # In one line there is one pair of marks.
    one_line = "“We say ‘yes’ today. We go on.”"
    assert page.card_text[1] == one_line
    assert page.description.endswith(one_line)
    assert page.title == f"Ada Chair: {one_line}"
    assert page.text.startswith(one_line)


def test_the_words_field_has_its_preview() -> None:
    field = QuoteBlock().child_blocks["words"].field
    html = field.widget.render("body-0-value-words", "We begin.", {"id": "x"})
    assert "<quotation-preview" in html
    assert PREVIEW in html
    assert "We begin.</textarea>" in html
    assert "js/quotation-preview.js" in str(field.widget.media)
