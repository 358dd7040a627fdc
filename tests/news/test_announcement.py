"""What a visitor finds on the page of an announcement."""

import copy
import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from bhp_site.core.models import SiteSettings
from bhp_site.files.models import SiteDocument
from news.models import NewsDownload, NewsPage
from partners.models import Person
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    PersonFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    add_update,
    offer,
)
from tests.page_states import HIDDEN, restrict
from tests.pages import get_html

from .conftest import get_quote, reload, rewrite


def test_announcement_shows_its_title_and_summary(site: SimpleNamespace, client: Client) -> None:
    text = get_html(client, reload(site.news))
    assert f"<h1>{site.news.title}</h1>" in text
    assert '<p class="lead">Somebody has done something.</p>' in text
    assert '<span class="tag">Announcement</span>' in text


@pytest.mark.parametrize(
    "precision, words, machine",
    [
        ("day", "1 November 2022", "2022-11-01"),
        ("month", "November 2022", "2022-11"),
        ("year", "2022", "2022"),
    ],
)
def test_its_date_is_no_more_exact_than_known(
    news_index: Any, client: Client, precision: str, words: str, machine: str
) -> None:
    news = NewsPageFactory(
        parent=news_index, date=datetime.date(2022, 11, 1), date_precision=precision
    )
    text = get_html(client, reload(news))
    assert f'<time datetime="{machine}">{words}</time>' in text
    assert f'"datePublished": "{machine}"' in text


def test_it_offers_the_reports_files_then_its_own(
    site: SimpleNamespace, client: Client, document: SiteDocument
) -> None:
    offer(site.news, document, label="A summary")
    links = re.findall(
        r'<a href="(/documents/[^"]+)">Download ([^<]+?) <', get_html(client, reload(site.news))
    )
    assert links == [(site.document.url, "The report"), (document.url, "A summary")]


def test_a_download_says_format_size_and_pages(site: SimpleNamespace, client: Client) -> None:
    text = get_html(client, reload(site.news))
    assert re.search(r"\(PDF, \d+ KB\)", text)
    assert "1 page" in text


def test_it_links_to_its_report(site: SimpleNamespace, client: Client) -> None:
    text = get_html(client, reload(site.news))
    assert f'<a href="{site.report.get_url()}">{site.report.title}</a>' in text
    assert f'"about": {{"@id": "{site.report.full_url}#page"}}' in text


@pytest.mark.parametrize("state", HIDDEN)
def test_a_report_visitors_may_not_read_is_not_named(
    site: SimpleNamespace, client: Client, state: str
) -> None:
    report = ReportPageFactory(parent=site.report_index, live=False, title="Hidden report")
    offer(report, SiteDocumentFactory(title="Hidden file"))
    NewsPage.objects.filter(pk=site.news.pk).update(report=report)
    HIDDEN[state](report)
    text = get_html(client, reload(site.news))
    assert "Hidden report" not in text
    assert "Hidden file" not in text


def test_it_links_to_its_partners(site: SimpleNamespace, client: Client) -> None:
    text = get_html(client, reload(site.news))
    assert f'<a href="{site.partner.get_url()}">{site.partner.title}</a>' in text


def test_a_draft_partner_is_not_named(site: SimpleNamespace, client: Client) -> None:
    draft = PartnerPageFactory(parent=site.partner_index, live=False, title="Secret partner")
    site.news.partners.add(draft)
    site.news.save()
    assert "Secret partner" not in get_html(client, reload(site.news))


def test_a_quote_shows_words_speaker_and_role(published: NewsPage, client: Client) -> None:
    text = get_html(client, reload(published))
    assert "<p>“First part.</p>" in text
    assert "<p>“Second part.”</p>" in text
    assert re.search(r'class="speaker">Ada Chair</p>\s+<p>Chair, BHP</p>', text)


def test_a_quote_links_to_its_own_page(published: NewsPage, client: Client) -> None:
    assert f'<p class="own"><a href="{get_quote(published).get_url()}">' in get_html(
        client, reload(published)
    )


@pytest.fixture
def press(home: Any) -> SiteSettings:
    settings = SiteSettings.for_site(Site.objects.get())
    settings.about = "We are partners.\n\nSince long."
    settings.press_name, settings.press_phone = "Press office", "0121 000 0000"
    settings.press_email = "press@example.org"
    settings.save()
    cache.clear()
    return settings


def test_notes_to_editors_close_it(
    site: SimpleNamespace, press: SiteSettings, client: Client
) -> None:
    tail = get_html(client, reload(site.news)).partition("Notes to editors")[2]
    for words in ("<p>We are partners.</p>", "<p>Since long.</p>", "Press office", "0121 000 0000"):
        assert words in tail
    assert '<a href="mailto:press@example.org">' in tail


def test_there_are_no_notes_where_nothing_is_set(site: SimpleNamespace, client: Client) -> None:
    assert "Notes to editors" not in get_html(client, reload(site.news))


def test_an_update_says_when_and_why(site: SimpleNamespace, client: Client) -> None:
    add_update(site.news, "2023-01-05", "Corrected the figure")
    text = get_html(client, reload(site.news))
    assert 'Updated <time datetime="2023-01-05">5 January 2023</time></strong>: Corrected' in text
    assert '"dateModified": "2023-01-05"' in text


@pytest.mark.parametrize("words, minutes", [(0, 1), (200, 1), (217, 1), (218, 2), (650, 3)])
def test_reading_time_is_220_words_a_minute(
    news_index: Any, client: Client, words: int, minutes: int
) -> None:
    # The summary has three words.
    news = NewsPageFactory(
        parent=news_index, summary="Three words long", body=[("paragraph", "word " * words)]
    )
    assert news.reading_minutes == minutes
    assert f"{minutes} minute read" in get_html(client, reload(news))


