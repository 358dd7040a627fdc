"""Checks of an announcement's quotes before it is published."""

import datetime
from typing import Any

from bhp_site.core.publishing.publication import PublishingRefused
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


def find_unconfirmed(announcement: Any) -> list[str]:
    """Return a message for each quote to be confirmed, with the speaker and the reason."""
    reasons = []
    for block in announcement.quote_blocks:
        if needs_confirmation(block.value):
            issues = [*parse_quotation(block.value["words"]).issues, EMPTY_QUOTATION]
            first = next(issue.message for issue in issues if issue.must_confirm)
            speaker = block.value.get("name") or block.value.get("speaker") or "somebody"
            reasons.append(f"Check the quote by {speaker}. {first}")
    return reasons


def check_quotes(instance: Any, **kwargs: Any) -> None:
    """Raise PublishingRefused for an announcement with an unconfirmed quotation.

    Receiver of `publishing`.
    """
    if reasons := find_unconfirmed(instance):
        raise PublishingRefused(
            f"{reasons[0]} If the quote is right as the preview shows it, select “This quote is "
            "right” below the preview."
        )
