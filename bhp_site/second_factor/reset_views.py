"""The view that resets the second step of a user who has lost their phone and codes."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from .factors import describe_factor, get_factors, reset_factors


def may_reset(administrator: Any, user: Any) -> bool:
    """Return True if `administrator` may reset the factors of `user`."""
    if administrator.is_superuser:
        return True
    may_change: bool = administrator.has_perm("core.change_user")
    return may_change and not user.is_superuser


@never_cache
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page that asks whether to reset a user's factors; do it after a POST.

    Raises PermissionDenied unless the signed-in user may do it, and Http404 without such a user.
    """
    user = get_object_or_404(get_user_model(), pk=pk)
    if not may_reset(request.user, user):
        raise PermissionDenied
    if request.method == "POST":
        if reset_factors(user, request):
            messages.success(
                request, f"The second step of {user.email} was reset. We have told them by e-mail."
            )
        return redirect("wagtailusers_users:edit", pk)
    factors = [describe_factor(factor) for factor in get_factors(user)]
    return render(request, "admin/reset_second_factor.html", {"account": user, "factors": factors})
