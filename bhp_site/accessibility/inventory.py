"""The public documents, and the accessibility problems that were found in them."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.caching.process_cache import cached_until_change
from bhp_site.core.text.dates import get_last_day
from bhp_site.core.text.sizes import format_size
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import get_public_keys
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.pdf.findings import ExplainedFinding, explain_findings
from bhp_site.pdf.messages import FAULT_CODES
from news.models import NewsPage
from reports.chapters import Chapter
from reports.edition import EDITION_PATH
from reports.models import ReportPage

# Documents published before this day are exempt: the Public Sector Bodies Accessibility
# Regulations 2018, regulation 4(2)(a).
REGULATIONS_DATE = datetime.date(2018, 9, 23)


@dataclass(frozen=True)
class DocumentProblems:
    """A public document and its problems, the most serious first.

    `codes` are those of `problems`. `pages` are title and address of each page that offers the
    document; `copies` label and address of each accessible copy and web version.
    """

    key: int
    title: str
    slug: str
    url: str
    format_name: str
    file_size: int
    problems: list[ExplainedFinding]
    codes: list[str]
    reason: str
    checked_on: datetime.date
    pages: list[tuple[str, str]]
    copies: list[tuple[str, str]]
    is_exempt: bool

    @property
    def is_serious(self) -> bool:
        """Return True if a problem keeps some people from using the document at all."""
        return any(problem.serious for problem in self.problems)


@dataclass(frozen=True)
class Inventory:
    """The keys of all public documents, how many were checked, and those with problems."""

    public: frozenset[int]
    checked_count: int
    documents: list[DocumentProblems]

    @cached_property
    def in_scope(self) -> list[DocumentProblems]:
        """Return the documents to which the regulations apply."""
        return [document for document in self.documents if not document.is_exempt]

    @cached_property
    def exempt(self) -> list[DocumentProblems]:
        """Return the documents to which the regulations do not apply."""
        return [document for document in self.documents if document.is_exempt]


def get_inventory() -> Inventory:
    """Return the current inventory, cached until any content changes."""
    inventory: Inventory = cached_until_change("accessibility:inventory", _build_inventory)
    return inventory


def _build_inventory() -> Inventory:
    public = get_public_keys(SiteDocument)
    pages = Page.objects.in_bulk({pk for keys in public.values() for pk in keys})
    old = _get_pages_before_regulations(pages)
    online = {*Chapter.objects.filter(report__in=pages).values_list("report", flat=True)}
    documents = [
        _build_problems(document, [pages[pk] for pk in public[document.pk]], old, online)
        for document in _get_documents().filter(pk__in=public)
    ]
    with_problems = sorted(
        (document for document in documents if document.problems),
        key=lambda document: (not document.is_serious, document.title.casefold(), document.key),
    )
    return Inventory(
        public=frozenset(document.key for document in documents),
        checked_count=sum(document.url.endswith(".pdf") for document in documents),
        documents=with_problems,
    )


def _get_documents() -> Any:
    """Return the documents that are not withdrawn, with the date of their current version."""
    current = DocumentVersion.objects.filter(
        document=OuterRef("pk"), number=OuterRef("version_number")
    )
    documents = SiteDocument.objects.filter(withdrawn_reason="")
    documents = documents.annotate(checked_at=Subquery(current.values("created_at")[:1]))
    return documents.prefetch_related("accessible_copies").defer("outline")


def _build_problems(
    document: Any, pages: list[Page], old: set[int], online: set[int]
) -> DocumentProblems:
    """Return a document with its problems.

    `old` are the keys of pages published before the regulations, `online` those of reports with a
    web version.
    """
    return DocumentProblems(
        key=document.pk,
        title=document.title,
        slug=document.slug,
        url=document.url,
        format_name=document.format_name,
        file_size=document.file_size,
        problems=explain_findings(row for row in document.findings if row["code"] in FAULT_CODES),
        codes=sorted(row["code"] for row in document.findings if row["code"] in FAULT_CODES),
        reason=document.accessibility_reason,
        checked_on=timezone.localdate(document.checked_at or document.created_at),
        pages=[(page.title, page.url) for page in pages],
        copies=[
            *(("Read online", f"{page.url}{EDITION_PATH}/") for page in pages if page.pk in online),
            *(
                (_describe_copy(copy), copy.copy.url)
                for copy in document.accessible_copies.all()
                if not copy.copy.withdrawn_reason
            ),
        ],
        # A replaced document was published after the regulations.
        is_exempt=document.version_number == 1 and any(page.pk in old for page in pages),
    )


def _describe_copy(copy: Any) -> str:
    """Return the label of an accessible copy with its format and size."""
    return f"{copy.display_label} ({copy.copy.format_name}, {format_size(copy.copy.file_size)})"


def _get_pages_before_regulations(pages: dict[int, Page]) -> set[int]:
    """Return the keys of those `pages` that were certainly published before the regulations."""
    dated = [
        row
        for model in (ReportPage, NewsPage)
        for row in model.objects.filter(pk__in=pages, date__lt=REGULATIONS_DATE).values_list(
            "pk", "date", "date_precision"
        )
    ]
    return {pk for pk, date, precision in dated if get_last_day(date, precision) < REGULATIONS_DATE}