def render_body(client: Client, news: NewsPage) -> bytes:
    cache.clear()
    return client.get(news.get_url()).content


def test_a_later_name_changes_no_byte_of_it(
    published: NewsPage, client: Client, chair: Person
) -> None:
    before = render_body(client, published)
    chair.name, chair.honorific = "Ada Other", "Dame"
    chair.save()
    assert b"Ada Chair" in before
    assert render_body(client, published) == before


def test_a_later_role_changes_no_byte_of_it(
    published: NewsPage, client: Client, chair: Person
) -> None:
    before = render_body(client, published)
    chair.roles.all().delete()
    assert render_body(client, published) == before


def test_publishing_it_again_keeps_name_and_role(
    published: NewsPage, client: Client, chair: Person
) -> None:
    before = render_body(client, published)
    chair.name = "Ada Other"
    chair.save()
    chair.roles.all().delete()
    reload(published).save_revision().publish()
    assert render_body(client, published) == before


def test_it_survives_a_speaker_deleted_later(
    published: NewsPage, client: Client, chair: Person
) -> None:
    before = render_body(client, published)
    chair.delete()
    after = render_body(client, published)
    assert before == after


def test_its_page_takes_no_query_for_speakers(published: NewsPage, client: Client) -> None:
    url = published.get_url()
    with CaptureQueriesContext(connection) as captured:
        assert "Ada Chair" in client.get(url).text
    table = f'"{Person._meta.db_table}"'
    assert not [query for query in captured.captured_queries if table in query["sql"]]


def test_one_query_reads_the_speakers_when_they_are_asked_for(
    published: NewsPage, chair: Person, django_assert_num_queries: Any
) -> None:
    other = PersonFactory(name="Tom Other")
    quotes = [{"speaker": person, "words": "So it is."} for person in (chair, other, chair)]
    page = rewrite(published, *({**quote, "speaker": quote["speaker"].pk} for quote in quotes))
    values = [block.value for block in page.quote_blocks]
    with django_assert_num_queries(1):
        assert [value["speaker"] for value in values] == [chair, other, chair]
        assert [value.get("speaker") for value in values] == [chair, other, chair]


@pytest.mark.parametrize(
    "read",
    [
        lambda value: dict(value)["speaker"],
        lambda value: {**value}["speaker"],
        lambda value: dict(value.items())["speaker"],
        lambda value: next(iter(value.values())),
        lambda value: value.bound_blocks["speaker"].value,
        lambda value: copy.deepcopy(value)["speaker"],
    ],
)
def test_a_speaker_is_read_however_the_quote_is_read(
    published: NewsPage, chair: Person, read: Any
) -> None:
    assert read(reload(published).quote_blocks[0].value) == chair


def test_a_speaker_that_is_set_stays(published: NewsPage, chair: Person) -> None:
    other = PersonFactory(name="Tom Other")
    value, same = (reload(published).quote_blocks[0].value for _ in range(2))
    assert value == same
    value["speaker"] = other
    assert (value["speaker"], dict(value)["speaker"]) == (other, other)
    assert value != same


def test_an_unread_speaker_is_saved(published: NewsPage, chair: Person) -> None:
    page = reload(published)
    page.quote_blocks[0].value["words"] = "Other words."
    page.save()
    value = reload(page).quote_blocks[0].value
    assert (value["words"], value["speaker"]) == ("Other words.", chair)


def test_its_first_figure_is_what_shared_links_show(news_index: Any, client: Client) -> None:
    image = SiteImageFactory()
    figure = {"image": {"image": image.pk, "alt_text": "Discs", "decorative": False}, "caption": ""}
    news = NewsPageFactory(parent=news_index)
    news.body = [{"type": "figure", "value": figure}]
    news.save()
    text = get_html(client, reload(news))
    picture = re.search(r'<meta property="og:image" content="([^"]+)"', text)
    assert picture is not None
    assert picture[1].endswith(".jpg")
    assert f'"image": {{"@type": "ImageObject", "url": "{picture[1]}"' in text
    assert client.get(picture[1]).status_code == 200


def test_its_data_name_the_files_it_offers(site: SimpleNamespace, client: Client) -> None:
    data = get_html(client, reload(site.news)).partition('"associatedMedia"')[2]
    assert f"http://testserver{site.document.url}" in data


@pytest.mark.parametrize("state", HIDDEN)
def test_an_announcement_visitors_may_not_read_is_not_shown(
    news_index: Any, client: Client, state: str
) -> None:
    news = NewsPageFactory(parent=news_index, live=False, summary="Nobody may know this.")
    address = news.get_url()
    HIDDEN[state](news)
    response = client.get(address)
    assert "Nobody may know this." not in response.text
    assert response.status_code in ({302, 200} if "password" in state else {302, 404})


def test_a_password_opens_it(site: SimpleNamespace, client: Client) -> None:
    restrict(site.news, "password")
    form = client.get(site.news.get_url())
    assert "Password required" in form.text
    action = re.search(r'<form class="stack" action="([^"]+)"', form.text)
    assert action is not None
    sent = {"password": "open sesame", "return_url": site.news.get_url()}
    assert client.post(action[1], sent).status_code == 302
    assert "Somebody has done something." in get_html(client, reload(site.news))


def test_an_announcement_without_documents_takes_no_query_for_them(
    site: SimpleNamespace, client: Client
) -> None:
    url = site.news.get_url()
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    table = f'FROM "{NewsDownload._meta.db_table}"'
    assert not [query for query in captured.captured_queries if table in query["sql"]]
    offer(site.news, SiteDocumentFactory(title="Our own file"))
    assert "Our own file" in get_html(client, site.news)
