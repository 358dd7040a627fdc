"""Find documents that have the same bytes as an upload, and where they are in use."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.admin.object_permissions import get_choosable

from ..models import SiteDocument
from ..versions.models import DocumentVersion


@dataclass(frozen=True)
class DuplicateVersion:
    """A version with the same bytes as an upload, of a document that `user` may choose."""

    version: DocumentVersion
    user: Any

    @property
    def document(self) -> SiteDocument:
        """Return the document of the version."""
        return self.version.document

    @property
    def is_current(self) -> bool:
        """Return True if the document still has these bytes."""
        return self.version.number == self.document.version_number

    @property
    def places(self) -> Iterator[tuple[str, str]]:
        """Yield name and edit URL of each object that uses it; "" if `user` may not edit it."""
        for place, _ in self.document.get_usage():
            url = get_edit_url(place, self.user)
            yield (str(place), url) if url else (f"a private {place._meta.verbose_name}", "")


def find_duplicates(digest: str, user: Any) -> list[DuplicateVersion]:
    """Return the latest version with this SHA-256 of each document that `user` may choose."""
    documents = get_choosable(user, SiteDocument)
    versions = DocumentVersion.objects.filter(sha256=digest, document__in=documents)
    latest = {v.document_id: v for v in versions.select_related("document").order_by("number")}
    return [DuplicateVersion(version, user) for version in latest.values()]
