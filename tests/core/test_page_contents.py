"""What every page says of itself: the way to it, its headings, and when it was last updated."""

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Site, get_page_models

from bhp_site.core.models import SiteSettings
from bhp_site.core.page_contents import MIN_HEADINGS
from bhp_site.core.pages import BasePage
from bhp_site.core.text.dates import format_date

from ..factories import StandardPageFactory, add_update, write_chapter
from ..pages import get_html
from ..shared_fixtures import StoredRows

PAGE_TYPES = [model for model in get_page_models() if issubclass(model, BasePage)]
THREE = [("heading", title) for title in ("Aims", "Aims", "Money")]
LINKS = ["#aims", "#aims-2", "#money"]


def get_contents(html: str) -> list[str]:
    """Return the links of the page's own list of headings, which must all lead somewhere."""
    found = re.search(r'<nav class="page-contents.*?</nav>', html, re.DOTALL)
    links = re.findall(r'href="([^"]+)"', found[0]) if found else []
    assert {link.removeprefix("#") for link in links} <= {*re.findall(r'\bid="([^"]+)"', html)}
    return links


@pytest.mark.parametrize("name", ["standard", "news"])
def test_a_page_with_three_headings_lists_them(site: Any, client: Client, name: str) -> None:
    page = getattr(site, name)
    page.report = None
    page.body = THREE[: MIN_HEADINGS - 1]
    page.save()
    assert get_contents(get_html(client, page)) == []
    page.body = THREE
    page.save()
    assert get_contents(get_html(client, page)) == LINKS


def test_what_the_template_adds_is_listed_too(site: SimpleNamespace, client: Client) -> None:
    site.news.body = THREE[:1]
    site.news.save()
    settings = SiteSettings.for_site(Site.objects.get())
    settings.press_email = "press@example.org"
    settings.save()
    links = ["#aims", "#from-the-report", "#notes-to-editors"]
    assert get_contents(get_html(client, site.news)) == links


def test_pages_below_a_standard_page_are_listed_last(site: Any, client: Client) -> None:
    StandardPageFactory(parent=site.standard, title="History")
    site.standard.body = THREE[1:]
    site.standard.save()
    assert get_contents(get_html(client, site.standard)) == ["#aims", "#money", "#more-on-this"]


def test_a_chapter_lists_its_headings(site: SimpleNamespace, client: Client) -> None:
    write_chapter(site.report, "Foreword", THREE[:2])
    write_chapter(site.report, "Data", THREE)
    url = f"{site.report.get_url()}read/"
    assert get_contents(get_html(client, f"{url}foreword/")) == []
    assert get_contents(get_html(client, f"{url}data/")) == LINKS


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_breadcrumbs_do_not_repeat_the_heading(
    site: StoredRows, client: Client, model: type
) -> None:
    html = get_html(client, site.get_page(model))
    found = re.search(r'<nav class="breadcrumbs".*?</nav>', html, re.DOTALL)
    steps = re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", found[0]) if found else []
    heading = re.search(r"<h1[^>]*>([^<]+)</h1>", html)
    assert steps[:1] == (["Home"] if found else [])
    assert heading is None or heading[1] not in steps
    assert "aria-current" not in (found[0] if found else "")


def test_breadcrumbs_of_a_chapter_lead_to_the_report_and_its_contents(
    site: SimpleNamespace, client: Client
) -> None:
    write_chapter(site.report, "Foreword")
    html = get_html(client, f"{site.report.get_url()}read/foreword/")
    found = re.search(r'<nav class="breadcrumbs".*?</nav>', html, re.DOTALL)
    assert found is not None
    steps = re.findall(r"<a[^>]*>([^<]+)", found[0])
    assert steps == ["Home", "Reports", site.report.title, "Read online"]


def get_last_update(client: Client, page: Page) -> tuple[str, str]:
    found = re.findall(
        r'Last updated: <time datetime="([^"]+)">([^<]+)</time>', get_html(client, page)
    )
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_every_page_says_when_it_was_last_updated(
    site: StoredRows, client: Client, model: type
) -> None:
    moment = datetime.datetime(2026, 2, 28, 23, 30, tzinfo=datetime.UTC)
    Page.objects.update(last_published_at=moment)
    page: Any = site.get_page(model)
    if hasattr(page, "published_iso"):
        assert get_last_update(client, page) == (page.published_iso, page.published)
    else:
        assert get_last_update(client, page) == ("2026-02-28", "28 February 2026")


@pytest.mark.parametrize("name", ["report", "news", "standard", "partner"])
def test_an_update_of_substance_counts(site: Any, client: Client, name: str) -> None:
    page = getattr(site, name)
    add_update(page, "2026-03-04", "Added the minutes")
    assert get_last_update(client, page) == ("2026-03-04", "4 March 2026")


@pytest.mark.parametrize("name", ["home", "news_index"])
def test_a_list_is_as_new_as_what_it_lists(site: Any, client: Client, name: str) -> None:
    page = getattr(site, name)
    old, today = timezone.now() - datetime.timedelta(days=9), timezone.localdate()
    Page.objects.update(first_published_at=old, last_published_at=timezone.now())
    assert get_last_update(client, page)[0] == timezone.localdate(old).isoformat()
    add_update(site.news, today.isoformat(), "Added a figure")
    assert get_last_update(client, page) == (today.isoformat(), format_date(today))
    # What visitors may not see has not been updated for them.
    Page.objects.filter(pk=site.news.pk).update(live=False)
    assert get_last_update(client, page)[0] == timezone.localdate(old).isoformat()
