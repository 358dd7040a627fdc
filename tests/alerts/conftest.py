"""A moment at which the tests happen, and a page to publish."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from wagtail.models import Page

from news.models import NewsPage

from ..factories import NewsPageFactory

# A Tuesday.
NOW = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def draft(news_index: Page) -> NewsPage:
    """A draft announcement of today."""
    page = NewsPageFactory(
        parent=news_index,
        live=False,
        title="Two <hospitals> & one plan",
        summary="They share what they know.",
        date=NOW.date(),
    )
    page.save_revision()
    return page


def publish(page: Any) -> None:
    """Publish the latest draft of `page`."""
    page.save_revision().publish()
