"""The results that every visitor may see, computed from the page tree after every change.

Entries of the full-text index that are not here are not found, counted or suggested.
"""

import datetime
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.caching.timed_changes import get_last_change
from bhp_site.core.visibility import get_visible_pages, listed_q
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.collection_restrictions import get_restricted_paths
from bhp_site.themes.models import ThemePage
from news.calls import closed_q, open_q
from news.models import NewsPage
from partners.models import PartnerPage
from reports.models import ReportDownload, ReportPage

from .facets import FACETS, FacetContext
from .models import Entry
from .query import normalise_title

COLUMNS = ("pk", "page", "document", "number", "kind", "date", "partners", "themes", "title")
# Name and value of a facet.
Filter = tuple[str, str]


@dataclass
class VisibleResults:
    """All results that a search can have: each is a page, or a document that no report offers.

    The documents of a report belong to the result of the report. Results are numbered from the
    latest on.
    """

    # Key of each visible entry → number of its result.
    result_by_entry: dict[int, int] = field(default_factory=dict)
    # For each result, the keys of its entries in the order of chapters and pages.
    entries: list[list[int]] = field(default_factory=list)
    # For each result, the key of its page or else of its document.
    pages: list[int | None] = field(default_factory=list)
    documents: list[int | None] = field(default_factory=list)
    # Results with each value of each facet, and the value's label.
    results_by_filter: dict[Filter, set[int]] = field(default_factory=lambda: defaultdict(set))
    filter_labels: dict[Filter, str] = field(default_factory=dict)
    # Results that are ranked lower: see `matching.find`.
    withdrawn: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    # Results by their normalised title.
    results_by_title: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, entry: Any, context: FacetContext) -> None:
        """Add the result whose whole page or document is `entry`."""
        number = len(self.pages)
        self.pages.append(entry.page)
        self.documents.append(entry.document)
        self.entries.append([])
        self.results_by_title[normalise_title(entry.title)].add(number)
        for name, facet in FACETS.items():
            for value, label in facet.get_values(entry, context):
                self.results_by_filter[name, value].add(number)
                self.filter_labels[name, value] = label

    def get_results(self, entries: Iterable[int]) -> set[int]:
        """Return the numbers of the results to which `entries` belong, without hidden ones."""
        numbers = {*map(self.result_by_entry.get, entries)}
        return {number for number in numbers if number is not None}


_lock = threading.Lock()
# The version of the content, the time of its last change by itself, and the results of then.
_cached: tuple[tuple[int, float], VisibleResults] | None = None


def get_visible_results() -> VisibleResults:
    """Return the visible results, cached in this process until any content changes.

    The time at which a call opens or closes counts as such a change.
    """
    global _cached
    version = cache_version.current, get_last_change()
    if (cached := _cached) and cached[0] == version:
        return cached[1]
    with _lock:
        if _cached is None or _cached[0] != version:
            _cached = version, _compute_results()
        return _cached[1]


def _compute_results() -> VisibleResults:
    results = VisibleResults()
    entries = list(Entry.objects.order_by("pk").values_list(*COLUMNS, named=True))
    visible = {*get_visible_pages().values_list("pk", flat=True)}
    listed = {*get_visible_pages().filter(listed_q()).values_list("pk", flat=True)}
    reports = _get_reports({entry.document for entry in entries if entry.document})
    standalone = {document for document, report in reports.items() if report is None}
    whole = [
        entry
        for entry in entries
        if entry.number == 0 and (entry.page in visible or entry.document in standalone)
    ]
    whole.sort(key=lambda entry: (entry.date or datetime.date.min, entry.pk), reverse=True)
    calls: Any = NewsPage.objects
    context = FacetContext(
        _get_page_names(), {*calls.filter(open_q()).values_list("pk", flat=True)}
    )
    for entry in whole:
        results.add(entry, context)
    by_page = {page: number for number, page in enumerate(results.pages)}
    closed = {*calls.filter(closed_q()).values_list("pk", flat=True)}
    results.closed = {by_page[page] for page in closed if page in by_page}
    results.withdrawn = {by_page[page] for page in visible - listed if page in by_page}
    by_document = {document: number for number, document in enumerate(results.documents)}
    for entry in entries:
        page = entry.page or reports.get(entry.document)
        number = by_page.get(page) if page else by_document.get(entry.document)
        if number is not None:
            results.result_by_entry[entry.pk] = number
            results.entries[number].append(entry.pk)
    return results


def _get_reports(documents: set[int]) -> dict[int, int | None]:
    """Return the latest report that offers each public document; None if no report does."""
    downloads = ReportDownload.objects.filter(
        page__in=ReportPage.objects.visible(), document__withdrawn_reason=""
    )
    for path in get_restricted_paths():
        downloads = downloads.exclude(document__collection__path__startswith=path)
    reports: dict[int, int | None] = {}
    for document, page in downloads.order_by("-page__date", "page").values_list("document", "page"):
        reports.setdefault(document, page)
    others = SiteDocument.objects.filter(pk__in=documents - reports.keys(), withdrawn_reason="")
    return reports | {document.pk: None for document in others if document.is_public}


def _get_page_names() -> dict[int, tuple[str, str]]:
    """Return slug and title of the visible partners and themes by their keys."""
    return {
        pk: (slug, title)
        for model in (PartnerPage, ThemePage)
        for pk, slug, title in model.objects.visible().values_list("pk", "slug", "title")
    }
