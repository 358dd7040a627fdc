"""“New release”: what an editor pastes becomes drafts, and nothing is stored before."""

import datetime
import json
from html import unescape
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Comment, Page, PageLogEntry, UploadedFile
from wagtail.test.utils.form_data import querydict_from_html

from bhp_site.core.models import User
from bhp_site.core.text.dates import UK
from bhp_site.files.models import SiteDocument
from bhp_site.press_releases.documents import MAX_DOCUMENTS
from news.models import NewsPage, Release
from reports.models import ReportPage

from ..conftest import signed_in
from ..factories import (
    PartnerPageFactory,
    PersonFactory,
    ReportPageFactory,
    ThemeIndexPageFactory,
    ThemePageFactory,
    UserFactory,
    pdf_bytes,
    with_role,
)
from ..roles import allow_on_page, make_member
from .corpus import RELEASES

URL = "/admin/releases/new/"
TEXT = """EMBARGO: not for publication before 00:01, Thursday 12 March 2026

“Sooner, closer” – Example Partners publish their review

Example Partners have published a review covering April 2023 to March 2025.

Download the Example Review 2023 to 2025 pdf (4MB)

Example University took part in all of it, and in clinical trials above all.

Sam Fictional, BHP’s chair, said: “We began with a list.

“We kept half of it.”

Somebody Unknown, a patient, added: “I was there.”

ENDS

Notes to editors
1. The review is free.

Media contact: press@example.org"""
LINKED = (
    "<h1>A title</h1><p>It has happened.</p><h2>Why</h2>"
    "<p>See <a href='https://example.org/plan'>the plan</a> for more.</p><ul><li>One</li></ul>"
)


@pytest.fixture
def indexes(news_index: Page, report_index: Page) -> None:
    """Provide the pages below which drafts are created."""


@pytest.fixture
def register(partner_index: Page, home: Page) -> dict[str, Any]:
    themes = ThemeIndexPageFactory(parent=home)
    chair = with_role(PersonFactory(name="Sam Fictional"), "Chair")
    return {
        "chair": chair,
        "partner": PartnerPageFactory(parent=partner_index, title="Example University"),
        "theme": ThemePageFactory(parent=themes, title="Clinical trials"),
    }


def read(client: Client, text: str = "", **fields: Any) -> Any:
    return client.post(URL, {"text": text, **fields})


def get_fields(response: Any) -> dict[str, Any]:
    """Return what a browser would send from the form on the screen, without its buttons."""
    soup = BeautifulSoup(response.text, "html.parser")
    form = soup.select_one(".bhp-release form")
    assert form is not None
    data = querydict_from_html(str(soup), form_index=_get_form_index(soup, form))
    fields = {name: data.getlist(name) for name in data if name != "act"}
    for box in form.select("input[type=checkbox][checked]:not([value])"):
        fields[box["name"]] = ["on"]
    # A browser ignores the line break that Django writes at the start of a text area.
    for area in form.select("textarea[name]"):
        fields[area["name"]] = [area.get_text().removeprefix("\n")]
    return fields


def _get_form_index(soup: BeautifulSoup, form: Any) -> int:
    return [*soup.find_all("form")].index(form)


def create(client: Client, response: Any, **changes: Any) -> Any:
    return client.post(URL, get_fields(response) | {"act": "create"} | changes)


def get_announcement() -> Any:
    return NewsPage.objects.get().get_latest_revision_as_object()


def find_name(response: Any, suffix: str, text: str) -> str:
    """Return the name of the field of the part whose words are `text`."""
    fields = get_fields(response)
    (name,) = (key for key, value in fields.items() if key.startswith("part-") and value == [text])
    return name.replace("-text", f"-{suffix}")


def make_upload(name: str = "review.pdf", title: str = "A review") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes(title), "application/pdf")


