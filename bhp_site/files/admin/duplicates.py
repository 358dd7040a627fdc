"""Whether bytes have been uploaded before, and where they are in use."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.admin.admin_url_finder import AdminURLFinder

from bhp_site.core.admin.object_permissions import get_choosable

from ..models import SiteDocument
from ..versions.models import DocumentVersion


@dataclass(frozen=True)
class DuplicateVersion:
    """A version that `user` may choose the file of; what it is shown with."""

    version: DocumentVersion
    user: Any

    @property
    def document(self) -> SiteDocument:
        return self.version.document

    @property
    def is_current(self) -> bool:
        return self.version.number == self.document.version_number

    @property
    def places(self) -> Iterator[tuple[str, str]]:
        """Names of what refers to the file, and where it is edited: "" where `user` may not."""
        finder = AdminURLFinder(self.user)
        for place, _ in self.document.get_usage():
            url = finder.get_edit_url(place)
            yield (str(place), url) if url else (f"a private {place._meta.verbose_name}", "")


def find_duplicates(digest: str, user: Any) -> list[DuplicateVersion]:
    """The files that have, or had, the bytes of this SHA-256 and that `user` may choose."""
    files = get_choosable(user, SiteDocument)
    versions = DocumentVersion.objects.filter(sha256=digest, document__in=files)
    latest = {v.document_id: v for v in versions.select_related("document").order_by("number")}
    return [DuplicateVersion(version, user) for version in latest.values()]
