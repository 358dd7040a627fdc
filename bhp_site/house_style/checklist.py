"""The entry of the checklist about the house style."""

from collections.abc import Iterator
from typing import Any

from bhp_site.core.admin.links import get_page_edit_url
from bhp_site.core.pages import BasePage
from bhp_site.core.publishing.checklist import ChecklistEntry

from .page_checks import find_draft_findings


def check_house_style(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield how many findings a page has. The panel “House style” of its editor lists them."""
    if not isinstance(draft, BasePage):
        return
    findings = find_draft_findings(draft)
    titles = dict.fromkeys(finding.title for finding in findings)
    yield ChecklistEntry(
        "Read the findings of the house style" if findings else "House style",
        is_required=False,
        is_done=not findings,
        url=get_page_edit_url(draft.pk),
        note="; ".join(titles) + "." if findings else "",
    )
