"""The health check of stored documents and images."""

from bhp_site.core.models import SiteImage

from .versions.models import DocumentVersion


def check_media() -> bool:
    """Return True if the first and the last stored document and image are there.

    They are missing if the folder of media is not mounted, or another folder is mounted.
    """
    versions, images = DocumentVersion.objects.order_by("pk"), SiteImage.objects.order_by("pk")
    stored = (versions.first(), versions.last(), images.first(), images.last())
    return all(item.file.storage.exists(str(item.file.name)) for item in stored if item)
