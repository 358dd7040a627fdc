import pytest
from wagtail.models import Page

from news.models import NewsPage
from tests.factories import NewsPageFactory


@pytest.fixture
def faulty(news_index: Page) -> NewsPage:
    """A published announcement with one fault in its body, kept as a revision as well."""
    page = NewsPageFactory(parent=news_index, title="A clinic for all")
    page.body = [("paragraph", "<p>It is due to open in 2022.</p>")]
    page.save_revision().publish()
    return page
