"""Checks of documents before they become public: serious findings need a reason."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from wagtail.models import Collection, Page

from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.references import PRIMARY_KEY, Reference, iter_references
from bhp_site.pdf.findings import ExplainedFinding, explain_findings

from .models import SiteDocument
from .permissions.public_access import is_public, is_public_collection
from .signals import get_documents_refusal

REASON_BEFORE_PUBLIC_COLLECTION = (
    "Some people cannot use this document, and everything in this collection is public. Enter the "
    "reason for publishing it, or choose another collection."
)


def get_serious_findings(document: SiteDocument) -> list[ExplainedFinding]:
    """Return the findings that keep some people from using `document`."""
    return [finding for finding in explain_findings(document.findings) if finding.serious]


def get_unexplained_findings(document: SiteDocument) -> list[ExplainedFinding]:
    """Return the findings of `document`; none if an editor has given a reason for publishing it."""
    return [] if document.accessibility_reason else explain_findings(document.findings)


def needs_reason(document: SiteDocument) -> bool:
    """Return True if `document` has serious findings and no reason for publishing it with them."""
    return any(finding.serious for finding in get_unexplained_findings(document))


def check_documents(references: frozenset[Reference], **kwargs: Any) -> None:
    """Raise PublishingRefused if a document needs a reason.

    Receiver of `publishing`.
    """
    if refusal := _refuse_unexplained(find_documents(references)):
        raise refusal


def get_blocking_reason(page: Page) -> PublishingRefused | None:
    """Return why the documents of `page` stop it from being published; None if they do not."""
    return _refuse_unexplained(get_referenced_documents(page))


def _refuse_unexplained(referenced: Iterable[SiteDocument]) -> PublishingRefused | None:
    documents = [document for document in referenced if needs_reason(document)]
    if not documents:
        return None
    return PublishingRefused(
        " ".join(_describe_problem(document) for document in documents),
        [(reverse("wagtaildocs:edit", args=[d.pk]), f"Check “{d.title}”") for d in documents],
    )


def get_collection_refusal(documents: Iterable[SiteDocument], collection: Collection) -> str:
    """Return why `documents` may not be moved to or below `collection`; "" if they may.

    Everything in a public collection is public at once, so it needs the reasons that publishing
    needs. Documents that are public already have theirs.
    """
    return get_publication_refusal(documents) if is_public_collection(collection) else ""


def get_publication_refusal(documents: Iterable[SiteDocument]) -> str:
    """Return why `documents` may not become public, in sentences; "" if they may."""
    private = [document for document in documents if not is_public(document)]
    problems = [_describe_problem(document) for document in private if needs_reason(document)]
    return " ".join(filter(None, [*problems, get_documents_refusal(private)]))


def check_public_collections(collections: Iterable[Collection], **kwargs: Any) -> str:
    """Return why the documents in `collections` may not be public; "" if they may.

    Receiver of `publishing_collections`.
    """
    return " ".join(
        refusal
        for collection in collections
        if (refusal := get_publication_refusal(find_documents_below(collection)))
    )


def find_documents_below(collection: Collection) -> Iterable[SiteDocument]:
    """Return the documents in `collection` and in all collections below it."""
    documents = SiteDocument.objects.filter(collection__path__startswith=collection.path)
    return documents.select_related("collection").order_by("pk")


def get_referenced_documents(page: Page) -> Iterable[SiteDocument]:
    """Return the documents that `page` refers to, as it is in memory, saved or not."""
    return find_documents(iter_references(page))


def find_documents(references: Iterable[Reference]) -> Iterable[SiteDocument]:
    """Return the documents among `references`, in the order of their keys."""
    keys = {key for model, key in references if model is SiteDocument}
    keys = {key for key in keys if PRIMARY_KEY.fullmatch(key)}
    return SiteDocument.objects.filter(pk__in=keys).order_by("pk") if keys else []


def _describe_problem(document: SiteDocument) -> str:
    titles = "; ".join(finding.title for finding in get_serious_findings(document))
    return (
        f"Some people cannot use the document “{document.title}”: {titles}. Replace its file with "
        "a better one, or enter the reason for publishing it on the document’s screen."
    )
