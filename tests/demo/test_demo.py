"""The demonstration: what it holds, and that every page of it answers."""

import datetime
import functools
import io
import re

import pikepdf
import pypdfium2
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.models import SiteImage
from bhp_site.core.visibility import get_visible_pages
from bhp_site.demo.content.people import STATEMENT
from bhp_site.files.models import SiteDocument
from bhp_site.press.models import PressContact
from bhp_site.search.matching import find
from bhp_site.search.query import parse_terms
from bhp_site.sign_off.emails import SignOffEmail
from news.models import NewsPage, QuotePage, Release
from news.quotations.parser import parse_quotation
from partners.membership import get_members_on
from partners.models import MembershipEvent, PartnerPage, Person
from reports.models import ReportPage

from ..search.queries import FIRST

HOST = {"host": "127.0.0.1:8000"}
# How the demonstration must not speak in what it says as the organisation.
WORDS_ABOUT_ITSELF = re.compile(r"(?i)demonstration|its own assumption|not known to")
MODELS = (Page, Person, MembershipEvent, SiteDocument, SiteImage)


def count_rows() -> dict[str, int]:
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


@pytest.fixture
def texts(demo: None) -> dict[str, str]:
    """Return the HTML of every public page by its address."""
    return read_texts()


@functools.cache
def read_texts() -> dict[str, str]:
    """Request every public page, once: no test here keeps a change of the demonstration."""
    client, found = Client(), {}
    for page in get_visible_pages().filter(depth__gt=1).order_by("path"):
        address = page.get_url()
        response = client.get(address, headers=HOST)
        assert response.status_code == 200, address
        found[address] = response.text
    return found


def get_activity() -> SiteDocument:
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
    years = {date.year for date in NewsPage.objects.visible().values_list("date", flat=True)}
    assert (min(years), max(years)) == (2019, 2025)


def test_a_release_in_preparation_fills_the_screens_of_editors(demo: None) -> None:
    release = Release.objects.get()
    page = release.announcement
    assert not page.live
    assert release.embargo_until > timezone.now()
    assert page.sign_offs.get().state == "suggested"
    assert page.draft_links.get().expires_at > timezone.now()
    # Nobody outside is written to.
    assert not SignOffEmail.objects.exists()
    assert PressContact.objects.count() == 0


def test_everybody_in_it_has_a_role(demo: None) -> None:
    assert not Person.objects.filter(roles=None).exists()


def test_every_quote_has_speaker_and_role(demo: None) -> None:
    for quote in QuotePage.objects.all():
        assert quote.speaker, quote
        assert quote.role, quote
        assert quote.organisation, quote


def test_every_quote_of_a_person_is_a_clause_at_most(demo: None) -> None:
    for quote in QuotePage.objects.exclude(speaker__name=STATEMENT.name):
        assert len(" ".join(parse_quotation(quote.words).paragraphs).split()) <= 12, quote.words


def test_the_only_long_quote_is_a_statement_of_its_own(demo: None, client: Client) -> None:
    (quote,) = QuotePage.objects.filter(speaker__name=STATEMENT.name)
    assert len(parse_quotation(quote.words).paragraphs) == 2
    assert quote.organisation == "BHP demonstration site"
    assert STATEMENT.name in client.get(quote.get_url(), headers=HOST).text
    assert not hasattr(quote.speaker, "page")


def test_a_second_time_makes_nothing_new(demo: None) -> None:
    before = count_rows()
    revisions = Page.objects.order_by("pk").values_list("pk", "latest_revision_id")
    known = list(revisions)
    call_command("demo", stdout=io.StringIO())
    assert count_rows() == before
    assert list(revisions.all()) == known


def test_every_page_says_what_it_is_and_leads_to_what_is_assumed(texts: dict[str, str]) -> None:
    for address, text in texts.items():
        head, _, rest = text.partition("<main")
        foot = rest.partition("<footer")[2]
        for part in (head, foot):
            assert "This is a demonstration site" in part, address
            assert 'href="/about-this-demonstration/"' in part, address
        for image in re.findall(r"<img\b[^>]*>", text):
            assert " alt=" in image, address
    assert len(texts) > 35


def test_nothing_else_speaks_of_the_demonstration(texts: dict[str, str]) -> None:
    speaking = {
        address
        for address, text in texts.items()
        if WORDS_ABOUT_ITSELF.search(text.partition("<main")[2].partition("</main>")[0])
    }
    quote = QuotePage.objects.get(speaker__name=STATEMENT.name)
    announcement = quote.get_parent()
    allowed = {"/about-this-demonstration/", "/quotes/", quote.get_url(), announcement.get_url()}
    assert speaking == allowed


def test_most_news_items_have_a_picture(demo: None) -> None:
    items = NewsPage.objects.all()
    illustrated = [
        item for item in items if any(block.block_type == "figure" for block in item.body)
    ]
    assert len(illustrated) > 0.8 * len(items)


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


def test_every_link_within_it_leads_somewhere(texts: dict[str, str], client: Client) -> None:
    found = {link for text in texts.values() for link in re.findall(r'href="(/[^"#?]*)', text)}
    broken = [
        link
        for link in found - texts.keys()
        if not link.startswith("/static/") and client.get(link, headers=HOST).status_code != 200
    ]
    assert broken == []


def test_every_file_of_it_is_public(demo: None, client: Client) -> None:
    for document in SiteDocument.objects.all():
        assert client.get(document.url, headers=HOST).status_code == 200


def test_the_report_of_activity_is_a_real_report(demo: None) -> None:
    document = get_activity()
    assert document.pages >= 20
    assert document.has_text
    assert document.pdf_title
    assert document.language.startswith("en")
    assert document.file_size <= 1_500_000
    assert document.cover


def test_the_report_of_activity_has_bookmarks_and_described_pictures(demo: None) -> None:
    with get_activity().file.open("rb") as file, pikepdf.open(file) as pdf:
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


def test_every_report_says_that_its_file_is_tagged(demo: None, client: Client) -> None:
    for page in ReportPage.objects.all():
        text = client.get(page.get_url(), headers=HOST).text
        assert " · tagged for screen readers" in text, page
        assert '"accessibilityFeature": ["taggedPDF"]' in text, page


def test_the_edition_says_what_the_file_says(demo: None) -> None:
    report = ReportPage.objects.get(slug="report-of-activity-2020-2022")
    titles = [chapter.title for chapter in report.edition]
    assert titles[:4] == ["Two years at a glance", "Who we are", "How we work", "What we work on"]
    with get_activity().file.open("rb") as file, pypdfium2.PdfDocument(file.read()) as pdf:
        words = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    in_file = re.sub(r"\W", "", words)
    for chapter in report.edition:
        for sentence in re.findall(r"[A-Z][^.“”\[]{30,}\.", chapter.text)[:5]:
            assert re.sub(r"\W", "", sentence) in in_file, sentence


def test_the_announcement_leads_to_report_and_file(demo: None, client: Client) -> None:
    report = ReportPage.objects.get(downloads__document=get_activity())
    announcement = report.announcements.order_by("date").first()
    text = client.get(announcement.get_url(), headers=HOST).text
    assert get_activity().url in text
    assert report.get_url() in text
    assert announcement.get_url() in client.get(report.get_url(), headers=HOST).text
