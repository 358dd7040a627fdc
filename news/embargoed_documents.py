"""Documents of a release under embargo: nothing else makes them public before it ends."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.publishing.publication import Publication, PublishingRefused
from bhp_site.core.references import Reference
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import is_public
from bhp_site.files.publishing_checks import find_documents, get_referenced_documents

from .embargo import get_release_url
from .release import get_drafts
from .release_models import Release


def find_embargoed_documents(moment: datetime.datetime) -> dict[int, Release]:
    """Return the keys of all documents that are under embargo at `moment`, with their releases."""
    embargoed: dict[int, Release] = {}
    releases = Release.objects.filter(embargo_until__gt=moment).select_related("announcement")
    for release in releases.order_by("embargo_until"):
        announcement = release.announcement.get_latest_revision_as_object()
        for page in (announcement, *get_drafts(announcement)):
            embargoed |= {document.pk: release for document in get_referenced_documents(page)}
    return embargoed


def check_documents(
    instance: Any, publication: Publication, references: frozenset[Reference], **kwargs: Any
) -> None:
    """Raise PublishingRefused if `instance` would publish a document before its embargo ends.

    Receiver of `publishing`.
    """
    embargoed = find_embargoed_documents(publication.go_live_at or timezone.now())
    if not embargoed:
        return
    page = instance.pk if isinstance(instance, Page) else None
    for document in find_documents(references):
        release = embargoed.get(document.pk)
        if release and not is_public(document, except_page=page):
            raise PublishingRefused(
                f"{_describe(document, release)} Remove it from “{instance}”, or publish "
                "afterwards.",
                [(get_release_url(release), "Open the release")],
            )


def get_refusal(documents: Iterable[SiteDocument], **kwargs: Any) -> str:
    """Return which of `documents` cannot be published or replaced yet, in sentences.

    Receiver of `publishing_documents`.
    """
    embargoed = find_embargoed_documents(timezone.now())
    return " ".join(
        f"{_describe(document, embargoed[document.pk])} It would be public at once. Wait until "
        "then, or lift or change the embargo with a reason on the screen of the release."
        for document in documents
        if document.pk in embargoed
    )


def _describe(document: SiteDocument, release: Release) -> str:
    return (
        f"The document “{document.title}” belongs to “{release}”, which is under embargo until "
        f"{release.end_of_embargo}."
    )
