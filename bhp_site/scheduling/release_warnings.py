"""Warn editors at once whose change stops a scheduled release from going out."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin import messages
from wagtail.models import Page

from bhp_site.files.models import SiteDocument
from bhp_site.files.publishing_checks import get_referenced_documents
from news.models import NewsPage
from news.release import get_drafts

from .pending import PendingSchedule, get_pending_schedules


def warn_of_blocked_releases(request: HttpRequest, instance: Any) -> None:
    """Add a warning for each scheduled release with `instance` that is blocked by its new state.

    `instance` is a page or document that the user of `request` has just saved. Autosave, which asks
    for JSON, shows no messages.
    """
    if request.method != "POST" or not request.accepts("text/html"):
        return
    for schedule in get_pending_schedules():
        if _includes(schedule, instance) and (reason := schedule.get_blocking_reason()):
            messages.warning(
                request,
                f"{_get_name(schedule, request.user)} on {schedule.time} will not be published: "
                f"{reason}",
            )


def warn_of_document(request: HttpRequest, document: SiteDocument, **kwargs: Any) -> None:
    """Warn of scheduled releases that a saved document blocks.

    Receiver of `document_edited`.
    """
    warn_of_blocked_releases(request, document)


def _includes(schedule: PendingSchedule, instance: Any) -> bool:
    """Return True if `instance` is a page of the release, or a document that one of them uses."""
    scheduled = schedule.revision.as_object()
    pages = [scheduled, *(get_drafts(scheduled) if isinstance(scheduled, NewsPage) else [])]
    if isinstance(instance, SiteDocument):
        used = (get_referenced_documents(page) for page in pages if isinstance(page, Page))
        return any(instance.pk == document.pk for documents in used for document in documents)
    return any(isinstance(page, Page) and page.pk == instance.pk for page in pages)


def _get_name(schedule: PendingSchedule, user: Any) -> str:
    """Return how the message names the release: drafts that `user` cannot edit keep their title."""
    page = schedule.object
    if isinstance(page, Page) and not page.permissions_for_user(user).can_edit():
        return "A release with this page"
    return f"The release of “{schedule.title}”"
