"""What a link to a draft gives access to: the draft and what it offers, and nothing else."""

from functools import cached_property
from typing import Any

from wagtail.models import Page

from bhp_site.core.models import SiteImage
from bhp_site.core.references import iter_references
from bhp_site.enquiries.models import AccessibleCopy
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.collection_restrictions import is_restricted
from partners.people import Person

from .models import DraftLink


class SharedDraft:
    """The latest draft of a page, shown to the holder of a link.

    `token` is that of the link. With the page comes the draft report that it announces.
    """

    def __init__(self, link: DraftLink, token: str) -> None:
        self.link, self.token = link, token

    @cached_property
    def page(self) -> Any:
        """Return the latest draft of the page."""
        page = self.link.page.specific.get_latest_revision_as_object()
        page.is_being_previewed = True
        return page

    @cached_property
    def pages(self) -> dict[int, Any]:
        """Return the drafts that the link shows, by their keys: the page, then its report."""
        report = getattr(self.page, "visible_report", None)
        drafts = [self.page, *([report] if report and not report.live else [])]
        return {draft.pk: draft for draft in drafts}

    @cached_property
    def _references(self) -> dict[type, set[int]]:
        """Return the keys of the objects that the drafts refer to, by their models."""
        keys: dict[type, set[int]] = {SiteDocument: set(), SiteImage: set(), Person: set()}
        for page in self.pages.values():
            for model, key in iter_references(page):
                if model in keys:
                    keys[model].add(int(key))
        return keys

    @cached_property
    def documents(self) -> dict[int, SiteDocument]:
        """Return the documents of the drafts and their accessible copies, by key."""
        keys = self._references[SiteDocument]
        copies = AccessibleCopy.objects.filter(original__in=keys).values_list("copy", flat=True)
        return SiteDocument.objects.in_bulk([*keys, *copies])

    @cached_property
    def images(self) -> dict[int, SiteImage]:
        """Return the images of the drafts, covers and portraits of speakers included, by key."""
        people = Person.objects.filter(pk__in=self._references[Person])
        keys = {*self._references[SiteImage], *people.values_list("portrait", flat=True)}
        keys |= {document.cover_id for document in self.documents.values()}
        return SiteImage.objects.in_bulk(keys - {None})

    def offers(self, instance: Any) -> bool:
        """Return True if the holder of the link may have the bytes of a document or image."""
        offered = self.documents if isinstance(instance, SiteDocument) else self.images
        return instance.pk in offered and not is_restricted(instance)

    def get_path(self, path: str = "") -> str:
        """Return the URL path of the draft, or of `path` below it."""
        return f"/drafts/{self.token}/{path}"

    def get_page_path(self, page: Page) -> str:
        """Return the URL path at which this link shows one of its `pages`."""
        return self.get_path("" if page.pk == self.page.pk else f"pages/{page.pk}/")
