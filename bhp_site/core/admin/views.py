"""Views of the admin in place of Wagtail's own, which fail on some requests."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.choosers import ExternalLinkChooserForm, URLOrAbsolutePathField
from wagtail.admin.views.chooser import ExternalLinkView


class _AddressField(URLOrAbsolutePathField):
    def to_python(self, value: Any) -> Any:
        # Wagtail's field fails where the form was sent without it.
        return super().to_python(value or "")


class _LinkForm(ExternalLinkChooserForm):
    url = _AddressField(label="Address")


class _LinkView(ExternalLinkView):
    form_class = _LinkForm


choose_external_link = require_admin_access(_LinkView.as_view())


@require_admin_access
def no_error_test(request: HttpRequest) -> HttpResponse:
    """Return 404 in place of Wagtail's view that raises on purpose: error reports are for bugs."""
    raise Http404
