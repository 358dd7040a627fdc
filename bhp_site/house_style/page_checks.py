"""Check pages against the house style."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import models
from django.utils import timezone
from wagtail.models import Page, Revision, Site

from bhp_site.core.admin.checklist_panel import is_written_by_editors
from bhp_site.core.admin.page_policy import page_policy
from bhp_site.core.models import SiteSettings
from partners.membership import get_members

from .checker import StyleFinding, check_text_blocks
from .known_names import KnownNames
from .models import Dismissal, HouseStyleSettings
from .text_extraction import extract_text_blocks, get_text_relations

PAGES_PER_BATCH = 100
# Of the pages edited last, so many are checked for a screen, whatever the size of the site.
PAGES_PER_SCREEN = 100


@dataclass(frozen=True)
class PageFinding:
    """A finding and its page."""

    page: Page
    finding: StyleFinding


def get_known_names(site: Site) -> KnownNames:
    """Return the names and acronyms of `site`; read them once for all pages to be checked."""
    own = SiteSettings.for_site(site)
    listed = HouseStyleSettings.for_site(site).acronyms.split()
    return KnownNames(
        own=own.name,
        members=tuple(
            tuple(
                filter(
                    None,
                    (
                        member.name,
                        member.short_name,
                        *member.other_names,
                        *(name for name, _ in member.former_names),
                    ),
                )
            )
            for member in get_members()
        ),
        acronyms=frozenset([own.short_name, *listed]),
    )


def check_page(page: Page, names: KnownNames) -> list[StyleFinding]:
    """Return the findings on `page`, a specific page or draft, that nobody has dismissed."""
    dismissed = Dismissal.objects.filter(page_id=page.pk).values_list("code", "text")
    return _check_page(page, names, set(dismissed))


def find_draft_findings(draft: Page) -> list[StyleFinding]:
    """Return the findings on `draft`, computed once for each object: two panels show them."""
    findings: list[StyleFinding] | None = getattr(draft, "_style_findings", None)
    if findings is None:
        site = draft.get_site() or Site.objects.get(is_default_site=True)
        findings = check_page(draft, get_known_names(site))
        draft._style_findings = findings
    return findings


def list_pages_to_check(user: Any) -> models.QuerySet[Page]:
    """Return the pages that `user` may edit, the last edited first."""
    pages = page_policy.instances_user_has_permission_for(user, "change").filter(depth__gt=1)
    return pages.order_by(models.F("latest_revision_created_at").desc(nulls_last=True), "-pk")


def check_pages(keys: Sequence[int], names: KnownNames) -> Iterator[PageFinding]:
    """Yield the findings on the latest drafts of the pages with these keys, in their order.

    They are read in batches to save queries.
    """
    for start in range(0, len(keys), PAGES_PER_BATCH):
        chunk = keys[start : start + PAGES_PER_BATCH]
        dismissed: dict[int, set[tuple[str, str]]] = {}
        rows = Dismissal.objects.filter(page_id__in=chunk)
        for page_id, code, text in rows.values_list("page_id", "code", "text"):
            dismissed.setdefault(page_id, set()).add((code, text))
        for page in _get_drafts(chunk):
            for finding in _check_page(page, names, dismissed.get(page.pk, set())):
                yield PageFinding(page, finding)


def _check_page(
    page: Page, names: KnownNames, dismissed: set[tuple[str, str]]
) -> list[StyleFinding]:
    return [
        finding
        for finding in check_text_blocks(
            list(extract_text_blocks(page)), names, timezone.localdate()
        )
        if (finding.code, finding.text) not in dismissed
    ]


def _get_drafts(keys: Sequence[int]) -> list[Page]:
    """Return the latest drafts of the pages with these keys, in their order, with related rows."""
    pages = [
        page for page in Page.objects.filter(pk__in=keys).specific() if is_written_by_editors(page)
    ]
    pages.sort(key=lambda page: page.content_type_id)
    for _, group in groupby(pages, key=type):
        same_type = list(group)
        models.prefetch_related_objects(same_type, *get_text_relations(type(same_type[0])))
    drafts = [page.latest_revision_id for page in pages if page.has_unpublished_changes]
    contents = Revision.objects.in_bulk([key for key in drafts if key])
    positions = {key: position for position, key in enumerate(keys)}
    return sorted(
        (
            page.with_content_json(contents[page.latest_revision_id].content)
            if page.has_unpublished_changes and page.latest_revision_id in contents
            else page
            for page in pages
        ),
        key=lambda page: positions[page.pk],
    )
