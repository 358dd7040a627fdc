"""Entries of the checklist about the documents and images of a page."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from bhp_site.core.models import SiteImage
from bhp_site.core.publishing.checklist import ChecklistEntry
from bhp_site.core.references import iter_references

from .models import COVER_COLLECTION
from .publishing_checks import get_referenced_documents, get_serious_findings, needs_reason


def check_documents(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield an entry for each document that needs a reason, or one that says that none does."""
    documents = list(get_referenced_documents(draft))
    blocking = [document for document in documents if needs_reason(document)]
    for document in blocking:
        titles = "; ".join(finding.title for finding in get_serious_findings(document))
        yield ChecklistEntry(
            f"Replace the document “{document.title}”, or give a reason for publishing it",
            is_required=True,
            is_done=False,
            url=reverse("wagtaildocs:edit", args=[document.pk]),
            note=f"Some people cannot use it: {titles}.",
        )
    if documents and not blocking:
        yield ChecklistEntry("Documents checked", is_required=True, is_done=True)


def check_alternative_texts(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield an entry for each image that nothing describes, or one that says that all are."""
    keys = {int(key) for model, key in iter_references(draft) if model is SiteImage}
    images = SiteImage.objects.filter(pk__in=keys).exclude(collection__name=COVER_COLLECTION)
    described = _get_keys_described_in_body(draft)
    missing = [image for image in images if not image.description and image.pk not in described]
    for image in missing:
        yield ChecklistEntry(
            f"Describe the image “{image.title}”",
            is_required=False,
            is_done=False,
            url=reverse("wagtailimages:edit", args=[image.pk]),
            note="People who cannot see it are told nothing about it.",
        )
    if images and not missing:
        yield ChecklistEntry("Images described", is_required=False, is_done=True)


def _get_keys_described_in_body(draft: Any) -> set[int]:
    """Return the keys of images that the body describes, or marks as decorative."""
    figures = [block for block in getattr(draft, "body", ()) if block.block_type == "figure"]
    images = [block.value.get("image") for block in figures]
    return {
        image.pk for image in images if image and (image.contextual_alt_text or image.decorative)
    }
