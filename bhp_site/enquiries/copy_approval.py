"""Require the permission to publish both documents before an accessible copy is published."""

from typing import Any

from django.db.models.signals import pre_delete, pre_save

from bhp_site.files.permissions.approval import ApprovalNeeded, can_publish_all

from .models import AccessibleCopy


def check_approval(instance: AccessibleCopy, **kwargs: Any) -> None:
    """Raise ApprovalNeeded if the current user may not publish a copy of a public document.

    Receiver of `pre_save` and `pre_delete`.
    """
    if instance.original.is_public and not can_publish_all(instance.original, instance.copy):
        raise ApprovalNeeded(f"Only publishers can add or remove the copy {instance}.")


def connect() -> None:
    """Connect the receiver; called once when the app is ready."""
    pre_save.connect(check_approval, sender=AccessibleCopy, dispatch_uid="approve-copy")
    pre_delete.connect(check_approval, sender=AccessibleCopy, dispatch_uid="approve-copy-deletion")
