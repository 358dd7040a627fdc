"""E-mails to people who have proposed changes."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from bhp_site.sign_in.account_emails import queue_email


def queue_decision(proposal: Any) -> None:
    """Queue an e-mail to the proposer of a `Proposal` with the decision and its reason.

    Nothing is sent to an account that is inactive or without an address, nor to a person who has
    decided about their own proposal.
    """
    proposer = proposal.proposed_by
    if not (proposer and proposer.is_active and proposer.email):
        return
    if proposer.pk == proposal.decided_by_id:
        return
    decision = proposal.get_state_display().lower()
    url = f"{settings.WAGTAILADMIN_BASE_URL}{proposal.url}"
    text = render_to_string("admin/proposal_decided.txt", {"proposal": proposal, "url": url})
    subject = f"Your changes to “{proposal.target.title}” were {decision}"
    queue_email(proposer.email, subject, text)
