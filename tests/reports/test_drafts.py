"""Chapters drafted from a PDF: an editor checks them, and publishes when content."""

from typing import Any

import pytest
from django.test import Client

from bhp_site.core.models import SiteImage
from bhp_site.pdf.drafting.drafter import Draft, DraftBlock, DraftChapter
from bhp_site.pdf.errors import Unreadable
from reports.drafting_jobs import DraftingJob
from reports.models import ReportPage

from ..conftest import signed_in
from ..factories import (
    ReportPageFactory,
    SiteDocumentFactory,
    UserFactory,
    offer,
    png_bytes,
    write_chapter,
)
from ..page_states import publish
from ..running_tasks import run_tasks

FIGURE = DraftBlock("figure", 5, alt="Two discs", caption="Where we work", image=png_bytes())
BLOCKS = [
    DraftBlock("heading", 4, level=2, text="Sources"),
    DraftBlock("heading", 4, level=3, text="Births"),
    DraftBlock("heading", 4, level=2, text="word " * 40),
    DraftBlock("paragraph", 4, html="<p>One [7].</p>", note="Is this one paragraph?"),
    DraftBlock("paragraph", 4, html='<p>Two <script>x</script><a href="javascript:x">a</a></p>'),
    DraftBlock("table", 5, rows=[["Kind", "Members"], ["Trusts", "6"], ["Other"]], has_header=True),
    FIGURE,
    DraftBlock("figure", 5, image=png_bytes("#fff")),
    DraftBlock("figure", 6, alt="A map", image=b""),
    DraftBlock("figure", 6, image=b"\x89PNG\r\n\x1a\n and no more"),
    DraftBlock("footnote", 6, text="[7] Our  register"),
    DraftBlock("footnote", 6, text="Another"),
]
TAGGED = Draft(
    True,
    "en",
    [DraftChapter("Data", 4, BLOCKS), DraftChapter("None", 7, []), DraftChapter("", 8, BLOCKS[:1])],
)


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.drafts.draft_version", lambda version: TAGGED)


@pytest.fixture
def report(report_index: Any) -> Any:
    made = ReportPageFactory(parent=report_index, title="Activity", slug="activity")
    offer(made, SiteDocumentFactory(title="Activity"))
    publish(made)
    return made


def ask(client: Client, report: Any) -> Any:
    """Ask for a draft, run the task as a worker would, and return the screen that tells of it."""
    url = f"/admin/reports/{report.pk}/draft-edition/"
    response = client.post(url)
    run_tasks()
    if job := DraftingJob.objects.filter(report=report).first():
        return client.get(f"{url}{job.pk}/result/", follow=True)
    location = response.headers.get("Location")
    return client.get(location, follow=True) if location else response


def make_draft(report: Any) -> ReportPage:
    draft: ReportPage = ReportPage.objects.get(pk=report.pk).get_latest_revision_as_object()
    return draft


def test_chapters_are_drafted_and_not_public(
    report: Any, editor_client: Client, client: Client
) -> None:
    text = ask(editor_client, report).text
    assert "2 chapters drafted, with 5 notes" in text
    assert "<strong>5 places to check.</strong>" in text
    data, other = make_draft(report).edition
    assert (data.title, data.slug, data.page) == ("Data", "data", 4)
    assert other.title == "Page 8"
    assert data.footnotes == "7 Our register\n8 Another"
    for address in ("/reports/activity/read/", "/reports/activity/read/data/"):
        assert client.get(address).status_code == 404
    assert not ReportPage.objects.get(pk=report.pk).edition


def test_blocks_are_what_the_pdf_says(report: Any, editor_client: Client) -> None:
    ask(editor_client, report)
    body = make_draft(report).edition[0].body
    assert [block.block_type for block in body] == [
        "heading",
        "subheading",
        "note",  # so long a heading
        "paragraph",
        "note",  # doubt
        "paragraph",
        "note",  # no caption
        "table",
        "figure",
        "figure",
        "note",  # no picture
        "note",  # no sound picture
    ]
    assert body[5].value.source.count("<p") == 2
    assert "script" not in body[5].value.source
    table = body[7].value["table"]
    assert [column["heading"] for column in table.columns] == ["Kind", "Members"]
    assert [column["block"].name for column in table.columns] == ["text", "number"]
    assert "A map" in body[10].value["text"]


def test_pictures_are_public_when_the_report_is(
    report: Any, editor_client: Client, client: Client
) -> None:
    ask(editor_client, report)
    ask(editor_client, report)
    assert SiteImage.objects.count() == 2
    told = SiteImage.objects.earliest("pk")
    assert told.collection.name == "Drafted from PDFs"
    assert (told.title, told.description) == ("Activity, page 5", "Two discs")
    figures = [
        block.value["image"]
        for block in make_draft(report).edition[0].body
        if block.block_type == "figure"
    ]
    assert [figure.decorative for figure in figures] == [False, True]
    address = f"/pictures/{told.sizes['webp'][0][0]}"
    assert client.get(address).status_code == 404
    make_draft(report).get_latest_revision().publish()
    assert client.get(address).status_code == 200
    text = client.get("/reports/activity/read/data/").text
    assert address in text
    assert 'alt="Two discs"' in text
    assert "Is this one paragraph?" not in text
    report.refresh_from_db()
    report.unpublish()
    assert client.get(address).status_code == 404


def test_chapters_that_are_there_are_asked_about_and_keep_their_addresses(
    report: Any, editor_client: Client
) -> None:
    address = f"/admin/reports/{report.pk}/draft-edition/"
    assert "already" not in editor_client.get(address).text
    write_chapter(report, "Data", slug="figures")
    publish(report)
    assert "The draft has 1 chapter already" in editor_client.get(address).text
    assert not make_draft(report).edition[0].page
    ask(editor_client, report)
    assert [chapter.slug for chapter in make_draft(report).edition] == ["figures", "page-8"]
    assert [chapter.title for chapter in ReportPage.objects.get(pk=report.pk).edition] == ["Data"]


def test_an_untagged_pdf_says_why_little_can_be_had(report: Any, editor_client: Client) -> None:
    text = editor_client.get(f"/admin/reports/{report.pk}/draft-edition/").text
    assert "is not tagged:" in text
    assert "Create Tagged PDF" in text


def test_a_pdf_that_cannot_be_read_changes_nothing(
    report: Any, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(version: Any) -> None:
        raise Unreadable("damaged")

    monkeypatch.setattr("reports.drafts.draft_version", refuse)
    assert "Nothing was drafted. This PDF is damaged" in ask(editor_client, report).text
    assert not make_draft(report).edition


def test_a_report_without_a_pdf_says_so(report_index: Any, editor_client: Client) -> None:
    report = ReportPageFactory(parent=report_index)
    report.save_revision()
    assert "Add a PDF under" in ask(editor_client, report).text


def test_who_may_not_edit_the_report_drafts_nothing(report: Any, client: Client) -> None:
    address = f"/admin/reports/{report.pk}/draft-edition/"
    assert client.post(address).status_code == 302
    signed_in(UserFactory()).post(address)
    assert not make_draft(report).edition


def test_a_locked_report_is_left_alone(report: Any, editor_client: Client, admin: Any) -> None:
    ReportPage.objects.filter(pk=report.pk).update(locked=True, locked_by=admin)
    assert "The report is locked" in ask(editor_client, report).text
    assert not make_draft(report).edition
