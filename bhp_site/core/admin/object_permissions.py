"""Who may view and who may choose a document or an image in the admin.

Listings, choosers, the admin API, exports, downloads and every form that takes an id use these
functions. The rule is Wagtail's permission policy for the object's collection. Access to the admin
grants no access to any object.
"""

from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permissions import policy_registry

# Each of these permissions on its collection lets a user view an object in the admin.
VIEW_ACTIONS = ["choose", "change", "delete"]
CHOOSE_ACTIONS = ["choose"]


def has_admin_access(user: Any) -> bool:
    """Return whether `user` may open the admin at all."""
    return bool(user.is_authenticated and user.has_perm("wagtailadmin.access_admin"))


def get_viewable(user: Any, model: type[Model]) -> QuerySet[Any]:
    """Return the rows of `model` that `user` may view by the permissions on their collections."""
    policy = policy_registry.get_by_type(model)
    viewable: QuerySet[Any] = policy.instances_user_has_any_permission_for(user, VIEW_ACTIONS)
    return viewable


def get_choosable(user: Any, model: type[Model]) -> QuerySet[Any]:
    """Return the rows of `model` that `user` may choose for use on a page."""
    policy = policy_registry.get_by_type(model)
    choosable: QuerySet[Any] = policy.instances_user_has_any_permission_for(user, CHOOSE_ACTIONS)
    return choosable


def can_view(user: Any, instance: Model) -> bool:
    """Return whether `user` may view `instance` by the permissions on its collection."""
    policy = policy_registry.get_by_type(type(instance))
    return bool(policy.user_has_any_permission_for_instance(user, VIEW_ACTIONS, instance))
