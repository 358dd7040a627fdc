"""Whether the files that a page offers may be offered: serious findings need a reason."""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex

from bhp_site.core.publishing import PublishingRefused

from .findings import Explained, explained
from .models import SiteDocument

# What the key of a row can be; a link in a text may hold anything.
PRIMARY_KEY = re.compile("[0-9]{1,18}")


def get_serious_findings(document: SiteDocument) -> list[Explained]:
    """Findings that keep some people from using `document`."""
    return [finding for finding in explained(document.findings) if finding.serious]


def get_unexplained_findings(document: SiteDocument) -> list[Explained]:
    """All findings of `document`, while nobody has said why it is offered in spite of them."""
    return [] if document.accessibility_reason else explained(document.findings)


def needs_reason(document: SiteDocument) -> bool:
    """Whether `document` cannot be offered before somebody has said why."""
    return any(finding.serious for finding in get_unexplained_findings(document))


def check_documents(instance: Page, **kwargs: Any) -> None:
    """Receiver of `publishing`: a page waits for the reason of each file it offers."""
    if refusal := get_blocking_reason(instance):
        raise refusal


def get_blocking_reason(page: Page) -> PublishingRefused | None:
    """What keeps `page` from being published for its files; None where nothing does."""
    waiting = [document for document in get_referenced_documents(page) if needs_reason(document)]
    if not waiting:
        return None
    return PublishingRefused(
        " ".join(_describe_problem(document) for document in waiting),
        [(reverse("wagtaildocs:edit", args=[d.pk]), f"Look at “{d.title}”") for d in waiting],
    )


def get_referenced_documents(page: Page) -> Iterable[SiteDocument]:
    """The files that the content of `page` refers to, as it stands in memory, saved or not."""
    kind = ContentType.objects.get_for_model(SiteDocument).pk
    # The index itself holds what was saved last, which a draft of a live page is not.
    found = ReferenceIndex._extract_references_from_object(page)
    keys = {
        key
        for content_type, key, *_ in found
        if content_type == kind and PRIMARY_KEY.fullmatch(key)
    }
    return SiteDocument.objects.filter(pk__in=keys).order_by("pk") if keys else []


def _describe_problem(document: SiteDocument) -> str:
    titles = "; ".join(finding.title for finding in get_serious_findings(document))
    return (
        f"Some people cannot use the file “{document.title}”: {titles}. Replace it with a better "
        "one, or say on its screen why it is offered all the same."
    )
