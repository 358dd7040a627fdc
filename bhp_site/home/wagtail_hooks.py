from typing import Any

from django.urls import path
from wagtail import hooks

from . import redirect_views


# Before Wagtail's own, whose addresses come later and keep their names.
@hooks.register("register_admin_urls", order=-1)
def redirect_urls() -> list[Any]:
    """Return the URLs of the views that replace Wagtail's views for redirects."""
    return [
        path("redirects/add/", redirect_views.CreateRedirectView.as_view()),
        path("redirects/<int:redirect_id>/", redirect_views.EditRedirectView.as_view()),
        path("redirects/import/", redirect_views.start_import),
        path("redirects/import/process/", redirect_views.process_import),
    ]
