"""Template filters for download counts."""

from django import template
from django.db.models import QuerySet

from bhp_site.files.download_counts import annotate_downloads
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import DocumentVersion

register = template.Library()


@register.filter
def get_versions_with_downloads(document: SiteDocument) -> "QuerySet[DocumentVersion]":
    """Return the versions of `document`, the latest first, annotated with their download counts."""
    return annotate_downloads(document.versions.all())
