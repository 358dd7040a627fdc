"""What visitors can read after an announcement."""

import datetime
import itertools
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bhp_site.core.unpublishing import Outcome, Unpublishing
from news.models import NewsKind, NewsPage
from news.more_news import MAX_MORE_NEWS, find_more_news
from tests.factories import NewsPageFactory, PartnerPageFactory, ThemePageFactory


@pytest.fixture
def write(site: SimpleNamespace) -> Any:
    """Return a function that creates an announcement, newer than those before it."""
    years = itertools.count(2101)

    def write(title: str, themes: Any = (), partners: Any = (), **more: Any) -> NewsPage:
        date = datetime.date(next(years), 1, 1)
        page: NewsPage = NewsPageFactory(parent=site.news_index, title=title, date=date, **more)
        page.themes, page.partners = themes, partners
        page.save()
        return page

    return write


def test_news_on_the_same_theme_comes_first(site: SimpleNamespace, write: Any) -> None:
    theme = ThemePageFactory(parent=site.themes, title="Trials")
    partner = PartnerPageFactory(parent=site.partner_index, title="Aston")
    page = write("This", [theme], [partner])
    write("Draft on the theme", [theme], live=False)
    write("On theme and partner", [theme], [partner])
    write("About the partner", (), [partner])
    write("Older")
    write("Latest")
    more = [item.title for item in find_more_news(page, [theme], [partner])]
    assert more == ["On theme and partner", "About the partner", "Latest"]
    latest = [item.title for item in find_more_news(page, [], [])]
    assert latest == ["Latest", "Older", "About the partner"]


def test_an_announcement_ends_with_more_news(
    site: SimpleNamespace, write: Any, client: Client
) -> None:
    others = [write(f"Other {number}") for number in range(MAX_MORE_NEWS + 1)]
    more = client.get(write("This").get_url()).text.partition("More news</h2>")[2]
    listed = [f'<a href="{other.get_url()}">' in more for other in others]
    assert listed == [False, True, True, True]
    assert f'<a href="{site.news_index.get_url()}">All news</a>' in more


def test_more_items_take_no_more_queries(site: SimpleNamespace, write: Any, client: Client) -> None:
    page = write("This")
    client.get(page.get_url())
    counts = set()
    for number in range(MAX_MORE_NEWS):
        write(f"Call {number}", kind=NewsKind.CALL, closes_at=timezone.now(), report=site.report)
        with CaptureQueriesContext(connection) as captured:
            assert f"Call {number}" in client.get(page.get_url()).text
        counts.add(len(captured))
    assert len(counts) == 1


def test_the_only_announcement_has_no_more_news(site: SimpleNamespace, client: Client) -> None:
    assert "More news" not in client.get(site.news.get_url()).text


def test_withdrawn_and_restricted_news_is_left_out(site: SimpleNamespace, write: Any) -> None:
    theme = ThemePageFactory(parent=site.themes, title="Trials")
    page, withdrawn, restricted = (write(title, [theme]) for title in ("This", "Bad", "Members"))
    Unpublishing.objects.create(page=withdrawn, outcome=Outcome.WITHDRAWN, reason="Wrong")
    restricted.view_restrictions.create(restriction_type="login")
    write("On the theme", [theme])
    more = [item.title for item in find_more_news(page, [theme], [])]
    assert more[0] == "On the theme"
    assert not {"Bad", "Members", "This"} & {*more}
