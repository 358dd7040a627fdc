"""What several tests of news share: bodies, and an announcement with its quotes live."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from bhp_site.files.models import SiteDocument
from news.models import NewsPage, QuotePage
from reports.models import ReportPage
from tests.factories import SiteDocumentFactory


@pytest.fixture
def document(db: None) -> SiteDocument:
    return SiteDocumentFactory(title="Summary in Welsh")


@pytest.fixture
def published(release: NewsPage) -> NewsPage:
    """The release, published with all that goes with it."""
    release.get_latest_revision().publish()
    return NewsPage.objects.get(pk=release.pk)


@pytest.fixture
def unfinished(release: NewsPage) -> NewsPage:
    """The release, whose report has lost its summary."""
    report = ReportPage.objects.get(pk=release.report_id)
    report.summary = ""
    report.save_revision(clean=False)
    return release


def reload(page: Any) -> Any:
    """`page` as the database holds it now."""
    return type(page).objects.get(pk=page.pk)


def list_quotes(news: NewsPage) -> list[QuotePage]:
    return list(QuotePage.objects.child_of(news).order_by("path"))


def get_quote(news: NewsPage) -> QuotePage:
    (quote,) = list_quotes(news)
    return quote


def rewrite(news: NewsPage, *quotes: dict[str, Any], user: Any = None) -> NewsPage:
    """Publish `news` with a body of these quotes; a quote with an `id` keeps it."""
    news = reload(news)
    news.body = [
        {"type": "quote", "value": {k: v for k, v in quote.items() if k != "id"}}
        | ({"id": quote["id"]} if "id" in quote else {})
        for quote in quotes
    ]
    news.save_revision(user=user).publish(user=user)
    return reload(news)


def get_block(news: NewsPage, place: int = 0) -> dict[str, Any]:
    """The quote in the body as `rewrite` takes it."""
    block = reload(news).quote_blocks[place]
    return {
        "id": block.id,
        "speaker": block.value["speaker"].pk,
        "words": block.value["words"],
        "role": block.value["role"],
        "organisation": block.value["organisation"],
        "name": block.value["name"],
    }


def build_quote_by(person: Any, words: str = "Some words.") -> dict[str, Any]:
    return {"speaker": person.pk, "words": words}


def publish_entries(page: Any) -> list[PageLogEntry]:
    """Log entries of `page` going live, by hand or at its time."""
    actions = ("wagtail.publish", "wagtail.publish.scheduled")
    return list(PageLogEntry.objects.filter(page=page.pk, action__in=actions))


def get_tomorrow() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=1)
