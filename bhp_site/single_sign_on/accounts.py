"""The account of an identity at the provider: found, created, connected, and given its roles."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from bhp_site.core.roles import (
    ADMINISTRATOR,
    ROLES,
    get_partner_name,
    is_member_group,
    member_areas,
)
from bhp_site.sign_in.events import record_event
from bhp_site.sign_in.invitations import accept
from bhp_site.sign_in.models import EventKind, Invitation
from bhp_site.sign_in.password_rules import is_emergency_account
from bhp_site.sign_in.sessions import end_sessions

from .identity import Identity, SignInRefused


def is_connected(user: Any) -> bool:
    """Return True if `user` has signed in through the provider before."""
    return SocialAccount.objects.filter(provider=settings.SSO_ISSUER, user_id=user.pk).exists()


def must_use_provider(user: Any) -> bool:
    """Return True if `user` may sign in through the provider only.

    A user whose account there ends cannot sign in here either; so a passkey is not enough.
    """
    if not settings.SSO_ISSUER or is_emergency_account(user.email):
        return False
    return settings.SSO_ONLY or is_connected(user)


def find_account(identity: Identity, request: HttpRequest) -> Any:
    """Return the active user of `identity`, who may be new; raise SignInRefused.

    Only what the provider cannot change or has verified counts: its identifier, then the address.
    A connected user loses the roles that the provider has taken away, also if the sign-in is then
    refused.
    """
    row = SocialAccount.objects.filter(provider=settings.SSO_ISSUER, uid=identity.subject)
    if account := row.select_related("user").first():
        user = account.user
        if identity.roles == () and user.is_active:
            set_roles(user, identity)
    else:
        user = _find_by_email(identity)
    if user and not user.is_active:
        raise SignInRefused(
            "Your account on this site is deactivated. Ask an administrator of this site.", user
        )
    if identity.roles == () and not (user and _is_last_administrator(user)):
        raise SignInRefused(
            f"Your account at {settings.SSO_NAME} has no role on this site. Ask the people who "
            "manage your accounts for one.",
            user,
        )
    return user or _create_account(identity, request)


def _find_by_email(identity: Identity) -> Any:
    """Return the user with the verified address, None if there is none; raise SignInRefused."""
    if not identity.email:
        raise SignInRefused(
            f"{settings.SSO_NAME} has not confirmed which e-mail address is yours, so we cannot "
            "find your account. Tell an administrator of this site."
        )
    user = get_user_model().objects.filter(email__iexact=identity.email).first()
    if user and is_emergency_account(user.email):
        raise SignInRefused("This is an account for emergencies. Sign in with its password.", user)
    if user and is_connected(user):
        raise SignInRefused(
            f"The account with your e-mail address belongs to somebody else at {settings.SSO_NAME}."
            " Ask an administrator of this site.",
            user,
        )
    return user


def _create_account(identity: Identity, request: HttpRequest) -> Any:
    """Return a new user, as invited or because the settings allow it; raise SignInRefused."""
    invitation = Invitation.objects.active().filter(email=identity.email).first()
    if invitation and (user := accept(invitation, None, request)):
        return user
    if not settings.SSO_CREATE_USERS:
        raise SignInRefused(
            f"There is no account on this site for {identity.email}. Ask an administrator of this "
            "site to invite you."
        )
    try:
        with transaction.atomic():
            user = get_user_model().objects.create_user(
                identity.email, None, first_name=identity.first_name, last_name=identity.last_name
            )
            detail = f"At the first sign-in through {settings.SSO_NAME}"
            record_event(EventKind.ACCOUNT_CREATED, user, request, detail=detail)
    except IntegrityError as error:
        raise SignInRefused("Your account was created a moment ago. Sign in again.") from error
    return user


@transaction.atomic
def prepare_account(user: Any, identity: Identity, request: HttpRequest) -> None:
    """Connect `user` with the identity, once, and set the roles; all steps have succeeded.

    From then on the password is not valid, and sessions that began with it have ended: the account
    may have been prepared by somebody who knew whose address it has.
    """
    _, is_new = SocialAccount.objects.get_or_create(
        provider=settings.SSO_ISSUER, uid=identity.subject, defaults={"user": user}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        current = request.session.session_key
        end_sessions(user, lambda session: session.key != current)
        detail = f"You now sign in through {settings.SSO_NAME} only"
        record_event(EventKind.IDENTITY_CONNECTED, user, request, detail=detail, actor=user)
    set_roles(user, identity)


@transaction.atomic
def set_roles(user: Any, identity: Identity) -> None:
    """Give `user` the roles of `identity` and no other; the last administrator stays one.

    Groups that SSO_ROLES does not name and that belong to no role are left alone.
    """
    if identity.roles is None:
        return
    targets = {_get_group_name(name) for name in identity.roles} - {""}
    managed = {role.group for role in ROLES}
    managed |= {*settings.SSO_ROLES.values()} - {role.name for role in ROLES}
    current = {*user.groups.values_list("name", flat=True)}
    managed |= {name for name in current if is_member_group(name)}
    if surplus := (current & managed) - targets:
        user.groups.remove(*Group.objects.filter(name__in=surplus))
    if missing := targets - current:
        user.groups.add(*Group.objects.filter(name__in=missing))
    is_administrator = ADMINISTRATOR.name in identity.roles
    if user.is_superuser and not is_administrator and _is_last_administrator(user):
        return
    if user.is_superuser != is_administrator:
        user.is_superuser = is_administrator
        user.save(update_fields=["is_superuser"])


def _get_group_name(name: str) -> str:
    """Return the name of the group for a role or group; "" for administrators.

    The group of a partner's press officers is created if they are the first.
    """
    partner = get_partner_name(name)
    # The partner may have been deleted since the identity was read.
    if member_areas.get_group and partner and (key := member_areas.find_key(partner)):
        return member_areas.get_group(key).name
    return next((role.group for role in ROLES if role.name == name), name)


@transaction.atomic
def _is_last_administrator(user: Any) -> bool:
    administrators = get_user_model().objects.filter(is_active=True, is_superuser=True)
    # Locked, so that two cannot lose the role at the same time.
    keys = [*administrators.select_for_update().values_list("pk", flat=True)]
    return keys == [user.pk]


@transaction.atomic
def disconnect(user: Any) -> bool:
    """Forget the identity of `user`, who can then be connected anew; return False without one."""
    deleted, _ = SocialAccount.objects.filter(user_id=user.pk).delete()
    if deleted:
        record_event(EventKind.IDENTITY_DISCONNECTED, user)
    return bool(deleted)
