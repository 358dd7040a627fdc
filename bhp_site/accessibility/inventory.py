"""The files that visitors can have, and what the preflight has found wrong with them."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.caching.process_cache import cached_until_change
from bhp_site.core.text.dates import get_last_day
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import get_public_keys
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.pdf.findings import ExplainedFinding, explain_findings
from bhp_site.pdf.messages import ADVICE, FINDING_MESSAGES
from news.models import NewsPage
from reports.chapters import Chapter
from reports.edition import EDITION_PATH
from reports.models import ReportPage

# Files published before this day are no business of the regulations (regulation 4(2)(a)).
SINCE = datetime.date(2018, 9, 23)
# What is a fault, rather than advice.
COUNTED = {code for code, kind in FINDING_MESSAGES.items() if kind.level != ADVICE}


@dataclass(frozen=True)
class FileProblems:
    """A public file, and what keeps people from using it, what matters most first.

    `codes` are those of `problems`; `pages`: title and address of each page that offers it;
    `copies`: label and address of what has the same in a form that more people can use.
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
    checked: datetime.date
    pages: list[tuple[str, str]]
    copies: list[tuple[str, str]]
    is_exempt: bool

    @property
    def is_serious(self) -> bool:
        """Whether some people cannot use it at all."""
        return any(problem.serious for problem in self.problems)


@dataclass(frozen=True)
class Inventory:
    """The keys of all public files, how many of them a machine looks into, and those at fault."""

    public: frozenset[int]
    looked_at: int
    found: list[FileProblems]

    @cached_property
    def within(self) -> list[FileProblems]:
        """Those that the regulations are about."""
        return [file for file in self.found if not file.is_exempt]

    @cached_property
    def exempt(self) -> list[FileProblems]:
        return [file for file in self.found if file.is_exempt]


def inventory() -> Inventory:
    """The files as they are now."""
    found: Inventory = cached_until_change("accessibility:inventory", _make)
    return found


def _make() -> Inventory:
    public = get_public_keys(SiteDocument)
    pages = Page.objects.in_bulk({pk for found in public.values() for pk in found})
    old = _published_before(pages)
    online = {*Chapter.objects.filter(report__in=pages).values_list("report", flat=True)}
    files = [
        _with_problems(document, [pages[pk] for pk in public[document.pk]], old, online)
        for document in _documents().filter(pk__in=public)
    ]
    at_fault = sorted(
        (file for file in files if file.problems),
        key=lambda file: (not file.is_serious, file.title.casefold(), file.key),
    )
    return Inventory(
        public=frozenset(file.key for file in files),
        looked_at=sum(file.url.endswith(".pdf") for file in files),
        found=at_fault,
    )


def _documents() -> Any:
    """Files that are there, each with the day its current version was looked at."""
    current = DocumentVersion.objects.filter(
        document=OuterRef("pk"), number=OuterRef("version_number")
    )
    documents = SiteDocument.objects.filter(withdrawn_reason="")
    documents = documents.annotate(checked_at=Subquery(current.values("created_at")[:1]))
    return documents.prefetch_related("accessible_copies").defer("outline")


def _with_problems(
    document: Any, pages: list[Page], old: set[int], online: set[int]
) -> FileProblems:
    """`old` and `online`: keys of pages published before the regulations, and of reports that can
    be read without their files."""
    return FileProblems(
        key=document.pk,
        title=document.title,
        slug=document.slug,
        url=document.url,
        format_name=document.format_name,
        file_size=document.file_size,
        problems=explain_findings(row for row in document.findings if row["code"] in COUNTED),
        codes=sorted(row["code"] for row in document.findings if row["code"] in COUNTED),
        reason=document.accessibility_reason,
        checked=timezone.localdate(document.checked_at or document.created_at),
        pages=[(page.title, page.url) for page in pages],
        copies=[
            *(("Read online", f"{page.url}{EDITION_PATH}/") for page in pages if page.pk in online),
            *(
                (one.display_label, one.copy.url)
                for one in document.accessible_copies.all()
                if not one.copy.withdrawn_reason
            ),
        ],
        # What has taken a file's place has been published since.
        is_exempt=document.version_number == 1 and any(page.pk in old for page in pages),
    )


def _published_before(pages: dict[int, Page]) -> set[int]:
    """Keys of those `pages` that had certainly been published when the regulations came."""
    dated = [
        *ReportPage.objects.filter(pk__in=pages, date__lt=SINCE).values_list(
            "pk", "date", "date_precision"
        ),
        *NewsPage.objects.filter(pk__in=pages, date__lt=SINCE).values_list(
            "pk", "date", "date_precision"
        ),
    ]
    return {pk for pk, date, precision in dated if get_last_day(date, precision) < SINCE}
