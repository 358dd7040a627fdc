import pytest
from django.core.files.base import ContentFile

from bhp_site.files.models import SiteDocument

from ..factories import SiteDocumentFactory
from .uploading import BAD


@pytest.fixture
def file(db: None) -> SiteDocument:
    """An untagged PDF, of which nobody has said why it is offered."""
    return SiteDocumentFactory(
        title="The scan", file=ContentFile(BAD, "scan.pdf"), accessibility_reason=""
    )
