"""Entries of the checklist about links to other sites."""

from collections.abc import Iterator
from typing import Any

from bhp_site.core.admin.links import get_page_edit_url
from bhp_site.core.pages import BasePage
from bhp_site.core.publishing.checklist import ChecklistEntry

from .link_collector import get_external_links
from .models import LinkCheck


def check_links(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield an entry for each link that the link checker knows as broken; one if all work."""
    if not isinstance(draft, BasePage):
        return
    urls = get_external_links(draft)
    broken = list(LinkCheck.objects.broken().filter(url__in=urls)) if urls else []
    for link in broken:
        yield ChecklistEntry(
            f"Correct the link to {link.url}",
            is_required=False,
            is_done=False,
            url=get_page_edit_url(draft.pk),
            note=link.problem,
        )
    if urls and not broken:
        yield ChecklistEntry("No link known as broken", is_required=False, is_done=True)
