"""The dashboard's group of files that wait for their scan, or have a virus."""

from typing import Any

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.links import get_edit_url

from ..versions.models import DocumentVersion
from .records import FileScan
from .scanning import find_instances


class ScansGroup(WaitingGroup):
    """Files that are not served, for those who may edit them; hidden while there are none."""

    heading = "Virus scanner"
    slug = "virus-scanner"
    order = 5
    template_name = "admin/scans_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the files that wait and those with a virus, with links to their forms."""
        user = parent_context["request"].user
        return {
            "infected": _list(FileScan.State.INFECTED, user),
            "waiting": _list(FileScan.State.WAITING, user),
        }


def _list(state: str, user: Any) -> list[tuple[Any, str]]:
    """Return document or image and URL for each file in a state that `user` may edit."""
    objects = {_get_object(instance) for instance in find_instances(state)} - {None}
    links = ((instance, get_edit_url(instance, user)) for instance in objects)
    return sorted(
        ((instance, url) for instance, url in links if url), key=lambda pair: pair[0].title
    )


def _get_object(instance: Any) -> Any:
    """Return the image, or the document whose current version this is; None for earlier ones."""
    if not isinstance(instance, DocumentVersion):
        return instance
    document = instance.document
    return document if instance.number == document.version_number else None
