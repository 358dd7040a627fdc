"""Delete personal data of sign-offs some time after they have ended."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bhp_site.draft_links.models import DraftLink

from .models import SignOff, SignOffEmail, SignOffQuerySet


def delete_outdated_personal_data() -> int:
    """Delete personal data of sign-offs that ended SIGN_OFFS_KEPT_DAYS ago; return how many.

    Who approved which text and when is kept with the page, as the evidence of the approval.
    """
    before = timezone.now() - datetime.timedelta(days=settings.SIGN_OFFS_KEPT_DAYS)
    is_replaced = Q(state=SignOff.State.CANCELLED, requested_at__lt=before)
    has_ended = Q(expires_at__lt=before) | Q(published_at__lt=before) | is_replaced
    return delete_personal_data(SignOff.objects.filter(has_ended))


def delete_personal_data(sign_offs: SignOffQuerySet) -> int:
    """Delete address, messages, comment and suggested words of `sign_offs`; return their number."""
    with transaction.atomic():
        keys = list(sign_offs.exclude(email="").values_list("pk", flat=True))
        rows = SignOff.objects.filter(pk__in=keys)
        SignOffEmail.objects.filter(sign_off__in=keys).delete()
        DraftLink.objects.filter(pk__in=rows.values("draft_link")).delete()
        return rows.update(email="", message="", comment="", suggested_words="")


def collect_personal_data(sign_off: SignOff) -> dict[str, Any]:
    """Return all that is stored about the person who was asked, as plain data."""
    emails = sign_off.emails.filter(to=sign_off.email).values("subject", "text", "sent_at")
    return {
        "name": sign_off.name,
        "email": sign_off.email,
        "page": sign_off.page.title,
        "asked": sign_off.requested_at.isoformat(),
        "message": sign_off.message,
        "answer": sign_off.get_state_display(),
        "answered": sign_off.decided_at and sign_off.decided_at.isoformat(),
        "hash of the text": sign_off.decided_hash,
        "suggested words": sign_off.suggested_words,
        "comment": sign_off.comment,
        "e-mails": list(emails) if sign_off.email else [],
    }
