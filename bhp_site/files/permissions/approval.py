"""Who may change documents and images that are public: users who may publish them.

The rule holds for every change that a user of the admin makes, whatever the view: receivers of
the models' own signals raise ApprovalNeeded. Forms turn a refused change into a proposal before
it comes to that: see `proposals`.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.db.models.signals import pre_delete, pre_save
from wagtail.log_actions import get_active_log_context
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionPermissionPolicy

from bhp_site.core.confidential.rules import hide_files
from bhp_site.core.models import SiteImage
from bhp_site.core.publishing import second_person
from bhp_site.core.publishing.approved_changes import are_changes_allowed

from ..models import SiteDocument
from ..versions.models import DocumentVersion
from .public_access import is_public, is_public_collection

PUBLISH_ACTION = "publish"
# Fields that a form does not have, but that decide what visitors get.
EXTRA_PUBLIC_FIELDS = {"version_number", "withdrawn_reason"}
# What users may change about a version once it is there.
APPROVED_VERSION_FIELDS = {"withdrawn_at", "published_date", "published_precision"}
# Editors sort documents and images by tags; visitors never see them.
PRIVATE_FIELDS = {"tags"}
# Fields whose change shows visitors nothing new: a second person need not see it.
UNSEEN_FIELDS = {"collection", "withdrawn_reason"}

PUBLISH_POLICIES: dict[type[Model], Any] = {
    model: CollectionPermissionPolicy(model) for model in (SiteDocument, SiteImage)
}


class ApprovalNeeded(PermissionDenied):
    """A user who may not publish it has tried to change what is public."""


def may_publish(user: Any, instance: Model) -> bool:
    """Return whether `user` may publish `instance` by the permissions on its collection."""
    policy = PUBLISH_POLICIES[type(instance)]
    return bool(policy.user_has_permission_for_instance(user, PUBLISH_ACTION, instance))


def may_publish_in(user: Any, model: type[Model], collection: Collection) -> bool:
    """Return whether `user` may publish documents or images (`model`) in `collection`."""
    allowed = PUBLISH_POLICIES[model].collections_user_has_permission_for(user, PUBLISH_ACTION)
    return bool(allowed.filter(pk=collection.pk).exists())


def may_publish_anything(user: Any) -> bool:
    """Return whether `user` may publish documents or images in any collection."""
    return any(
        policy.user_has_permission(user, PUBLISH_ACTION) for policy in PUBLISH_POLICIES.values()
    )


def get_publishable(user: Any, model: type[Model]) -> QuerySet[Any]:
    """Return the rows of `model` that `user` may publish."""
    policy = PUBLISH_POLICIES[model]
    return hide_files(policy.instances_user_has_permission_for(user, PUBLISH_ACTION), user)


def needs_approval(user: Any, stored: Any, collection: Collection | None = None) -> bool:
    """Return whether a publisher must approve a change of `stored` by `user`.

    `stored` is the row as the database has it; `collection` is the one it is to be moved to.
    """
    if not may_publish(user, stored) and is_public(stored):
        return True
    return collection is not None and refuses_move(user, stored, collection)


def refuses_move(user: Any, stored: Any, collection: Collection) -> bool:
    """Return whether moving `stored` to `collection` needs a permission that `user` lacks.

    Everything in a public collection is public; and what is public stays in collections whose
    publishers are responsible for it.
    """
    if collection.pk == stored.collection_id:
        return False
    is_published = is_public_collection(collection) or is_public(stored)
    return is_published and not may_publish_in(user, type(stored), collection)


def refuses_creation(user: Any, model: type[Model], collection: Collection | None) -> bool:
    """Return whether a new `model` in `collection` would be public without `user`'s permission."""
    return bool(
        collection
        and is_public_collection(collection)
        and not may_publish_in(user, model, collection)
    )


def needs_second_person(stored: Any) -> bool:
    """Return whether a change that visitors see of `stored` needs another publisher."""
    return is_public(stored) and second_person.is_required() and not second_person.is_reason_given()


def get_public_fields(model: type[Model]) -> set[str]:
    """Return the names of the form fields of `model` that visitors see something of."""
    return {*model.admin_form_fields} - PRIVATE_FIELDS - UNSEEN_FIELDS  # type: ignore[attr-defined]


def get_changed_fields(stored: Any, instance: Model) -> set[str]:
    """Return the names of the fields visible to visitors whose values differ."""
    names = ({*type(instance).admin_form_fields} | EXTRA_PUBLIC_FIELDS) - PRIVATE_FIELDS  # type: ignore[attr-defined]
    fields = (field for field in instance._meta.concrete_fields if field.name in names)
    return {
        field.name
        for field in fields
        if field.attname in instance.__dict__
        and str(getattr(stored, field.attname)) != str(getattr(instance, field.attname))
    }


def get_acting_user() -> Any:
    """Return the admin user who makes this change; None for code and within `allow_changes`."""
    return None if are_changes_allowed() else get_active_log_context().user


def _check_change(
    instance: Any, raw: bool = False, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Refuse a change that needs approval, and a creation that would be public."""
    user = get_acting_user()
    if user is None or raw:
        return
    stored = type(instance)._base_manager.filter(pk=instance.pk).first() if instance.pk else None
    if stored is None:
        if refuses_creation(user, type(instance), instance.collection):
            raise ApprovalNeeded(
                f"{user} does not have permission to publish in {instance.collection}."
            )
        return
    changed = get_changed_fields(stored, instance)
    if update_fields is not None:
        changed &= set(update_fields)
    if changed and needs_approval(user, stored, instance.collection):
        raise ApprovalNeeded(f"{user} may not change {', '.join(sorted(changed))} of {stored}.")
    if changed - UNSEEN_FIELDS and needs_second_person(stored):
        raise ApprovalNeeded(f"A change of {stored} by {user} needs a second person.")


def _check_version(
    instance: DocumentVersion, update_fields: Iterable[str] | None = None, **kwargs: Any
) -> None:
    """Refuse to withdraw or date a version of a public document."""
    user = get_acting_user()
    if user is None or not APPROVED_VERSION_FIELDS.intersection(update_fields or ()):
        return
    if needs_approval(user, instance.document):
        raise ApprovalNeeded(f"{user} may not change {instance}.")


def can_publish_all(*instances: Model) -> bool:
    """Return whether the acting user may publish all `instances`; True if code acts."""
    user = get_acting_user()
    return user is None or all(may_publish(user, instance) for instance in instances)


def _check_deletion(instance: Any, **kwargs: Any) -> None:
    """Refuse to delete what is public."""
    user = get_acting_user()
    if user is not None and needs_approval(user, instance):
        raise ApprovalNeeded(f"{user} may not delete {instance}.")


def connect_receivers() -> None:
    """Connect the receivers for changes of documents and images; called when the app is ready."""
    pre_save.connect(_check_version, sender=DocumentVersion)
    for model in PUBLISH_POLICIES:
        pre_save.connect(_check_change, sender=model, dispatch_uid=f"approve-change:{model}")
        pre_delete.connect(_check_deletion, sender=model, dispatch_uid=f"approve-deletion:{model}")
