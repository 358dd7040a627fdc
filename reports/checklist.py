"""Entries of the checklist about a report."""

from collections.abc import Iterator
from typing import Any

from bhp_site.core.admin.field_links import get_field_url
from bhp_site.core.publishing.checklist import ChecklistEntry

from .models import ReportPage


def check_report(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield whether a report has a document to download."""
    if isinstance(draft, ReportPage):
        yield ChecklistEntry(
            "Document to download" if draft.visible_downloads else "Add the PDF of the report",
            is_required=True,
            is_done=bool(draft.visible_downloads),
            url=get_field_url(draft, "downloads"),
        )
