"""Links from a page to its documents."""

from django.db import models
from wagtail.models import Orderable

from bhp_site.files.models import SiteDocument


class Download(Orderable):
    """A document that a page links to, with the label of the link."""

    document = models.ForeignKey(
        SiteDocument, on_delete=models.PROTECT, related_name="+", verbose_name="file"
    )
    label = models.CharField(
        max_length=120,
        blank=True,
        help_text="What visitors download. Left empty, the file’s title is used; format and size "
        "are added for you.",
    )

    panels = ["document", "label"]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.label or self.document.title