def test_a_release_becomes_drafts(
    editor_client: Client,
    indexes: None,
    register: dict[str, Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    review = read(editor_client, TEXT, pdfs=make_upload())
    assert review.status_code == 200
    assert not NewsPage.objects.exists()
    assert not ReportPage.objects.exists()
    assert not SiteDocument.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        response = create(editor_client, review)
    page = get_announcement()
    assert response["Location"] == reverse("release", args=[page.release.pk])
    assert page.release.embargo_until is None
    assert not page.live
    assert page.title == "“Sooner, closer” – Example Partners publish their review"
    assert page.summary.startswith("Example Partners have published a review")
    assert page.date == datetime.date(2026, 3, 12)
    assert [block.block_type for block in page.body] == [
        "paragraph",
        "quote",
        "quote",
        "heading",
        "paragraph",
    ]
    first, second = page.quote_blocks
    assert first.value["speaker"] == register["chair"]
    assert first.value["words"] == "We began with a list.\n\nWe kept half of it."
    assert (first.value["role"], first.value["organisation"]) == ("Chair", "BHP")
    assert second.value["speaker"] is None
    assert (second.value["name"], second.value["role"]) == ("Somebody Unknown", "a patient")
    assert [*page.partners.all()] == [register["partner"]]
    assert [*page.themes.all()] == [register["theme"]]
    assert not UploadedFile.objects.exists()


def test_the_report_gets_its_period_and_its_document(
    editor_client: Client, indexes: None, editor: Any
) -> None:
    create(editor_client, read(editor_client, TEXT, pdfs=make_upload()))
    report = ReportPage.objects.get().get_latest_revision_as_object()
    assert not report.live
    assert report.title == "Example Review 2023 to 2025"
    assert report.period == "April 2023 to March 2025"
    (download,) = report.downloads.all()
    assert download.document.title == "Example Review 2023 to 2025"
    assert download.document.slug == "example-review-2023-to-2025"
    assert download.document.uploaded_by_user == editor
    assert get_announcement().report.pk == report.pk
    entries = PageLogEntry.objects.filter(action="wagtail.create", user=editor)
    assert {entry.page_id for entry in entries} == {report.pk, NewsPage.objects.get().pk}


def test_the_contact_becomes_a_comment(editor_client: Client, indexes: None) -> None:
    create(editor_client, read(editor_client, TEXT))
    comment = Comment.objects.get()
    assert comment.contentpath == "body"
    assert "Contact: Media contact: press@example.org" in comment.text
    page = get_announcement()
    assert "EMBARGO" not in page.text
    assert "press@example.org" not in page.text
    assert "Download the" not in page.text


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("EMBARGO: not for publication before 00:01, Thursday 12 March 2026", "00:01"),
        ("Embargoed until 12 March 2026", "00:01"),
        ("STRICTLY EMBARGOED until 2.30pm on 12 March 2026", "14:30"),
    ],
)
def test_the_embargo_of_the_text_becomes_that_of_the_release(
    editor_client: Client, indexes: None, line: str, time: str
) -> None:
    with time_machine.travel(datetime.datetime(2026, 3, 1, tzinfo=UK)):
        # The session of the test began later.
        client = signed_in(User.objects.get(pk=editor_client.session["_auth_user_id"]))
        review = read(client, f"{line}\n\nA title\n\nIt has happened.")
        assert get_fields(review)["embargo_until"] == [f"2026-03-12T{time}"]
        create(client, review)
    until = datetime.datetime.combine(
        datetime.date(2026, 3, 12), datetime.time.fromisoformat(time), tzinfo=UK
    )
    assert Release.objects.get().embargo_until == until


def test_an_embargo_that_has_passed_is_refused(editor_client: Client, indexes: None) -> None:
    review = read(editor_client, TEXT)
    response = create(editor_client, review, embargo_until="2026-03-12T00:01")
    assert "This time has passed." in response.text
    assert not NewsPage.objects.exists()


def test_the_review_marks_guesses_and_shows_what_is_left_out(
    editor_client: Client, indexes: None, register: dict[str, Any]
) -> None:
    text = unescape(read(editor_client, TEXT).text)
    assert 'class="bhp-guess">Guess' in text
    assert "It is the first sentence, which the text does not repeat." in text
    assert "“Somebody Unknown” is not in “People”" in text
    assert "In “People” on that date: Chair, BHP." in text
    assert "before 00:01, Thursday 12 March 2026”. That time has passed." in text
    assert "Left out of the text (4)" in text
    assert "The text says “April 2023 to March 2025”." in text


def test_links_and_lists_of_pasted_html_are_kept(editor_client: Client, indexes: None) -> None:
    create(editor_client, read(editor_client, "A title", html=LINKED))
    body = get_announcement().body
    assert [block.block_type for block in body] == ["heading", "paragraph"]
    html = body[1].value.source
    assert '<a href="https://example.org/plan">the plan</a>' in html
    assert "<ul><li>One</li></ul>" in html


