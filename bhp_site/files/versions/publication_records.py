"""Record when a version became public: its default publication date."""

from typing import Any

from django.db.models import F
from django.utils import timezone

from bhp_site.core.caching.invalidation import send_content_changed

from ..models import SiteDocument
from ..permissions.public_access import get_public_keys, is_public
from .models import DocumentVersion

# Up to this number, checking documents one by one is faster than finding all public ones.
MAX_INDIVIDUAL_CHECKS = 10


def record_publications(**kwargs: Any) -> None:
    """Set `public_at` of current versions that have become public (a receiver and a job)."""
    versions = DocumentVersion.objects.filter(
        public_at=None, withdrawn_at=None, number=F("document__version_number")
    ).select_related("document")
    waiting = {version.document_id: version for version in versions}
    if len(waiting) <= MAX_INDIVIDUAL_CHECKS:
        public = [pk for pk, version in waiting.items() if is_public(version.document)]
    else:
        public = list(waiting.keys() & get_public_keys(SiteDocument).keys())
    for pk in public:
        version = waiting[pk]
        version.public_at = timezone.now()
        version.save(update_fields=["public_at"])
        if version.number > 1:
            # Its publication date has changed, which search shows.
            send_content_changed(version.document, "publish")
