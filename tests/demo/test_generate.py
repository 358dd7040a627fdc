"""A generated site is whole: its pages answer, are found, offer their file; nothing is mixed."""

from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.html import strip_tags
from wagtail.models import Page

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.demo.generate import SPEAKER_COUNT, THEME_COUNT
from bhp_site.home.models import HomePage
from news.models import NewsPage, QuotePage
from partners.membership import get_members_on
from reports.models import ReportPage

from ..factories import NewsPageFactory
from ..shared_fixtures import BUILDERS

# One process builds the shared database.
pytestmark = pytest.mark.xdist_group("generated")


def build_generated() -> SimpleNamespace:
    """Generate a small site; no rows are returned."""
    call_command("bootstrap")
    call_command("generate", news=7, reports=3, partners=2)
    return SimpleNamespace()


BUILDERS["generated"] = build_generated


@pytest.fixture
def generated(db: None) -> HomePage:
    """Return the home page of the generated site."""
    return HomePage.objects.get()


def test_what_is_generated_answers_and_says_what_it_is(generated: HomePage, client: Client) -> None:
    pages = Page.objects.filter(title__startswith="Generated")
    # With quotations, themes and the people who are quoted.
    assert pages.count() == 14 + THEME_COUNT + SPEAKER_COUNT
    assert Page.find_problems() == ([], [], [], [], [])
    for page in pages:
        answer = client.get(page.get_url(), headers={"host": "localhost"})
        assert answer.status_code == 200
        assert "Generated" in answer.text
    assert NewsPage.objects.filter(partners__isnull=False).count() == 7
    day = NewsPage.objects.get(slug="generated-1").date
    assert get_members_on(day.replace(year=2030)).count == "2 members"


def test_generated_bodies_render(generated: HomePage, client: Client) -> None:
    figure = client.get("/news/generated-4/", headers={"host": "localhost"}).text
    assert "<img" in figure
    quoted = client.get("/news/generated-3/", headers={"host": "localhost"}).text
    assert "Generated speaker" in quoted
    assert quoted.count("<blockquote") == 1
    for page in [*NewsPage.objects.all(), *ReportPage.objects.all()]:
        paragraphs = [str(block.value) for block in page.body if block.block_type == "paragraph"]
        assert len(paragraphs) == 3
        text = client.get(page.get_url(), headers={"host": "localhost"}).text
        for paragraph in paragraphs:
            assert strip_tags(paragraph) in text
    # A block type that does not exist is dropped without a word when it is read.
    kinds = NewsPage.body.field.stream_block.child_blocks
    for page in NewsPage.objects.all():
        assert {block["type"] for block in page.body.raw_data} <= set(kinds)


def test_each_quotation_has_its_page(generated: HomePage, client: Client) -> None:
    quotes = QuotePage.objects.all()
    assert {quote.get_parent().slug for quote in quotes} == {"generated-3", "generated-6"}
    for quote in quotes:
        assert client.get(quote.get_url(), headers={"host": "localhost"}).status_code == 200
        announcement = quote.get_parent().get_url()
        assert quote.get_url() in client.get(announcement, headers={"host": "localhost"}).text


def test_its_file_is_public_and_its_pages_are_found(generated: HomePage, client: Client) -> None:
    report = ReportPage.objects.first()
    assert report
    file = report.downloads.get().document
    assert client.get(file.url, headers={"host": "localhost"}).status_code == 200
    news = NewsPage.objects.get(slug="generated-1")
    file = news.downloads.get().document
    assert file.url in client.get(news.get_url(), headers={"host": "localhost"}).text
    found = client.get("/search/?q=generated", headers={"host": "localhost"})
    assert "Generated" in found.text


def test_it_is_never_mixed_with_content(news_index: Page) -> None:
    NewsPageFactory(parent=news_index)
    before, number = Page.objects.count(), cache_version.current
    with pytest.raises(CommandError, match="Start from an empty site"):
        call_command("generate", news=1, reports=1, partners=1)
    assert NewsPage.objects.count() == 1
    assert Page.objects.count() >= before
    assert cache_version.current >= number
