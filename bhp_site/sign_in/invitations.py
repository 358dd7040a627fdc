"""Invitations: who is asked to have an account, and in which role. They choose the password."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from bhp_site.core.private_links import LINK_PLACEHOLDER, derive_token, hash_token, make_token
from bhp_site.core.roles import MEMBERS_EDITOR, ROLES, is_member_group, member_areas
from bhp_site.core.text.dates import format_uk_time

from .account_emails import queue_email
from .events import record_event
from .models import TOKEN_KIND, EventKind, Invitation

INVITATION_LIFETIME = datetime.timedelta(days=7)
# An invitation that nobody accepted is listed for so long after it has expired.
EXPIRED_RETENTION = datetime.timedelta(days=30)
ADMINISTRATOR = "administrator"
MEMBER = "member"


def list_role_choices(may_appoint_administrators: bool) -> list[tuple[str, str]]:
    """Return the roles as (value, label); the value is a group's key, ADMINISTRATOR or MEMBER.

    Groups that administrators have added come after the roles.
    """
    groups = {
        group.name: group
        for group in Group.objects.order_by("name")
        if not is_member_group(group.name)
    }
    choices = []
    for role in ROLES:
        label = f"{role.name}: {role.summary}"
        if role is MEMBERS_EDITOR:
            if member_areas.list_choices():
                choices.append((MEMBER, label))
        elif role.group and (group := groups.pop(role.group, None)):
            choices.append((str(group.pk), label))
        elif not role.group and may_appoint_administrators:
            choices.append((ADMINISTRATOR, label))
    return choices + [(str(group.pk), group.name) for group in groups.values()]


def invite(form: Any, request: HttpRequest) -> Invitation:
    """Store and send the invitation in a valid form; return it."""
    invitation: Invitation = form.save(commit=False)
    role = form.cleaned_data["role"]
    invitation.is_administrator = role == ADMINISTRATOR
    invitation.created_by = request.user  # type: ignore[assignment]
    with transaction.atomic():
        invitation.group = _get_group(role, form.cleaned_data.get("partner", ""))
        send_invitation(invitation)
        detail = f"As {invitation.role}"
        record_event(EventKind.INVITED, None, request, address=invitation.email, detail=detail)
    return invitation


def _get_group(role: str, partner: str) -> Group | None:
    """Return the group of a chosen role, that of a partner created if need be."""
    if role == ADMINISTRATOR:
        return None
    if role == MEMBER and member_areas.get_group:
        return member_areas.get_group(partner)
    return Group.objects.get(pk=role)


def send_invitation(invitation: Invitation) -> None:
    """Save the invitation with a new link, and queue the e-mail; earlier links stop working."""
    invitation.nonce = make_token()
    invitation.token_hash = hash_token(derive_token(TOKEN_KIND, invitation.nonce))
    invitation.expires_at = timezone.now() + INVITATION_LIFETIME
    with transaction.atomic():
        invitation.save()
        text = render_to_string(
            "sign_in/invitation_email.txt",
            {
                "invitation": invitation,
                "expires_at": format_uk_time(invitation.expires_at),
                "link": LINK_PLACEHOLDER,
                "site_name": settings.WAGTAIL_SITE_NAME,
            },
        )
        subject = f"Your account on the website of {settings.WAGTAIL_SITE_NAME}"
        queue_email(invitation.email, subject, text, invitation=invitation)


def withdraw(invitation: Invitation, request: HttpRequest) -> None:
    """Delete the invitation with its e-mails, so that the link stops working."""
    with transaction.atomic():
        record_event(EventKind.INVITATION_WITHDRAWN, None, request, address=invitation.email)
        invitation.delete()


def find_invitation(token: str) -> Invitation | None:
    """Return the invitation of a link; None if it has expired, was used or was withdrawn."""
    return Invitation.objects.active().filter(token_hash=hash_token(token)).first()


def accept(invitation: Invitation, password: str | None, request: HttpRequest) -> Any:
    """Create the account and delete the invitation; return the user.

    Returns None if the invitation cannot be used any more.

    Without a password, only single sign-on signs the account in.
    """
    users = get_user_model().objects
    with transaction.atomic():
        deleted, _ = Invitation.objects.filter(pk=invitation.pk).delete()
        if not deleted or users.filter(email__iexact=invitation.email).exists():
            return None
        user = users.create_user(
            invitation.email,
            password,
            first_name=invitation.first_name,
            last_name=invitation.last_name,
            is_superuser=invitation.is_administrator,
            is_staff=invitation.is_administrator,
        )
        if invitation.group:
            user.groups.add(invitation.group)
        record_event(EventKind.INVITATION_ACCEPTED, user, request, actor=user)
    return user


def delete_old_invitations() -> None:
    """Delete invitations that expired long ago, with their e-mails."""
    Invitation.objects.filter(expires_at__lt=timezone.now() - EXPIRED_RETENTION).delete()
