"""Links from a page to its documents."""

from django.db import models
from wagtail.models import Orderable

from bhp_site.core.licences import Licence, Licensed
from bhp_site.files.models import SiteDocument


class Download(Orderable):
    """A document that a page links to, with the label of the link."""

    document = models.ForeignKey(
        SiteDocument, on_delete=models.PROTECT, related_name="+", verbose_name="document"
    )
    label = models.CharField(
        max_length=120,
        blank=True,
        help_text=(
            "The link text, for example “Summary”. If you leave this empty, the title of the "
            "document is used. The site adds format and size."
        ),
    )

    panels = ["document", "label"]

    class Meta(Orderable.Meta):
        abstract = True

    @property
    def licence(self) -> Licence | None:
        """Return the licence of the document, its report or the site, in this order; else None."""
        return self._licensed.effective_licence

    @property
    def shown_licence(self) -> Licence | None:
        """Return the licence to show beside the document, None if none: see `Licensed`."""
        return self._licensed.shown_licence

    @property
    def _licensed(self) -> Licensed:
        page = getattr(self, "page", None)
        if isinstance(page, Licensed) and not self.document.licence:
            return page
        return self.document

    def __str__(self) -> str:
        return self.label or self.document.title
