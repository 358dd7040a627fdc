"""Offering an accessible copy publishes it: only users who may publish both documents do that."""

from typing import Any

from django.db.models.signals import pre_delete, pre_save

from bhp_site.files.permissions.approval import ApprovalNeeded, can_publish_all

from .models import AccessibleCopy


def _check(instance: AccessibleCopy, **kwargs: Any) -> None:
    if instance.original.is_public and not can_publish_all(instance.original, instance.copy):
        raise ApprovalNeeded(f"The copy {instance} is for publishers to offer or to take away.")


def connect() -> None:
    """Listen to changes of accessible copies; called when the app is ready."""
    pre_save.connect(_check, sender=AccessibleCopy, dispatch_uid="approve-copy")
    pre_delete.connect(_check, sender=AccessibleCopy, dispatch_uid="approve-copy-deletion")
