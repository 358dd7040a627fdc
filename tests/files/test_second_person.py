"""A new version of a public document needs a second person."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from wagtail.log_actions import LogContext
from wagtail.models import ModelLogEntry

from bhp_site.core.models import SiteImage, User
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.approval import ApprovalNeeded
from bhp_site.files.proposals.models import Proposal

from ..admin_forms import get_messages
from .test_proposals import edit_image, image
from .test_replacement import CORRECTED, NOTE, document, make_upload, public, send, upload
from .uploading import WHY, confirm

__all__ = ["document", "image", "public"]
pytestmark = pytest.mark.second_person


def replace(client: Client, document: SiteDocument, **fields: str) -> Any:
    """Replace the file of `document` and confirm the review with `fields`."""
    review = send(client, document, file=upload(make_upload(*CORRECTED)), note=NOTE)
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
    review = send(publisher_client, public, file=upload(make_upload(*CORRECTED)), note=NOTE)
    assert "Replace the file" in review.text
    confirm(publisher_client, public, review, version_reason=WHY)
    public.refresh_from_db()
    assert public.version_number == 2


def test_other_changes_that_visitors_see_go_to_another_publisher(
    public: SiteDocument, publisher: User, publisher_client: Client, colleague: User
) -> None:
    form = publisher_client.get(f"/admin/documents/edit/{public.pk}/").text
    assert "Send to a second person, or save with a reason" in form
    response = send(publisher_client, public, title="A new title")
    assert "sent to the publishers" in get_messages(response)
    assert SiteDocument.objects.get(pk=public.pk).title == public.title
    proposal = Proposal.objects.get()
    assert not proposal.may_decide(publisher)
    proposal.accept(colleague)
    assert SiteDocument.objects.get(pk=public.pk).title == "A new title"


def test_a_reason_saves_other_changes_at_once(
    public: SiteDocument, publisher_client: Client, colleague: User
) -> None:
    reason = "The title is wrong."
    send(publisher_client, public, title="A new title", reason_for_going_ahead=reason)
    assert SiteDocument.objects.get(pk=public.pk).title == "A new title"
    assert ModelLogEntry.objects.get(action="core.go_ahead").data == {"reason": reason}


def test_a_reason_entered_before_the_review_is_kept(
    public: SiteDocument, publisher_client: Client, colleague: User
) -> None:
    fields = {"file": upload(make_upload(*CORRECTED)), "note": NOTE}
    review = send(publisher_client, public, **fields, reason_for_going_ahead="In a hurry.")
    assert 'value="In a hurry."' in review.text


def test_tags_need_nobody(image: SiteImage, publisher_client: Client, colleague: User) -> None:
    edit_image(publisher_client, image, tags="garden")
    assert not Proposal.objects.exists()
    assert [tag.name for tag in image.tags.all()] == ["garden"]


def test_images_need_a_second_person_too(
    image: SiteImage, publisher_client: Client, colleague: User
) -> None:
    edit_image(publisher_client, image, description="A wrong description")
    assert Proposal.objects.get().image == image
    reason = {"reason_for_going_ahead": "It names the wrong person."}
    edit_image(publisher_client, image, description="A garden", **reason)
    image.refresh_from_db()
    assert image.description == "A garden"


def test_no_field_asks_where_no_second_person_is_needed(
    public: SiteDocument, publisher_client: Client
) -> None:
    form = publisher_client.get(f"/admin/documents/edit/{public.pk}/").text
    assert "Reason for going ahead" not in form


def test_no_path_past_the_forms_changes_what_is_public(
    public: SiteDocument, publisher: User, colleague: User
) -> None:
    public.title = "A new title"
    with LogContext(user=publisher), pytest.raises(ApprovalNeeded):
        public.save()
