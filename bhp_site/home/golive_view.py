"""The go-live checklist in the admin."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from wagtail.admin.auth import user_passes_test

from .golive import get_steps


def is_administrator(user: object) -> bool:
    """Return True if `user` may see the checklist, which tells how the site is run."""
    return bool(getattr(user, "is_superuser", False))


@require_safe
@user_passes_test(is_administrator)
def golive(request: HttpRequest) -> HttpResponse:
    """Show the go-live checklist to administrators."""
    context = {"steps": get_steps(), "page_title": "Go-live checklist", "header_icon": "tasks"}
    return TemplateResponse(request, "admin/golive.html", context)
