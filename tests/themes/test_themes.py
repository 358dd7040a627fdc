"""What the partnership works on: a page for each theme, whatever it was called before."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from bhp_site.themes.models import FormerName, ThemeIndexPage, ThemePage
from tests.factories import NewsPageFactory, ReportPageFactory, ThemePageFactory
from tests.page_states import publish


@pytest.fixture
def tagged(site: SimpleNamespace) -> SimpleNamespace:
    """The small site, all about one theme."""
    for page in (site.news, site.report, site.partner):
        page.themes.add(site.theme)
        publish(page)
    return site


def test_a_theme_lists_everything_tagged(tagged: SimpleNamespace, client: Client) -> None:
    text = client.get(tagged.theme.url).text
    for page in (tagged.news, tagged.report, tagged.partner):
        assert f'href="{page.url}"' in text


@pytest.mark.parametrize("kind", ["news", "report", "partner"])
def test_what_is_tagged_leads_to_its_theme(
    tagged: SimpleNamespace, client: Client, kind: str
) -> None:
    theme = f'<a href="{tagged.theme.url}">{tagged.theme.title}</a>'
    address = getattr(tagged, kind).url
    assert theme in client.get(address).text
    tagged.theme.unpublish()
    assert theme not in client.get(address).text


@pytest.mark.parametrize("kind", ["news", "report", "partner"])
def test_a_preview_shows_the_drafts_own_themes(site: SimpleNamespace, kind: str) -> None:
    page = getattr(site, kind)
    page.themes.add(site.theme)
    draft = page.save_revision().as_object()
    assert site.theme.title in draft.make_preview_request().text


def test_a_draft_is_not_listed(tagged: SimpleNamespace, client: Client) -> None:
    tagged.news.unpublish()
    assert tagged.news.title not in client.get(tagged.theme.url).text


def test_an_empty_theme_offers_other_themes_and_the_latest_pages(
    site: SimpleNamespace, client: Client
) -> None:
    other = ThemePageFactory(parent=site.themes, title="Hearts", kind="priority")
    past = ThemePageFactory(parent=site.themes, title="Old", retired=datetime.date(2020, 5, 1))
    text = client.get(site.theme.url).text
    assert "We have not published reports or news on this theme yet." in text
    assert "<h2>Latest reports</h2>" in text
    assert "<h2>Latest news</h2>" in text
    for page in (site.news, site.report, other):
        assert f'href="{page.url}"' in text
    assert past.url not in text


def test_a_theme_with_news_has_no_empty_sections(tagged: SimpleNamespace, client: Client) -> None:
    tagged.report.themes.clear()
    publish(tagged.report)
    text = client.get(tagged.theme.url).text
    assert 'id="news"' in text
    for words in ('id="reports"', "Latest", "have not published", "What else we work on"):
        assert words not in text


def test_a_themes_news_are_parted(site: SimpleNamespace, client: Client) -> None:
    for _ in range(11):
        page = NewsPageFactory(parent=site.news_index)
        page.themes.add(site.theme)
        page.save()
    assert client.get(f"{site.theme.url}?page=2").status_code == 200
    assert client.get(f"{site.theme.url}?page=3").status_code == 404


def test_a_theme_lists_every_report(site: SimpleNamespace, client: Client) -> None:
    for _ in range(11):
        page = ReportPageFactory(parent=site.report_index)
        page.themes.add(site.theme)
        page.save()
    assert 'href="?reports=2#reports"' in client.get(site.theme.url).text
    assert client.get(f"{site.theme.url}?reports=2").text.count("/reports/report-") == 1


def test_a_theme_has_a_feed_of_its_own(tagged: SimpleNamespace, client: Client) -> None:
    NewsPageFactory(parent=tagged.news_index, title="Another matter")
    for kind in ("xml", "json"):
        text = client.get(f"{tagged.theme.url}feed.{kind}").text
        assert tagged.news.title in text
        assert "Another matter" not in text
    tagged.theme.unpublish()
    assert client.get(f"{tagged.theme.url}feed.xml").status_code == 404


def test_a_former_name_leads_to_the_theme(site: SimpleNamespace, client: Client) -> None:
    site.theme.former_names.add(FormerName(name="Women’s Health"))
    publish(site.theme)
    response = client.get("/themes/womens-health/")
    assert (response.status_code, response.headers["Location"]) == (301, site.theme.url)
    assert "Women’s Health" in client.get(site.theme.url).text
    assert client.get("/themes/womens-health/more/").status_code == 404
    feed = client.get("/themes/womens-health/feed.json").json()
    assert feed["home_page_url"] == site.theme.full_url
    assert client.get("/themes/never-heard-of/").status_code == 404
    site.theme.unpublish()
    assert client.get("/themes/womens-health/").status_code == 404


@pytest.mark.parametrize("kind", ["theme", "partner", "person", "report", "standard"])
def test_a_former_address_leads_to_the_page(
    site: SimpleNamespace, client: Client, django_capture_on_commit_callbacks: Any, kind: str
) -> None:
    page = getattr(site, kind)
    before = page.url
    page.slug = "another"
    with django_capture_on_commit_callbacks(execute=True):
        publish(page)
    assert client.get(before).headers["Location"] == page.url != before


def test_the_list_tells_the_past_from_the_present(site: SimpleNamespace, client: Client) -> None:
    ThemePageFactory(parent=site.themes, title="Winter", retired=datetime.date(2020, 5, 1))
    ThemePageFactory(parent=site.themes, title="Hearts", kind="priority")
    ThemePageFactory(parent=site.themes, title="Still on", retired=datetime.date(2999, 5, 1))
    text = client.get(site.themes.url).text.split("</h1>")[1]
    parts = ("Priorities", "Hearts", ">Themes<", site.theme.title, "Still on", "In the past")
    order = [text.index(words) for words in parts]
    assert order == sorted(order)
    assert text.index("In the past") < text.index(">Winter<")


def test_a_retired_theme_says_until_when(site: SimpleNamespace, client: Client) -> None:
    site.theme.retired = datetime.date(2020, 5, 1)
    publish(site.theme)
    assert "<dd>Until May 2020</dd>" in client.get(site.theme.url).text


def test_search_finds_a_theme_by_its_former_name(site: SimpleNamespace, client: Client) -> None:
    site.theme.former_names.add(FormerName(name="Zymurgy"))
    publish(site.theme)
    assert f'href="{site.theme.url}"' in client.get("/search/?q=zymurgy").text


def test_a_theme_tells_its_story(site: SimpleNamespace, client: Client) -> None:
    assert site.theme.text == "A question that many share."
    site.theme.story = [("heading", "Why it matters"), ("paragraph", "<p>Health differs.</p>")]
    publish(site.theme)
    site.theme.refresh_from_db()
    assert site.theme.text == "A question that many share. Why it matters. Health differs."
    text = client.get(site.theme.url).text
    assert '<h2 id="why-it-matters">Why it matters</h2>' in text
    assert "<p>Health differs.</p>" in text


def test_a_theme_of_an_earlier_version_has_no_story(site: SimpleNamespace, client: Client) -> None:
    type(site.theme).objects.filter(pk=site.theme.pk).update(story=None)
    site.theme.refresh_from_db()
    assert not site.theme.story
    assert client.get(site.theme.url).status_code == 200


def test_the_list_of_themes_is_read_once_until_a_change(
    site: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would go through all pages of the site to find those below the list."""
    address = ThemeIndexPage.objects.get().get_url()
    text = client.get(address).text
    assert ThemePage.objects.visible().first().title in text
    monkeypatch.setattr(ThemePage, "objects", None)
    assert client.get(address).text == text