def test_a_changed_paragraph_keeps_its_links(editor_client: Client, indexes: None) -> None:
    review = read(editor_client, "A title", html=LINKED)
    name = find_name(review, "text", "See the plan for more.")
    create(editor_client, review, **{name: "Read all of the plan.\r\n\r\nIt is short."})
    html = get_announcement().body[1].value.source
    assert '<p>Read all of <a href="https://example.org/plan">the plan</a>.</p>' in html
    assert "<p>It is short.</p>" in html


def test_a_part_can_become_something_else(editor_client: Client, indexes: None) -> None:
    review = read(editor_client, "A title\n\nIt has happened.\n\nOne thing.\n\nAnother thing.")
    changes = {
        find_name(review, "kind", "One thing."): "heading",
        find_name(review, "kind", "Another thing."): "quote",
    }
    create(editor_client, review, **changes)
    assert [(block.block_type) for block in get_announcement().body] == ["heading", "quote"]


def test_a_part_can_be_left_out(editor_client: Client, indexes: None) -> None:
    review = read(editor_client, "A title\n\nIt has happened.\n\nOne thing.\n\nAnother thing.")
    create(editor_client, review, **{find_name(review, "kind", "One thing."): "left_out"})
    assert "One thing" not in get_announcement().text


def test_an_error_on_the_second_screen_loses_nothing(
    editor_client: Client, indexes: None, django_capture_on_commit_callbacks: Any
) -> None:
    review = read(editor_client, TEXT, pdfs=make_upload())
    with django_capture_on_commit_callbacks(execute=True):
        response = create(editor_client, review, title="", period_end="2020-01-01")
    assert response.status_code == 200
    assert "Nothing has been created." in response.text
    assert not NewsPage.objects.exists()
    assert not SiteDocument.objects.exists()
    before, after = get_fields(review), get_fields(response)
    # The last two are signed anew.
    changed = ("title", "period_end", "csrfmiddlewaretoken", "document-0-file-kept")
    kept = {name: value for name, value in before.items() if name not in changed}
    assert {name: after[name] for name in kept} == kept
    create(editor_client, response, title="A title", period_end="2025-03-31")
    assert ReportPage.objects.get().downloads.count() == 1


def test_a_form_that_is_sent_twice_creates_drafts_once(
    editor_client: Client, indexes: None, django_capture_on_commit_callbacks: Any
) -> None:
    review = read(editor_client, TEXT, pdfs=make_upload())
    with django_capture_on_commit_callbacks(execute=True):
        first = create(editor_client, review)
        second = create(editor_client, review, title="Changed afterwards")
    assert first["Location"] == second["Location"]
    assert NewsPage.objects.count() == ReportPage.objects.count() == 1
    assert SiteDocument.objects.count() == 1
    followed = editor_client.get(second["Location"])
    assert "have been created already" in followed.text


def test_a_browser_that_sends_the_first_screen_again_leads_to_the_drafts(
    editor_client: Client, indexes: None
) -> None:
    key = get_fields(editor_client.get(URL))["key"]
    created = create(editor_client, read(editor_client, TEXT, key=key))
    again = read(editor_client, TEXT, key=key)
    assert again["Location"] == created["Location"]
    assert NewsPage.objects.count() == 1


def test_a_key_of_somebody_elses_announcement_shows_nothing_of_it(
    editor_client: Client, release: NewsPage, news_index: Page
) -> None:
    writer = make_member("Writers of news")
    allow_on_page(writer, news_index, "add")
    client = signed_in(writer)
    review = read(client, "A title\n\nIt has happened.")
    response = create(client, review, key=str(release.translation_key))
    assert response["Location"] == "/admin/"
    assert NewsPage.objects.count() == 1


