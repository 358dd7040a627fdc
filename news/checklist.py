"""Entries of the checklist about an announcement: its quotes, its partners, the press contact."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from wagtail.models import Site

from bhp_site.core.admin.field_links import get_block_url, get_field_url
from bhp_site.core.models import SiteSettings
from bhp_site.core.publishing.checklist import ChecklistEntry

from .embargo import get_release_url
from .models import NewsKind, NewsPage
from .quote_checks import find_roleless_quotes, find_unconfirmed_quotes, get_speaker_name
from .release import find_left_out_partners
from .release_models import get_release


def check_quotes(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield an entry for each quote without a role, and for each to be confirmed."""
    if not isinstance(draft, NewsPage) or not draft.quote_blocks:
        return
    roleless = find_roleless_quotes(draft)
    for block in roleless:
        yield ChecklistEntry(
            f"Give the role of {get_speaker_name(block.value)}",
            is_required=True,
            is_done=False,
            url=get_block_url(draft, block),
            note="The quote has no role, and “People” has none for the date of the announcement.",
        )
    unconfirmed = find_unconfirmed_quotes(draft)
    for block, reason in unconfirmed:
        yield ChecklistEntry(
            f"Check the quote by {get_speaker_name(block.value)}",
            is_required=True,
            is_done=False,
            url=get_block_url(draft, block),
            note=reason,
        )
    if not roleless and not unconfirmed:
        yield ChecklistEntry("Quotes with names and roles", is_required=True, is_done=True)


def check_partners(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield an entry for each draft partner that is not published with the announcement."""
    if not isinstance(draft, NewsPage):
        return
    for partner in find_left_out_partners(draft):
        yield ChecklistEntry(
            f"Publish the partner page “{partner.title}” too, or do not name the partner",
            is_required=True,
            is_done=False,
            url=get_field_url(draft, "publish_partners"),
            note=(
                "It is a draft, so the announcement would not link to it. Select “Publish draft "
                "partner pages too”, or clear the partner."
            ),
        )


def check_call_times(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield whether a call says when it opens or closes."""
    if isinstance(draft, NewsPage) and draft.kind == NewsKind.CALL:
        yield ChecklistEntry(
            "Times of the call" if draft.call else "Enter when the call opens and closes",
            is_required=False,
            is_done=draft.call is not None,
            url=get_field_url(draft, "closes_at"),
            note="" if draft.call else "Pages and lists then say whether it is open.",
        )


def check_schedule(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield whether an announcement under embargo has a time that is not before its end."""
    release = get_release(draft) if isinstance(draft, NewsPage) else None
    if release is None or not release.is_under_embargo or draft.go_live_at is None:
        return
    is_done = not release.is_under_embargo_at(draft.go_live_at)
    note = f"The embargo ends on {release.end_of_embargo}, later than the schedule."
    yield ChecklistEntry(
        "Schedule after the embargo" if is_done else "Schedule the release for after its embargo",
        is_required=True,
        is_done=is_done,
        url=get_release_url(release),
        note="" if is_done else note,
    )


def check_press_contact(draft: Any) -> Iterator[ChecklistEntry]:
    """Yield whether journalists who read the announcement find a press contact."""
    site = Site.objects.filter(is_default_site=True).first()
    if not isinstance(draft, NewsPage) or site is None:
        return
    settings = SiteSettings.for_site(site)
    has_contact = bool(settings.press_email or settings.press_phone)
    yield ChecklistEntry(
        "Press contact" if has_contact else "Add a press contact",
        is_required=False,
        is_done=has_contact,
        url=reverse("wagtailsettings:edit", args=["core", "sitesettings", site.pk]),
        note="" if has_contact else "The site settings have no e-mail or phone number for press.",
    )
