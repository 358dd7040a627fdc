"""Rich text is clean however it was written."""

import json
from typing import Any

import pytest
from wagtail.models import Page, Revision
from wagtail.rich_text import RichText

from bhp_site.accessibility.models import AccessibilityStatementPage
from bhp_site.pasting.saving import clean_rich_text
from news.models import NewsPage
from reports.models import ReportPage
from tests.factories import NewsPageFactory, ReportPageFactory

from . import clipboards

DIRTY = (
    '<p>A<a href="http://x.example/admin/pages/69/edit/#_ftn1">[1]</a> <del>old</del> '
    '<a href="https://www.google.com/url?q=https://example.org/&amp;sa=D">link</a> '
    '<a linktype="page" id="3">page</a></p>'
)
CLEAN = '<p>A[1]  <a href="https://example.org/">link</a> <a linktype="page" id="3">page</a></p>'
OWN = (
    '<p data-block-key="ab1c2">Words <b>in bold</b>, <a linktype="document" id="4">a file</a>'
    '<br/>and <a href="#aims">aims</a> &amp; <a href="https://example.org/?a=1&amp;b=2">more</a>.'
    '</p><ul><li data-block-key="x">one</li></ul>'
)


def test_links_are_cleaned_and_the_rest_stays() -> None:
    assert clean_rich_text(DIRTY) == CLEAN


@pytest.mark.parametrize("html", [OWN, "", "<p></p>", "<p>1 &lt; 2</p>"])
def test_what_the_editor_wrote_is_left_as_it_is(html: str) -> None:
    assert clean_rich_text(html) == html


def test_cleaning_twice_changes_nothing() -> None:
    for html in [value for name, value in vars(clipboards).items() if name.isupper()]:
        once = clean_rich_text(html)
        assert clean_rich_text(once) == once


def list_paragraphs(page: Page) -> list[str]:
    return [part["value"] for part in page.body.raw_data if part["type"] == "paragraph"]


def build_blocks(html: str) -> Any:
    return [("paragraph", RichText(html))]


def build_raw(html: str) -> Any:
    return json.dumps([{"type": "paragraph", "value": html, "id": "one"}])


@pytest.mark.parametrize("write", [build_blocks, build_raw])
def test_code_and_importers_write_clean_text(news_index: Page, write: Any) -> None:
    news = NewsPageFactory(parent=news_index)
    news.body = write(DIRTY)
    news.save()
    assert list_paragraphs(NewsPage.objects.get(pk=news.pk)) == [CLEAN]


@pytest.mark.parametrize("write", [build_blocks, build_raw])
def test_a_draft_is_clean_before_it_is_published(news_index: Page, write: Any) -> None:
    news = NewsPageFactory(parent=news_index)
    news.body = write(DIRTY)
    revision = news.save_revision()
    assert list_paragraphs(Revision.objects.get(pk=revision.pk).as_object()) == [CLEAN]
    revision.publish()
    assert list_paragraphs(NewsPage.objects.get(pk=news.pk)) == [CLEAN]


def test_headings_and_tables_of_an_importer_are_blocks(news_index: Page) -> None:
    news = NewsPageFactory(parent=news_index)
    news.body = build_raw(clipboards.LIBREOFFICE)
    news.save()
    parts = list(NewsPage.objects.get(pk=news.pk).body.raw_data)
    assert [part["type"] for part in parts] == ["heading", "paragraph", "table", "paragraph"]
    assert len({part["id"] for part in parts}) == 4
    assert parts[0]["id"] == "one"


def test_a_chapter_is_clean_in_a_draft_and_in_public(report_index: Page) -> None:
    report = ReportPageFactory(parent=report_index)
    chapter = report.chapters.model(title="One", body=build_raw(DIRTY))
    report.chapters.add(chapter)
    report.save_revision().publish()
    chapter = ReportPage.objects.get(pk=report.pk).chapters.get()
    assert list_paragraphs(chapter) == [CLEAN]
    content = report.latest_revision.content["chapters"][0]["body"]
    assert "/admin/" not in content
    assert "google.com" not in content


def test_a_field_of_its_own_is_clean(home: Page) -> None:
    page = AccessibilityStatementPage(title="Statement", slug="statement", scope=DIRTY)
    home.add_child(instance=page)
    assert AccessibilityStatementPage.objects.get(pk=page.pk).scope == CLEAN
