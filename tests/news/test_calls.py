"""Calls show by themselves whether they are open, wherever they are listed."""

import datetime
import math
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from wagtail.models import Page

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.caching.cacheable import CACHE_POLICY_KEY, mark_cacheable
from bhp_site.core.caching.timed_changes import get_last_change, get_next_change
from bhp_site.core.publishing.checklist import build_checklist
from bhp_site.core.text.dates import UK, format_public_time
from news.models import NewsPage

from ..factories import NewsPageFactory
from ..pages import get_html, get_schema_node

OPENS = datetime.datetime(2030, 6, 1, 9, tzinfo=UK)
CLOSES = datetime.datetime(2030, 6, 28, 17, tzinfo=UK)
SECOND = datetime.timedelta(seconds=1)
STATES = [
    (OPENS - SECOND, "Opening soon", "Opens on Saturday 1 June 2030, 9am (UK time)"),
    (OPENS, "Open", "Closes on Friday 28 June 2030, 5pm (UK time)"),
    (CLOSES - SECOND, "Open", "Closes on Friday 28 June 2030, 5pm (UK time)"),
    (CLOSES, "Closed", "Closed on Friday 28 June 2030, 5pm (UK time)"),
]


@pytest.fixture
def call(news_index: Page) -> Any:
    """A call for applications, open for most of June 2030."""
    page = NewsPageFactory(
        parent=news_index,
        title="Fellowships",
        kind="call",
        opens_at=OPENS,
        closes_at=CLOSES,
        date=datetime.date(2030, 5, 1),
    )
    cache_version.advance()
    return page


def list_calls(client: Client, kind: str) -> list[str]:
    """Return the titles in the list of news of this kind, in their order."""
    html = client.get(f"/news/?kind={kind}").text
    titles = {page.title: html.find(f">{page.title}</a>") for page in NewsPage.objects.all()}
    return sorted((title for title in titles if titles[title] > 0), key=titles.__getitem__)


@pytest.mark.parametrize("now, label, description", STATES)
def test_a_call_says_whether_it_is_open(
    call: Any, client: Client, now: datetime.datetime, label: str, description: str
) -> None:
    with time_machine.travel(now, tick=False):
        for place in (call.get_url(), "/news/", "/search/?q=fellowships"):
            assert f"<strong>{label}</strong> · {description}" in client.get(place).text, place
        node = get_schema_node(get_html(client, call), "NewsArticle")
        assert node["expires"] == CLOSES.astimezone(datetime.UTC).isoformat()


def test_a_call_may_lack_a_time(news_index: Page, client: Client) -> None:
    rolling = NewsPageFactory(parent=news_index, kind="call", opens_at=OPENS)
    with time_machine.travel(CLOSES, tick=False):
        assert "<strong>Open</strong></p>" in get_html(client, rolling)
    NewsPage.objects.filter(pk=rolling.pk).update(opens_at=None)
    assert "call" not in get_html(client, rolling).partition("<article")[2].partition("<aside")[0]


def test_lists_have_open_calls_and_show_closed_ones_last(call: Any, client: Client) -> None:
    NewsPageFactory(
        parent=call.get_parent(),
        title="Earlier call",
        kind="call",
        closes_at=CLOSES + datetime.timedelta(days=9),
        date=datetime.date(2029, 1, 1),
    )
    cache_version.advance()
    with time_machine.travel(CLOSES - SECOND, tick=False):
        assert list_calls(client, "call") == ["Fellowships", "Earlier call"]
        assert list_calls(client, "open-call") == ["Fellowships", "Earlier call"]
    with time_machine.travel(CLOSES, tick=False):
        assert list_calls(client, "call") == ["Earlier call", "Fellowships"]
        assert list_calls(client, "open-call") == ["Earlier call"]
        assert "1 item" in client.get("/news/?kind=open-call").text


def test_news_leads_with_the_newest_item_that_is_no_closed_call(
    call: Any, news_index: Page, client: Client
) -> None:
    older = NewsPageFactory(parent=news_index, title="An award", date=datetime.date(2020, 1, 1))

    def get_lead(moment: datetime.datetime) -> str:
        with time_machine.travel(moment, tick=False):
            soup = BeautifulSoup(client.get("/news/").text, "html.parser")
            lead = soup.select_one(".lead-item h2")
            return lead.get_text(strip=True) if lead else ""

    assert get_lead(OPENS) == call.title
    assert get_lead(CLOSES) == older.title
    older.delete()
    assert get_lead(CLOSES) == ""


def test_search_finds_open_calls_and_shows_closed_ones_last(call: Any, client: Client) -> None:
    for number in range(6):
        NewsPageFactory(parent=call.get_parent(), title=f"Fellowships of year {number}")
    cache_version.advance()
    address = "/search/?q=fellowships"
    with time_machine.travel(OPENS, tick=False):
        html = client.get(address).text
        assert html.index(f'href="{call.get_url()}"') < html.index("of year")
        assert "call=open" in html
        assert "1 result for" in client.get(f"{address}&call=open").text
    with time_machine.travel(CLOSES, tick=False):
        html = client.get(address).text
        assert html.index(f'href="{call.get_url()}"') > html.rindex("of year")
        assert "No results" in client.get(f"{address}&call=open").text


def test_cached_pages_end_with_the_state_of_a_call(call: Any) -> None:
    def get_end(now: datetime.datetime) -> float:
        request = RequestFactory().get("/")
        with time_machine.travel(now, tick=False):
            mark_cacheable(request)
        return float(request.META[CACHE_POLICY_KEY].changes_at)

    assert get_end(OPENS - datetime.timedelta(minutes=1)) == OPENS.timestamp()
    assert get_end(OPENS + datetime.timedelta(minutes=1)) == CLOSES.timestamp()
    assert get_end(CLOSES + datetime.timedelta(minutes=1)) == math.inf
    # A page may have been rendered just before.
    assert get_end(CLOSES + SECOND) == CLOSES.timestamp()
    assert get_next_change(OPENS.timestamp()) == CLOSES.timestamp()
    with time_machine.travel(OPENS, tick=False):
        assert get_last_change() == OPENS.timestamp()


def test_the_checklist_asks_for_the_times(call: Any) -> None:
    def list_labels() -> list[str]:
        return [entry.label for entry in build_checklist(call).entries if "call" in entry.label]

    assert list_labels() == ["Times of the call"]
    call.opens_at = call.closes_at = None
    assert list_labels() == ["Enter when the call opens and closes"]


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"kind": "award"}, "Only a call"),
        ({"closes_at": OPENS}, "after the opening time"),
    ],
)
def test_times_must_fit(call: Any, fields: dict[str, Any], message: str) -> None:
    for name, value in fields.items():
        setattr(call, name, value)
    with pytest.raises(ValidationError, match=message):
        call.full_clean()


@pytest.mark.parametrize(
    "time, words",
    [
        ("2026-03-12T00:01+00:00", "Thursday 12 March 2026, 12.01am (UK time)"),
        ("2026-07-01T11:30+00:00", "Wednesday 1 July 2026, 12.30pm (UK time)"),
        ("2026-07-01T22:00+00:00", "Wednesday 1 July 2026, 11pm (UK time)"),
    ],
)
def test_visitors_read_times_in_uk_time(time: str, words: str) -> None:
    assert format_public_time(datetime.datetime.fromisoformat(time)) == words
