"""Checks of an announcement's quotes before it is published."""

import datetime
from typing import Any

from bhp_site.core.publishing.publication import Publication, PublishingRefused
from bhp_site.core.publishing.rules import is_first_publication
from bhp_site.core.text.dates import format_date

from .quotations.parser import QuotationIssue, get_fingerprint, parse_quotation

EMPTY_QUOTATION = QuotationIssue(
    "The quotation has only quotation marks. Enter the words.", must_confirm=True
)


def find_issues(value: Any, date: datetime.date) -> list[QuotationIssue]:
    """Return the issues of a quote block's `value` in an announcement of `date`."""
    quotation = parse_quotation(value.get("words") or "")
    issues = list(quotation.issues)
    if value.get("words") and not quotation.paragraphs:
        issues.append(EMPTY_QUOTATION)
    return issues + find_speaker_issues(value.get("speaker"), value.get("role") or "", date)


def find_speaker_issues(speaker: Any, role: str, date: datetime.date) -> list[QuotationIssue]:
    """Return issues about the speaker: not published, or without a role on `date`."""
    if speaker is None:
        return []
    issues = []
    if not speaker.live:
        issues.append(
            QuotationIssue(
                f"{speaker} is still a draft under “People”. The quote shows the name and role "
                "entered here. Publish the person as well."
            )
        )
    if not role and speaker.get_role_on(date) is None:
        issues.append(
            QuotationIssue(
                f"{speaker} has no role on {format_date(date)}, so the quote shows no role. Add "
                "the role under “People”, or enter it in the settings of the quote."
            )
        )
    return issues


def needs_confirmation(value: Any) -> bool:
    """Return True if a quotation is uncertain and no editor has confirmed its current text.

    Quotation marks without text cannot be confirmed.
    """
    words = value.get("words") or ""
    quotation = parse_quotation(words)
    if words and not quotation.paragraphs:
        return True
    if not quotation.must_confirm:
        return False
    return bool(value.get("confirmation") != get_fingerprint(words))


def get_speaker_name(value: Any) -> str:
    """Return the name of the speaker of a quote block's `value`, as messages name them."""
    return str(value.get("name") or value.get("speaker") or "somebody")


def find_unconfirmed_quotes(announcement: Any) -> list[tuple[Any, str]]:
    """Return the block of each quote to be confirmed, and the reason."""
    unconfirmed = []
    for block in announcement.quote_blocks:
        if needs_confirmation(block.value):
            issues = [*parse_quotation(block.value["words"]).issues, EMPTY_QUOTATION]
            unconfirmed.append(
                (block, next(issue.message for issue in issues if issue.must_confirm))
            )
    return unconfirmed


def find_unconfirmed(announcement: Any) -> list[str]:
    """Return a message for each quote to be confirmed, with the speaker and the reason."""
    return [
        f"Check the quote by {get_speaker_name(block.value)}. {reason}"
        for block, reason in find_unconfirmed_quotes(announcement)
    ]


def find_roleless_quotes(announcement: Any) -> list[Any]:
    """Return the blocks of the quotes that show no role on the announcement's date."""
    return [
        block
        for block in announcement.quote_blocks
        if not block.value.get("role") and not _has_role(block.value.get("speaker"), announcement)
    ]


def _has_role(speaker: Any, announcement: Any) -> bool:
    date = announcement.date or datetime.date.today()
    return speaker is not None and speaker.get_role_on(date) is not None


def check_quotes(instance: Any, publication: Publication, **kwargs: Any) -> None:
    """Raise PublishingRefused for an announcement with an unconfirmed quotation.

    A user who publishes it for the first time must also give each speaker's role: older
    announcements are updated, and the scheduler publishes what was scheduled. Receiver of
    `publishing`.
    """
    if reasons := find_unconfirmed(instance):
        raise PublishingRefused(
            f"{reasons[0]} If the quote is right as the preview shows it, select “This quote is "
            "right” below the preview."
        )
    if publication.user and is_first_publication(instance):
        for block in find_roleless_quotes(instance):
            raise PublishingRefused(
                f"The quote by {get_speaker_name(block.value)} has no role. Enter it in the "
                "settings of the quote, or add it under “People”."
            )
