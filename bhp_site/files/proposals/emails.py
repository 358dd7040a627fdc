"""E-mails to people who have proposed changes."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from bhp_site.core.mail import send_email


def send_decision_on_commit(proposal: Any) -> None:
    """Email the proposer of a `Proposal` the decision and its reason after the commit.

    Nothing is sent to an account that is inactive or without an address, nor to a person who has
    decided about their own proposal. A failure to send is logged; the decision stands, and the
    dashboard shows it.
    """
    proposer = proposal.proposed_by
    if not (proposer and proposer.is_active and proposer.email):
        return
    if proposer.pk != proposal.decided_by_id:
        transaction.on_commit(partial(_send_decision, proposal, proposer.email), robust=True)


def _send_decision(proposal: Any, address: str) -> None:
    decision = proposal.get_state_display().lower()
    url = f"{settings.WAGTAILADMIN_BASE_URL}{proposal.url}"
    text = render_to_string("admin/proposal_decided.txt", {"proposal": proposal, "url": url})
    subject = f"Your changes to “{proposal.target.title}” were {decision}"
    send_email(subject, text, address)
