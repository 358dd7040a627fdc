"""The lead item of the news and the small images beside the others."""

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.images.renditions import get_or_create_collection
from bhp_site.core.models import SiteImage
from bhp_site.files.models import SiteDocument
from news.list_images import annotate_covers, attach_images
from news.models import NewsPage
from tests.factories import (
    NewsPageFactory,
    QuotePageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    offer,
)
from tests.pages import get_html

DAY = datetime.date(2023, 1, 1)
IMAGE = re.compile(r"<img[^>]*>")


def build_figure(image: SiteImage) -> tuple[str, dict[str, Any]]:
    """Return a figure block with a description."""
    value = {"image": image.pk, "alt_text": "Discs overlap", "decorative": False}
    return "figure", {"image": value, "caption": "Below the text"}


def add_news(site: Any, title: str, image: SiteImage | None = None, **fields: Any) -> NewsPage:
    """Create news with a text and, if there is an `image`, a figure below it."""
    blocks = [("paragraph", "<p>What happened.</p>")] + ([build_figure(image)] if image else [])
    body = [{"type": kind, "value": value} for kind, value in blocks]
    page: NewsPage = NewsPageFactory(
        parent=site.news_index, title=title, body=body, date=DAY, **fields
    )
    return page


def get_list_image(page: NewsPage) -> SiteImage | None:
    (found,) = attach_images(annotate_covers(NewsPage.objects.filter(pk=page.pk)))
    image: SiteImage | None = found.list_image
    return image


def get_rows(html: str) -> list[str]:
    """Return the HTML of each item of the list of news."""
    return re.findall(r"<li>\s*<div class=\"(?:news-row|lead-item)\">.*?</li>", html, re.DOTALL)


def test_news_has_the_first_image_of_its_text(site: SimpleNamespace) -> None:
    image = SiteImageFactory()
    page = add_news(site, "With", image)
    kind, value = build_figure(SiteImageFactory())
    page.body = [*page.body.raw_data, {"type": kind, "value": value}]
    page.save()
    assert get_list_image(page) == image


def test_news_without_an_image_has_the_cover_of_its_report(site: SimpleNamespace) -> None:
    report = ReportPageFactory(parent=site.report_index, cover=SiteImageFactory())
    assert get_list_image(add_news(site, "Report", report=report)) == report.cover


def test_the_cover_of_a_restricted_document_is_not_shown(site: SimpleNamespace) -> None:
    report = ReportPageFactory(parent=site.report_index)
    public, private = (SiteDocumentFactory(cover=SiteImageFactory()) for _ in range(2))
    offer(report, private)
    offer(report, public)
    page = add_news(site, "Report", report=report)
    assert get_list_image(page) == private.cover
    collection = get_or_create_collection("Restricted")
    collection.view_restrictions.create(restriction_type="login")
    SiteDocument.objects.filter(pk=private.pk).update(collection=collection)
    cache_version.advance(withdraws=True, files=None)
    assert get_list_image(page) == public.cover


def test_the_cover_of_a_hidden_report_is_not_shown(site: SimpleNamespace) -> None:
    report = ReportPageFactory(parent=site.report_index, cover=SiteImageFactory(), live=False)
    assert get_list_image(add_news(site, "Report", report=report)) is None


def test_news_has_no_image_where_there_is_none(site: SimpleNamespace) -> None:
    gone = SiteImageFactory()
    page = add_news(site, "Gone", gone)
    gone.delete()
    assert get_list_image(page) is None
    assert get_list_image(add_news(site, "Without")) is None


def test_images_take_as_many_queries_however_many_items(site: SimpleNamespace) -> None:
    report = ReportPageFactory(parent=site.report_index, cover=SiteImageFactory())
    counts = []
    # The first look at collections is kept.
    attach_images(annotate_covers(NewsPage.objects.all()))
    for number in range(4):
        add_news(site, f"With {number}", SiteImageFactory())
        add_news(site, f"Report {number}", report=report)
        with CaptureQueriesContext(connection) as captured:
            pages = attach_images(annotate_covers(NewsPage.objects.all()))
        assert sum(bool(page.list_image) for page in pages) == 2 * number + 2
        counts.append(len(captured))
    assert counts == counts[:1] * 4


@pytest.fixture
def listed(site: SimpleNamespace) -> SimpleNamespace:
    """Three items of news, of which the latest and the second have an image."""
    NewsPage.objects.update(date=datetime.date(2020, 1, 1))
    names = ("Third", "Second", "Latest")
    for name in names:
        add_news(site, name, SiteImageFactory() if name != "Third" else None)
    return site


@pytest.mark.parametrize("path", ["/news/", "/"])
def test_the_latest_leads_and_others_have_small_images(
    listed: SimpleNamespace, client: Client, path: str
) -> None:
    cache.clear()
    lead, second, third, *_ = get_rows(get_html(client, path))
    assert 'class="lead-item"' in lead
    assert ">Latest</a>" in lead
    assert 'class="news-row"' in second
    assert "<picture>" in second
    assert "<picture>" not in third
    for row in (lead, second):
        (image,) = IMAGE.findall(row)
        # The title beside it says what it is about, and is the only link.
        assert 'alt=""' in image
        assert row.count("<a ") == 1
        assert re.search(r'srcset="[^"]+ 40w"', image)
        assert 'sizes="' in image
        assert 'width="40" height="30"' in image


def test_only_the_lead_of_the_list_is_loaded_at_once(
    listed: SimpleNamespace, client: Client
) -> None:
    lead, second, *_ = (IMAGE.findall(row) for row in get_rows(get_html(client, "/news/")))
    assert 'fetchpriority="high"' in lead[0]
    assert "lazy" not in lead[0]
    assert 'loading="lazy"' in second[0]
    cache.clear()
    # There it is below the fold.
    assert 'loading="lazy"' in IMAGE.findall(get_rows(get_html(client, "/"))[0])[0]


@pytest.mark.parametrize("query", ["?kind=announcement", "?year=2023"])
def test_a_filtered_list_has_no_lead(listed: SimpleNamespace, client: Client, query: str) -> None:
    html = get_html(client, f"/news/{query}")
    assert len(get_rows(html)) >= 3
    assert "lead-item" not in html


def test_later_parts_of_the_list_have_no_lead(listed: SimpleNamespace, client: Client) -> None:
    NewsPageFactory.create_batch(12, parent=listed.news_index, date=datetime.date(2019, 1, 1))
    assert "lead-item" not in get_html(client, "/news/?page=2")


def test_the_page_of_a_quote_shows_the_image_of_its_announcement(
    site: SimpleNamespace, client: Client
) -> None:
    assert "<picture>" not in get_html(client, site.quote)
    page = add_news(site, "With", SiteImageFactory())
    assert "<picture>" in get_html(client, QuotePageFactory(parent=page))


def test_an_upright_image_is_shown_whole(site: SimpleNamespace, client: Client) -> None:
    NewsPage.objects.update(date=datetime.date(2020, 1, 1))
    image = SiteImageFactory()
    add_news(site, "Cover", image)
    assert 'class="upright"' not in get_html(client, "/news/")
    SiteImage.objects.filter(pk=image.pk).update(width=30, height=40)
    assert 'class="upright"' in get_html(client, "/news/")
