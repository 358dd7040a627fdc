"""What of a page and of a file can be found, and by which choices it can be narrowed down."""

import datetime
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from bhp_site.core.pages import BasePage
from bhp_site.files.models import SiteDocument
from bhp_site.files.page_text import PageText
from bhp_site.themes.models import ThemePage
from news.models import NewsPage, QuotePage
from partners.models import PartnerPage, PersonPage
from reports.models import ReportPage

# What visitors may choose, in the order they are offered in.
KINDS = {
    "report": "Reports",
    "news": "News",
    "file": "Files",
    "partner": "Partners",
    "person": "People",
    "quote": "Quotes",
    "page": "Pages",
}
OF_TYPE: dict[type[BasePage], str] = {
    ReportPage: "report",
    NewsPage: "news",
    PartnerPage: "partner",
    PersonPage: "person",
    QuotePage: "quote",
}
# Characters of one entry; PostgreSQL's index of a row ends at a million bytes.
MOST = 200_000

# Letters that fonts join, as PDFs give them.
LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}

Facts = dict[str, Any]


def of_page(page: BasePage) -> Facts:
    """The fields of the entry of a specific `page`."""
    return {
        "kind": OF_TYPE.get(type(page), "page"),
        "date": getattr(page, "published_date", None) or getattr(page, "date", None),
        "partners": sorted(_partners(page)),
        "themes": sorted(_themes(page)),
        # A quote's title is the beginning of its words: others are about them, it only says them.
        "title": "" if isinstance(page, QuotePage) else readable(page.title),
        "names": readable(" | ".join(filter(None, _names(page)))),
        "summary": readable(page.description),
        "text": readable(page.own_text if isinstance(page, ReportPage) else page.text),
        "context": "",
    }


def parts_of(page: BasePage) -> Iterator[tuple[int, Facts]]:
    """0 for a specific `page` as a whole, and numbers of chapters, with their entries' fields."""
    whole = of_page(page)
    yield 0, whole
    for number, chapter in enumerate(page.edition if isinstance(page, ReportPage) else [], 1):
        yield (
            number,
            whole
            | {
                "title": readable(chapter.title),
                "names": "",
                "summary": "",
                "text": readable(chapter.text),
                "context": page.title,
            },
        )


def of_file(document: SiteDocument) -> Iterator[tuple[int, Facts]]:
    """Page numbers, 0 for the file as a whole, with the fields of their entries."""
    whole = Facts(
        kind="file",
        date=file_date(document),
        partners=[],
        themes=[],
        title=readable(document.title),
        names=readable(document.pdf_title) if document.pdf_title != document.title else "",
        summary="",
        text="",
        context="",
    )
    if document.withdrawn_reason:
        return
    yield 0, whole
    texts = PageText.objects.filter(
        version__document=document, version__number=document.version_number
    )
    for number, text in texts.values_list("number", "text"):
        yield (
            number,
            whole
            | {
                "title": "",
                "names": "",
                "text": readable(text),
                "context": document.title,
            },
        )


def file_date(document: SiteDocument) -> datetime.date:
    """Return when the current version of `document` was published."""
    version = document.current_version
    return version.publication.date if version else timezone.localdate(document.created_at)


def readable(text: str) -> str:
    """What an index bears of `text`, letter by letter."""
    return text[:MOST].translate(LIGATURES)


def _names(page: BasePage) -> Iterator[str]:
    """Names beside the title that lead to it as well."""
    if isinstance(page, PartnerPage):
        yield page.short_name
        yield from (other.name for other in page.names)
        yield from (event.former_name for event in page.dates)
    elif isinstance(page, PersonPage) and page.person_id:
        yield str(page.person)
    elif isinstance(page, ThemePage):
        yield from (former.name for former in page.former_names.all())


def _partners(page: BasePage) -> set[int]:
    if isinstance(page, PartnerPage):
        return {page.pk}
    if isinstance(page, NewsPage | ReportPage):
        return {*page.partners.values_list("pk", flat=True)}
    if isinstance(page, QuotePage):
        return {page.partner_id} if page.partner_id else set()
    if isinstance(page, PersonPage):
        return {role.partner_id for role in page.roles if role.partner_id}
    return set()


def _themes(page: BasePage) -> set[int]:
    if isinstance(page, ThemePage):
        return {page.pk}
    if isinstance(page, NewsPage | ReportPage | PartnerPage):
        return {theme.pk for theme in page.themes.all()}
    return set()
