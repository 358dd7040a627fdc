import pytest
from django.core.files.base import ContentFile
from wagtail.models import Collection, Page, Site

from bhp_site.core.models import SiteSettings
from bhp_site.files.models import SiteDocument

from ..factories import SiteDocumentFactory
from ..roles import make_collection
from .uploading import BAD


@pytest.fixture
def file(db: None) -> SiteDocument:
    """An untagged PDF, of which nobody has said why it is offered."""
    return SiteDocumentFactory(
        title="The scan", file=ContentFile(BAD, "scan.pdf"), accessibility_reason=""
    )


@pytest.fixture
def public_collection(home: Page) -> Collection:
    """Return a collection in which everything is public by the site's settings."""
    collection = make_collection("Press kit")
    settings = SiteSettings.for_site(Site.objects.get())
    settings.save()
    settings.public_collections.add(collection)
    return collection
