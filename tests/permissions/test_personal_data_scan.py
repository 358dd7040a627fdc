"""Private addresses are shown to those who need them, and to nobody else."""

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from bhp_site.alerts.models import Frequency, Subscriber
from bhp_site.core.roles import ANALYST, MEMBERS_EDITOR, PUBLISHER, WRITER, UserRole
from bhp_site.draft_links.models import DraftLink
from bhp_site.enquiries.models import Enquiry
from bhp_site.press.models import PressContact, ReleaseRecipient
from bhp_site.sign_in.models import AccountEvent, EventKind, Invitation
from bhp_site.sign_off.models import SignOff

from ..conftest import signed_in
from ..factories import PersonFactory, UserFactory
from ..roles import give_role, make_press_officer
from .addresses import list_routes
from .objects import make_area_objects, make_shared_objects, merge
from .scanning import SAMPLE_STEP, scan

ADDRESS = "private@quokka.example"
ROLES = (ANALYST, MEMBERS_EDITOR, WRITER, PUBLISHER)
# Where private addresses are shown to those who need them; these are in every sample.
SHOWN = ("requests/edit/<int:pk>/", "press-list/")
# Where each role sees the address, by the beginnings of addresses below “/admin/”.
SEEN: dict[str, set[str]] = {
    ANALYST.name: set(),
    MEMBERS_EDITOR.name: set(),
    # Enquiries, and sign-offs of what they write.
    WRITER.name: {"requests", "sign-off", "snippets"},
    PUBLISHER.name: {"requests", "sign-off", "snippets", "press-list", "press"},
}


def store(site: SimpleNamespace) -> tuple[int, int, int, int]:
    """Store the address wherever there are private ones; return keys for addresses."""
    now, later = timezone.now(), timezone.now() + datetime.timedelta(days=9)
    enquiry = Enquiry.objects.create(kind="problem", page="/", email=ADDRESS, message="It flickers")
    Subscriber.objects.create(
        email=ADDRESS, frequency=Frequency.WEEKLY, consent_text="Yes", consent_at=now
    )
    contact = PressContact.objects.create(name="Jo", email=ADDRESS, source="Asked")
    ReleaseRecipient.objects.create(page=site.news, contact=contact, name="Jo", email=ADDRESS)
    link = DraftLink.objects.create(page=site.news, label="x", token_hash="x", expires_at=later)
    sign_off = SignOff.objects.create(
        page=site.news,
        kind=SignOff.Kind.PARTNER,
        name="Jo",
        email=ADDRESS,
        token_hash="y",
        draft_link=link,
        expires_at=later,
    )
    person = PersonFactory(sign_off_email=ADDRESS)
    person.save_revision()
    AccountEvent.objects.create(kind=EventKind.INVITED, user=None, address=ADDRESS)
    Invitation.objects.create(
        first_name="Jo",
        last_name="Doe",
        email=ADDRESS,
        nonce="n",
        token_hash="z",
        expires_at=later,
    )
    return enquiry.pk, contact.pk, sign_off.pk, person.pk


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_private_address_is_seen_by_those_who_need_it(
    site: SimpleNamespace, role: UserRole, thin_out: Callable[..., Any]
) -> None:
    if role is MEMBERS_EDITOR:
        user = make_press_officer(site.partner)
    else:
        user = UserFactory()
        give_role(user, role)
    objects = merge(
        make_shared_objects(site),
        make_area_objects(site.news_index, site.report_index, "Area", UserFactory()),
    )
    enquiry, contact, sign_off, person = store(site)
    objects["requests/"] = {"pk": enquiry}
    objects["press-list/"] = {"pk": contact}
    objects["sign-off/"] = {"pk": sign_off}
    objects["press/send/"] = {"page_id": site.news.pk}
    objects["snippets/partners/"] = {"pk": person}
    sample = thin_out(list_routes(), SAMPLE_STEP, ROLES.index(role))
    named = scan(signed_in(user), objects, sorted({*sample, *SHOWN}), ADDRESS)
    found = {address.split("/")[2] for address in named}
    assert found <= SEEN[role.name], found
    assert found >= SEEN[role.name] & {"requests", "press-list"}
