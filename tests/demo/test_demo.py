"""The demonstration: what it holds, and that every page of it answers."""

import datetime
import io
import re
from collections.abc import Iterator

import pikepdf
import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from bhp_site.core.models import SiteImage
from bhp_site.core.visibility import get_visible_pages
from bhp_site.files.models import SiteDocument
from bhp_site.search.matching import find
from bhp_site.search.query import parse_terms
from news.models import NewsPage, QuotePage
from news.quotations.parser import parse_quotation
from partners.membership import get_members_on
from partners.models import MembershipEvent, PartnerPage, Person
from reports.models import ReportPage

from ..search.queries import FIRST

HOST = {"host": "127.0.0.1:8000"}
MODELS = (Page, Person, MembershipEvent, SiteDocument, SiteImage)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


def test_it_is_built_in_one_of_the_processes_alone(
    demo: None, request: pytest.FixtureRequest
) -> None:
    """pytest-xdist knows groups by the names of tests, which newer pytests may keep elsewhere."""
    several = hasattr(request.config, "workerinput")
    assert request.node.nodeid.endswith("@demo") is several


@pytest.mark.parametrize("query, address", FIRST.items())
def test_what_people_look_for_comes_first(demo: None, query: str, address: str) -> None:
    found = find(parse_terms(query), {})
    page = Page.objects.get(pk=found.visible.pages[found.ranked[0]])
    assert page.get_url() == address


def texts(client: Client) -> Iterator[tuple[str, str]]:
    for page in get_visible_pages().filter(depth__gt=1).order_by("path"):
        address = page.get_url()
        response = client.get(address, headers=HOST)
        assert response.status_code == 200, address
        yield address, response.text


def activity() -> SiteDocument:
    return SiteDocument.objects.get(slug="report-of-activity-2020-2022")


@pytest.mark.parametrize("on, count", [("2022-08-31", 7), ("2025-03-31", 9)])
def test_the_dates_of_its_members_prove_their_number(demo: None, on: str, count: int) -> None:
    members = get_members_on(datetime.date.fromisoformat(on))
    assert (len(members.certain), len(members.possible)) == (count, count)


def test_it_holds_what_a_site_needs(demo: None) -> None:
    assert PartnerPage.objects.visible().count() == 9
    assert Person.objects.count() >= 8
    assert ReportPage.objects.visible().count() == 4
    assert NewsPage.objects.visible().count() >= 14
    assert QuotePage.objects.visible().count() >= 4


def test_its_news_is_of_2019_to_2025(demo: None) -> None:
    years = {date.year for date in NewsPage.objects.values_list("date", flat=True)}
    assert (min(years), max(years)) == (2019, 2025)


def test_everybody_in_it_has_a_role(demo: None) -> None:
    assert not Person.objects.filter(roles=None).exists()


def test_every_quote_has_speaker_and_role(demo: None) -> None:
    for quote in QuotePage.objects.all():
        assert quote.speaker, quote
        assert quote.role, quote
        assert quote.organisation, quote


def test_every_quote_is_a_clause_at_most(demo: None) -> None:
    for quote in QuotePage.objects.all():
        assert len(" ".join(parse_quotation(quote.words).paragraphs).split()) <= 12, quote.words


def test_a_second_time_makes_nothing_new(demo: None) -> None:
    before = counts()
    revisions = Page.objects.order_by("pk").values_list("pk", "latest_revision_id")
    known = list(revisions)
    call_command("demo", stdout=io.StringIO())
    assert counts() == before
    assert list(revisions.all()) == known


def test_every_page_says_what_it_is_and_asks_not_to_be_indexed(demo: None, client: Client) -> None:
    seen = 0
    for address, text in texts(client):
        seen += 1
        assert "This is a demonstration site" in text, address
        for image in re.findall(r"<img\b[^>]*>", text):
            assert " alt=" in image, address
    assert seen > 35


def test_every_picture_of_a_story_is_described(demo: None) -> None:
    figures = [
        block.value["image"]
        for page in Page.objects.specific()
        for block in (getattr(page, "body", None) or getattr(page, "story", None) or [])
        if block.block_type == "figure"
    ]
    assert figures
    for image in figures:
        assert image.contextual_alt_text, image
        assert image.credit, image


def test_every_link_within_it_leads_somewhere(demo: None, client: Client) -> None:
    links = {link for _, text in texts(client) for link in re.findall(r'href="(/[^"#?]*)', text)}
    broken = [
        link
        for link in links
        if not link.startswith("/static/") and client.get(link, headers=HOST).status_code != 200
    ]
    assert broken == []


def test_every_file_of_it_is_public(demo: None, client: Client) -> None:
    for document in SiteDocument.objects.all():
        assert client.get(document.url, headers=HOST).status_code == 200


def test_the_report_of_activity_is_a_real_report(demo: None) -> None:
    document = activity()
    assert document.pages >= 20
    assert document.is_tagged
    assert document.has_text
    assert document.pdf_title
    assert document.language.startswith("en")
    assert document.file_size <= 1_500_000
    assert document.cover


def test_the_report_of_activity_has_bookmarks_and_described_pictures(demo: None) -> None:
    with activity().file.open("rb") as file, pikepdf.open(file) as pdf:
        with pdf.open_outline() as outline:
            (title,) = outline.root
            assert len(title.children) >= 5
        figures = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        ]
        assert figures
        assert all("/Alt" in figure for figure in figures)


def test_one_file_is_untagged_and_says_so(demo: None, client: Client) -> None:
    (untagged,) = SiteDocument.objects.filter(is_tagged=False)
    page = ReportPage.objects.get(downloads__document=untagged)
    assert "not tagged for screen readers" in client.get(page.get_url(), headers=HOST).text


def test_the_announcement_leads_to_report_and_file(demo: None, client: Client) -> None:
    report = ReportPage.objects.get(downloads__document=activity())
    announcement = report.announcements.order_by("date").first()
    text = client.get(announcement.get_url(), headers=HOST).text
    assert activity().url in text
    assert report.get_url() in text
    assert announcement.get_url() in client.get(report.get_url(), headers=HOST).text