def test_a_failure_creates_nothing_and_keeps_the_upload(
    editor_client: Client,
    indexes: None,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    review = read(editor_client, TEXT, pdfs=make_upload())

    def fail(*args: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("bhp_site.press_releases.drafts._add_comment", fail)
        with pytest.raises(RuntimeError), django_capture_on_commit_callbacks(execute=True):
            create(editor_client, review)
    assert not ReportPage.objects.exists()
    assert not SiteDocument.objects.exists()
    create(editor_client, review)
    assert SiteDocument.objects.count() == 1


def test_back_returns_to_the_text(editor_client: Client, indexes: None) -> None:
    response = create(editor_client, read(editor_client, TEXT), act="back")
    (text,) = get_fields(response)["text"]
    assert text.replace("\r\n", "\n").strip() == TEXT
    html = create(editor_client, read(editor_client, "A title", html=LINKED), act="back")
    again = read(editor_client, **{name: get_fields(html)[name] for name in ("text", "html")})
    assert "the plan" in again.text
    create(editor_client, again)
    assert "https://example.org/plan" in get_announcement().body[1].value.source


def test_a_word_document_is_read(editor_client: Client, indexes: None) -> None:
    data = (RELEASES / "development" / "13-word-document.docx").read_bytes()
    review = read(editor_client, document=SimpleUploadedFile("release.docx", data))
    create(editor_client, review)
    page = get_announcement()
    assert page.title == "A plan for healthier high streets"
    assert page.report.title == "Healthier High Streets 2026 to 2028"


REFUSED_FORMS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "spaces": {"text": " \u200b\n"},
    "an empty document": {"document": SimpleUploadedFile("a.docx", b"")},
    "no document": {"document": SimpleUploadedFile("a.docx", b"<p>Not Word</p>")},
    "another ending": {"document": SimpleUploadedFile("a.doc", b"x")},
    "too long": {"text": "word " * 50_000},
    "unreadable HTML": {"text": "A title", "html": "<p>A</p><![foo[ x"},
    "no PDF": {"text": TEXT, "pdfs": SimpleUploadedFile("a.pdf", b"<html>")},
    "one of two": {"text": TEXT, "pdfs": [make_upload(), SimpleUploadedFile("a.pdf", b"<html>")]},
    "another document": {"text": TEXT, "pdfs": SimpleUploadedFile("a.exe", b"MZ")},
}


def test_what_cannot_be_read_is_refused_and_kept(
    editor_client: Client, indexes: None, django_capture_on_commit_callbacks: Any
) -> None:
    for name, fields in REFUSED_FORMS.items():
        with django_capture_on_commit_callbacks(execute=True):
            response = read(editor_client, **fields)
        assert response.status_code == 200, name
        soup = BeautifulSoup(response.text, "html.parser")
        assert soup.select_one(".bhp-release .error-message"), name
        (text,) = get_fields(response)["text"]
        assert text.strip() == fields.get("text", "").strip(), name
    assert not UploadedFile.objects.exists()


def test_too_many_documents_are_refused(editor_client: Client, indexes: None) -> None:
    files = [make_upload(f"{number}.pdf", str(number)) for number in range(MAX_DOCUMENTS + 1)]
    assert (
        f"Choose {MAX_DOCUMENTS} documents at most." in read(editor_client, TEXT, pdfs=files).text
    )


def test_without_a_report_documents_belong_to_the_announcement(
    editor_client: Client, indexes: None
) -> None:
    review = read(
        editor_client,
        "A title\n\nIt has happened.",
        pdfs=[make_upload(), make_upload("b.pdf", "Other")],
    )
    create(editor_client, review, report_mode="none")
    assert not ReportPage.objects.exists()
    assert [one.document.title for one in get_announcement().downloads.all()] == [
        "A review",
        "Other",
    ]


def test_a_document_can_be_skipped(
    editor_client: Client, indexes: None, django_capture_on_commit_callbacks: Any
) -> None:
    review = read(editor_client, TEXT, pdfs=make_upload())
    with django_capture_on_commit_callbacks(execute=True):
        create(editor_client, review, **{"document-0-skip": "on"})
    assert not SiteDocument.objects.exists()
    assert not UploadedFile.objects.exists()


def test_a_document_that_is_there_is_used_again(editor_client: Client, indexes: None) -> None:
    create(editor_client, read(editor_client, TEXT, pdfs=make_upload()))
    review = read(editor_client, TEXT, pdfs=make_upload())
    assert "Use the existing document" in review.text
    create(editor_client, review)
    assert SiteDocument.objects.count() == 1
    review = read(editor_client, TEXT, pdfs=make_upload())
    create(editor_client, review, **{"document-0-existing": ""})
    assert SiteDocument.objects.count() == 2


def test_a_report_with_the_title_is_proposed(
    editor_client: Client, report_index: Page, indexes: None
) -> None:
    report = ReportPageFactory(parent=report_index, title="Example review 2023 to 2025")
    review = read(editor_client, TEXT)
    assert get_fields(review)["report_mode"] == ["existing"]
    create(editor_client, review)
    assert get_announcement().report == report


def test_only_those_who_may_add_announcements_may_read_releases(
    guest_client: Client, report_index: Page, indexes: None
) -> None:
    writer = make_member("Writers of reports")
    allow_on_page(writer, report_index, "add")
    for client in (guest_client, signed_in(writer)):
        assert client.get(URL)["Location"] == "/admin/"
        assert read(client, TEXT)["Location"] == "/admin/"
        assert "/admin/releases/new/" not in client.get("/admin/").text
    assert Client().get(URL)["Location"].startswith("/admin/login/")


def test_rights_for_report_and_document_are_asked_for(
    news_index: Page, report_index: Page, register: dict[str, Any]
) -> None:
    writer = make_member("Writers of news")
    allow_on_page(writer, news_index, "add")
    client = signed_in(writer)
    assert 'name="pdfs"' not in client.get(URL).text
    review = read(client, TEXT, pdfs=make_upload())
    fields = get_fields(review)
    assert fields["report_mode"] == ["none"]
    assert str(register["chair"]) not in [
        option.text for option in BeautifulSoup(review.text, "html.parser").select("option")
    ]
    assert not any(name.endswith("-speaker") for name in fields)
    refused = create(client, review, report_mode="new", report_title="A report")
    assert refused.status_code == 200
    create(client, review, documents="1", **{"document-0-title": "A"})
    assert not ReportPage.objects.exists()
    assert not SiteDocument.objects.exists()


def test_the_menu_and_the_dashboard_lead_to_it(editor_client: Client, indexes: None) -> None:
    assert editor_client.get("/admin/").text.count(URL) >= 2


NONSENSE: list[dict[str, str]] = [
    {"source": ""},
    {"source": "x" * 400_000},
    {"source": "<p>A</p><![foo[ x", "source_kind": "html"},
    {"source_kind": "x"},
    {"key": "x"},
    {"key": ""},
    {"documents": "999"},
    {"documents": "x"},
    {"documents": "3"},
    {"documents": "1", "document-0-file-kept": "x:y"},
    {"date": "x"},
    {"partners": "x"},
    {"report_mode": "existing", "report": "99999999999999999999"},
    {"part-0-kind": "x"},
    {"part-1-speaker": "99999999999999999999"},
    {"title": "\u200b"},
    {"act": "back", "source": "<p>A</p><![foo[ x", "source_kind": "html"},
]


def test_nonsense_is_refused(editor_client: Client, indexes: None) -> None:
    review = read(editor_client, TEXT)
    for changes in NONSENSE:
        response = create(editor_client, review, **changes)
        assert response.status_code in (200, 400), changes
        assert not NewsPage.objects.exists(), changes


def test_a_session_that_has_ended_loses_nothing(editor_client: Client, indexes: None) -> None:
    fields = get_fields(read(editor_client, TEXT)) | {"act": "create"}
    editor_client.logout()
    response = editor_client.post(URL, fields, headers={"sec-fetch-site": "same-origin"})
    assert "You have been signed out" in response.text
    soup = BeautifulSoup(response.text, "html.parser")
    kept = {one["name"]: one["value"] for one in soup.select("input[type=hidden]")}
    editor_client.force_login(UserFactory(is_superuser=True))
    editor_client.post(URL, kept)
    assert NewsPage.objects.count() == 1


def test_a_person_who_is_chosen_takes_the_role_of_the_register(
    editor_client: Client, indexes: None
) -> None:
    person = with_role(PersonFactory(name="Somebody Else"), "Director")
    review = read(editor_client, TEXT)
    name = find_name(review, "speaker", "I was there.")
    create(editor_client, review, **{name: str(person.pk), name.replace("speaker", "role"): ""})
    assert get_announcement().quote_blocks[1].value["role"] == "Director"


def test_quotations_of_drafts_are_checked_like_all_others(
    editor_client: Client, indexes: None, register: dict[str, Any]
) -> None:
    create(editor_client, read(editor_client, TEXT))
    data = json.loads(NewsPage.objects.get().latest_revision.content["body"])
    quotes = [block["value"] for block in data if block["type"] == "quote"]
    assert all(quote["confirmation"] == "" for quote in quotes)
