"""Entries of the checklist about a report."""

from collections.abc import Iterator
from typing import Any

from bhp_site.core.admin.field_links import get_field_url
from bhp_site.core.publishing.checklist import ChecklistEntry

from .licence_checks import get_licence_refusal
from .models import ReportPage


def check_report(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield whether a report has a document to download, and what to do about its licence."""
    if isinstance(draft, ReportPage):
        yield ChecklistEntry(
            "Document to download" if draft.visible_downloads else "Add the PDF of the report",
            is_required=True,
            is_done=bool(draft.visible_downloads),
            url=get_field_url(draft, "downloads"),
        )
        if refusal := get_licence_refusal(draft):
            yield ChecklistEntry(
                "Choose a licence, or say why there is none",
                is_required=True,
                is_done=False,
                url=get_field_url(draft, "licence"),
                note=str(refusal),
            )
