from django import template
from django.db.models import QuerySet

from bhp_site.files.download_counts import annotate_downloads
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import DocumentVersion

register = template.Library()


@register.filter
def get_versions_with_downloads(document: SiteDocument) -> "QuerySet[DocumentVersion]":
    """The versions of a file, the latest first, with how often each was downloaded."""
    return annotate_downloads(document.versions.all())
