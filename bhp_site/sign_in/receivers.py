"""Receivers that record events of accounts, on every path that signs in or changes an account."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.dispatch import Signal
from django.http import HttpRequest

from bhp_site.core.text.sentences import join_names

from .events import record_event
from .first_password import delete_replaced_password
from .models import EventKind
from .sessions import end_sessions, start_session

# An account was deactivated, or is being deleted, in the same transaction: the argument `user`.
account_deactivated = Signal()

WATCHED_FIELDS = ("email", "is_active", "is_superuser")


def record_sign_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Record that `user` signed in, also in the session."""
    if request is not None and hasattr(request, "session"):
        start_session(request)
    detail = getattr(request, "sign_in_detail", "")
    record_event(EventKind.SIGNED_IN, user, request, actor=user, detail=detail)


def record_sign_out(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Record that `user` signed out; None if nobody was signed in."""
    if user is not None:
        record_event(EventKind.SIGNED_OUT, user, request, actor=user)


def record_failure(
    credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Record a wrong password, but no attempt that was refused without looking at it.

    Their number is therefore limited like that of attempts.
    """
    if getattr(request, "sign_in_wait", 0):
        return
    model = get_user_model()
    email = credentials.get("username") or credentials.get(model.USERNAME_FIELD) or ""
    user = model.objects.filter(email__iexact=email).first()
    detail = "" if user else "There is no account with this e-mail address"
    record_event(EventKind.SIGN_IN_FAILED, user, request, detail=detail)


def note_earlier_values(
    instance: Any, update_fields: Collection[str] | None = None, raw: bool = False, **kwargs: Any
) -> None:
    """Remember the stored values of what is recorded when it changes, until the user is saved."""
    instance._earlier_values = None
    instance._has_new_password = False
    if raw or instance._state.adding:
        return
    watched = {*WATCHED_FIELDS, "password"}
    if update_fields is not None and watched.isdisjoint(update_fields):
        return
    # Django keeps the new password until it is saved, unless it only hashes the same one again.
    instance._has_new_password = instance._password is not None
    stored = type(instance)._default_manager.filter(pk=instance.pk)
    instance._earlier_values = stored.values(*WATCHED_FIELDS).first()


def record_changes(instance: Any, **kwargs: Any) -> None:
    """Record what is different about a saved user."""
    earlier = instance._earlier_values
    if earlier is None:
        return
    old_address = earlier["email"]
    if old_address != instance.email:
        record_event(
            EventKind.ADDRESS_CHANGED,
            instance,
            detail=f"From {old_address} to {instance.email}",
            notice_address=old_address,
        )
    if instance._has_new_password:
        record_event(EventKind.PASSWORD_CHANGED, instance, notice_address=old_address)
    if earlier["is_active"] != instance.is_active:
        kind = EventKind.REACTIVATED if instance.is_active else EventKind.DEACTIVATED
        record_event(kind, instance)
    if earlier["is_active"] and not instance.is_active:
        end_sessions(instance)
        account_deactivated.send(type(instance), user=instance)
    if earlier["is_superuser"] != instance.is_superuser:
        detail = "Now an administrator" if instance.is_superuser else "No longer an administrator"
        record_event(EventKind.GROUPS_CHANGED, instance, detail=detail)


def end_deleted_account(instance: Any, **kwargs: Any) -> None:
    """End what a user could still do with sessions and links, before the account is deleted."""
    if instance.is_active:
        end_sessions(instance)
        account_deactivated.send(type(instance), user=instance)


def record_groups(
    instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    """Record that users joined or left groups."""
    if action == "pre_clear":
        pk_set = {*(instance.user_set if reverse else instance.groups).values_list("pk", flat=True)}
    elif action not in ("post_add", "post_remove"):
        return
    if not pk_set:
        return
    users: Iterable[Any] = [instance]
    if reverse:
        users = get_user_model().objects.filter(pk__in=pk_set)
        names = instance.name
    else:
        groups = Group.objects.filter(pk__in=pk_set).order_by("name")
        names = join_names(groups.values_list("name", flat=True))
    verb = "Added to" if action == "post_add" else "Removed from"
    for user in users:
        record_event(EventKind.GROUPS_CHANGED, user, detail=f"{verb} {names}")


def connect() -> None:
    """Connect the receivers."""
    user = get_user_model()
    user_logged_in.connect(record_sign_in)
    user_logged_out.connect(record_sign_out)
    user_login_failed.connect(record_failure)
    pre_save.connect(note_earlier_values, sender=user)
    post_save.connect(record_changes, sender=user)
    post_save.connect(delete_replaced_password, sender=user)
    pre_delete.connect(end_deleted_account, sender=user)
    m2m_changed.connect(record_groups, sender=user.groups.through)
