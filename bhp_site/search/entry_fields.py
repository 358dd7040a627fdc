"""The fields of the search entries of pages and documents: searchable text and facets."""

import datetime
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from bhp_site.core.pages import BasePage
from bhp_site.files.models import SiteDocument
from bhp_site.files.page_text import PageText
from bhp_site.funding.models import get_funding
from bhp_site.funding.pages import FundedPageMixin
from bhp_site.themes.models import ThemePage
from news.models import NewsPage, QuotePage
from partners.models import PartnerPage, PersonPage
from reports.models import ReportPage

# Kinds of results and their labels.
KINDS = {
    "report": "Reports",
    "news": "News",
    "file": "Documents",
    "partner": "Partners",
    "person": "People",
    "quote": "Quotes",
    "page": "Pages",
}
KIND_BY_PAGE_TYPE: dict[type[BasePage], str] = {
    ReportPage: "report",
    NewsPage: "news",
    PartnerPage: "partner",
    PersonPage: "person",
    QuotePage: "quote",
}
# Of one field; PostgreSQL limits a row's tsvector to a megabyte.
MAX_FIELD_CHARACTERS = 200_000

# Ligatures such as “ﬁ”, which the text of a PDF can contain.
LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}

Fields = dict[str, Any]


def get_page_fields(page: BasePage) -> Fields:
    """Return the fields of the entry of `page`, an instance of its specific class."""
    return {
        "kind": KIND_BY_PAGE_TYPE.get(type(page), "page"),
        "date": getattr(page, "date", None),
        "partners": sorted(_get_partners(page)),
        "themes": sorted(_get_themes(page)),
        # A quote's title is the beginning of its text, and would rank it above pages on a subject.
        "title": "" if isinstance(page, QuotePage) else clean_text(page.title),
        "names": clean_text(" | ".join(filter(None, _get_names(page)))),
        "summary": clean_text(page.description),
        "text": clean_text(page.own_text if isinstance(page, ReportPage) else page.text),
        "context": "",
    }


def get_page_entries(page: BasePage) -> Iterator[tuple[int, Fields]]:
    """Yield number and fields of each entry: 0 for the page itself, from 1 for its chapters."""
    whole = get_page_fields(page)
    yield 0, whole
    for number, chapter in enumerate(page.edition if isinstance(page, ReportPage) else [], 1):
        part = {
            "title": clean_text(chapter.title),
            "names": "",
            "summary": "",
            "text": clean_text(chapter.text),
            "context": page.title,
        }
        yield number, whole | part


def get_document_entries(document: SiteDocument) -> Iterator[tuple[int, Fields]]:
    """Yield number and fields of each entry: 0 for the document itself, from 1 for its pages.

    A withdrawn document has none.
    """
    if document.withdrawn_reason:
        return
    whole = Fields(
        kind="file",
        date=get_document_date(document),
        partners=[],
        themes=[],
        title=clean_text(document.title),
        names=clean_text(document.pdf_title) if document.pdf_title != document.title else "",
        summary="",
        text="",
        context="",
    )
    yield 0, whole
    texts = PageText.objects.filter(
        version__document=document, version__number=document.version_number
    )
    for number, text in texts.values_list("number", "text"):
        part = {"title": "", "names": "", "text": clean_text(text), "context": document.title}
        yield number, whole | part


def get_document_date(document: SiteDocument) -> datetime.date:
    """Return the date on which the current version of `document` was published."""
    version = document.current_version
    return version.publication.date if version else timezone.localdate(document.created_at)


def clean_text(text: str) -> str:
    """Return `text` shortened for the index, with letters in place of ligatures."""
    return text[:MAX_FIELD_CHARACTERS].translate(LIGATURES)


def _get_names(page: BasePage) -> Iterator[str]:
    """Yield names other than the title by which the page can be found."""
    if isinstance(page, PartnerPage):
        yield page.short_name
        yield from page.names
        yield from (event.former_name for event in page.dates)
    elif isinstance(page, PersonPage) and page.person_id:
        yield str(page.person)
    elif isinstance(page, ThemePage):
        yield from (former.name for former in page.former_names.all())
    elif isinstance(page, FundedPageMixin):
        for row in get_funding(page):
            yield str(row.funder)
            yield row.award.label if row.award else ""


def _get_partners(page: BasePage) -> set[int]:
    if isinstance(page, PartnerPage):
        return {page.pk}
    if isinstance(page, NewsPage | ReportPage):
        return {*page.partners.values_list("pk", flat=True)}
    if isinstance(page, QuotePage):
        return {page.partner_id} if page.partner_id else set()
    if isinstance(page, PersonPage):
        return {role.partner_id for role in page.roles if role.partner_id}
    return set()


def _get_themes(page: BasePage) -> set[int]:
    if isinstance(page, ThemePage):
        return {page.pk}
    if isinstance(page, NewsPage | ReportPage | PartnerPage):
        return {*page.themes.values_list("pk", flat=True)}
    return set()
