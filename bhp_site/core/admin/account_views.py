"""The account page of the admin."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin import messages
from wagtail.admin.views.account import AccountView

PICTURE_LOST = (
    "Your profile picture was not saved, because the form has an error. Correct the error, choose "
    "the picture again, then save."
)


class SiteAccountView(AccountView):
    """Wagtail's account page, which says when a chosen profile picture was not saved.

    Its template writes the file field by hand, so the upload cannot be kept in a hidden field as
    in the forms of documents and images.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the account and return the response; warn if errors lose a chosen picture."""
        response: HttpResponse = super().post(request, *args, **kwargs)
        if request.FILES and response.status_code == HTTPStatus.OK:
            messages.warning(request, PICTURE_LOST)
        return response
