"""Structured data about a report (schema.org)."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from bhp_site.core.schema import get_organisation_id
from bhp_site.files.schema import build_media_objects
from bhp_site.funding.statements import build_funding_schema

from .citations import parse_authors

if TYPE_CHECKING:
    from .models import ReportPage

# schema.org has no property for it (https://www.dublincore.org/specifications/dublin-core/dcmi-terms/).
DUBLIN_CORE = "http://purl.org/dc/terms/"


def get_page_id(page: "ReportPage", request: HttpRequest) -> str:
    """Return the `@id` of a report's node on its own page."""
    return f"{page.get_full_url(request)}#page"


def build_report_schema(
    page: "ReportPage", node: dict[str, Any], request: HttpRequest
) -> dict[str, Any]:
    """Return `node`, the schema.org node of any page, with the properties of a report added."""
    node = node | {
        "datePublished": page.published_iso,
        "inLanguage": page.language,
        "publisher": {"@id": get_organisation_id(request)},
        "author": _build_authors(page, request),
        "encoding": build_media_objects(page.visible_downloads, request),
        **build_funding_schema(page.funding_statements),
    }
    if licence := page.effective_licence:
        node["license"] = licence.url
    if page.period_start and page.period_end:
        node["temporalCoverage"] = f"{page.period_start:%Y-%m}/{page.period_end:%Y-%m}"
    if page.main_document and page.main_document.pages:
        node["numberOfPages"] = page.main_document.pages
    if page.successor:
        node.setdefault("creativeWorkStatus", "Superseded")
        node[f"{DUBLIN_CORE}isReplacedBy"] = {"@id": get_page_id(page.successor, request)}
    if page.predecessors:
        node[f"{DUBLIN_CORE}replaces"] = [
            {"@id": get_page_id(report, request)} for report in page.predecessors
        ]
    if page.series:
        node["isPartOf"] = {"@type": "CreativeWorkSeries", "name": page.series.name}
    if page.report_number:
        node["reportNumber"] = page.report_number
    if page.isbn:
        node["isbn"] = page.isbn
    if page.doi:
        node["sameAs"] = f"https://doi.org/{page.doi}"
    if page.edition:
        base = page.get_full_url(request) or ""
        node["hasPart"] = [
            page.build_chapter_schema(base, position, chapter)
            for position, chapter in enumerate(page.edition, 1)
        ]
    return node


def _build_authors(page: "ReportPage", request: HttpRequest) -> Any:
    authors = [
        {"@type": "Person", "familyName": author.family, "givenName": author.given}
        if author.given
        else {"@type": "Organization", "name": author.family}
        for author in parse_authors(page.authors)
    ]
    return authors or {"@id": get_organisation_id(request)}
