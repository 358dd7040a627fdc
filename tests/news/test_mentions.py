"""A person's page lists the news that quotes them, and the news that has their full name."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from news.mentions import find_news_about
from news.models import NewsPage
from partners.models import Person
from tests.factories import NewsPageFactory, PersonFactory, PersonPageFactory, QuotePageFactory


@pytest.fixture
def ada(db: None) -> Person:
    return PersonFactory(name="Ada Pearson", honorific="Professor")


@pytest.fixture
def write(site: SimpleNamespace, django_capture_on_commit_callbacks: Any) -> Any:
    """Return a function that creates an announcement and its entry in the search index."""

    def write(title: str = "Something new", text: str = "", **more: Any) -> NewsPage:
        with django_capture_on_commit_callbacks(execute=True):
            body = [("paragraph", f"<p>{text}</p>")] if text else []
            page: NewsPage = NewsPageFactory(parent=site.news_index, title=title, body=body, **more)
        return page

    return write


@pytest.mark.parametrize(
    "content",
    [
        {"title": "Ada Pearson’s term as chair ends"},
        {"summary": "We thank Professor Ada  Pearson."},
        {"text": "The chair is <b>Ada Pearson</b>."},
    ],
)
def test_news_with_the_full_name_is_listed(
    site: SimpleNamespace, ada: Person, write: Any, client: Client, content: dict[str, str]
) -> None:
    news = write(**content)
    text = client.get(PersonPageFactory(parent=site.people, person=ada).url).text
    assert f'<h3><a href="{news.url}">' in text.partition("Related news")[2]


@pytest.mark.parametrize(
    "text",
    ["Ada Pearsons", "Bada Pearson", "Pearson, Ada", "Ada and Jo Pearson", "Ada J. Pearson", "Ada"],
)
def test_news_with_another_name_is_not(ada: Person, write: Any, text: str) -> None:
    write(text=f"The chair is {text}.")
    assert find_news_about(ada) == []


def test_a_draft_is_not_listed(ada: Person, write: Any) -> None:
    write("Ada Pearson is quoted", live=False)
    assert find_news_about(ada) == []


def test_a_name_that_two_people_have_says_nothing(ada: Person, write: Any) -> None:
    write("Ada Pearson is chair")
    assert len(find_news_about(ada)) == 1
    PersonFactory(name="ada pearson")
    assert find_news_about(ada) == []


def test_news_that_quotes_comes_with_news_that_names_newest_first(
    site: SimpleNamespace, ada: Person, write: Any
) -> None:
    days = [datetime.date(2021, 1, day) for day in range(1, 13)]
    named = [write(f"Ada Pearson speaks on {day}", date=day) for day in days]
    quoting = write("Another matter", date=datetime.date(2021, 1, 20))
    QuotePageFactory(parent=quoting, speaker=ada)
    QuotePageFactory(parent=named[11], speaker=ada)
    assert find_news_about(ada) == [quoting, *named[:2:-1]]


def test_somebody_not_yet_saved_has_no_news(db: None) -> None:
    assert find_news_about(Person(name="Ada Pearson")) == []
