"""A new version of a public document needs a second person."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from bhp_site.core.models import User
from bhp_site.files.models import SiteDocument
from bhp_site.files.proposals.models import Proposal

from .test_replacement import CORRECTED, NOTE, document, pdf, public, send, upload
from .uploading import WHY, confirm

__all__ = ["document", "public"]
pytestmark = pytest.mark.second_person


def replace(client: Client, document: SiteDocument, **fields: str) -> Any:
    """Replace the file of `document` and confirm the review with `fields`."""
    review = send(client, document, file=upload(pdf(*CORRECTED)), note=NOTE)
    assert "Send to a second person, or replace with a reason" in review.text
    return confirm(client, document, review, version_reason=WHY, **fields)


def test_a_new_version_goes_to_another_publisher(
    public: SiteDocument, publisher: User, publisher_client: Client, colleague: User
) -> None:
    replace(publisher_client, public)
    public.refresh_from_db()
    assert public.version_number == 1
    proposal = Proposal.objects.get()
    assert not proposal.may_decide(publisher)
    assert proposal.may_decide(colleague)
    proposal.accept(colleague)
    public.refresh_from_db()
    assert public.version_number == 2


def test_a_reason_replaces_it_at_once(
    public: SiteDocument, publisher_client: Client, colleague: User
) -> None:
    replace(publisher_client, public, reason_for_going_ahead="The figure is dangerous.")
    public.refresh_from_db()
    assert public.version_number == 2
    entry = ModelLogEntry.objects.get(action="core.go_ahead")
    assert entry.data == {"reason": "The figure is dangerous."}


def test_one_publisher_replaces_it_alone(
    public: SiteDocument, site: SimpleNamespace, publisher_client: Client
) -> None:
    review = send(publisher_client, public, file=upload(pdf(*CORRECTED)), note=NOTE)
    assert "Replace the file" in review.text
    confirm(publisher_client, public, review, version_reason=WHY)
    public.refresh_from_db()
    assert public.version_number == 2
