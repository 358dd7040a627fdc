"""The pages with a form that visitors send. They are never cached; all other pages can be."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from bhp_site.core.models import SiteSettings
from bhp_site.core.rate_limits import HOUR_SECONDS
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import get_cache_control
from bhp_site.files.versions.models import FormerAddress

from . import emails
from .forms import CopyRequestForm, ProblemReportForm, VisitorForm, get_local_path
from .models import Enquiry
from .spam_protection import exceeds_limits

TOO_MANY_ENQUIRIES = (
    "We are receiving too many forms at the moment, so we did not send yours. What you wrote is "
    "still below. Please send it again in an hour."
)

View = Callable[..., HttpResponse]


def private_form(view: View) -> View:
    """Decorate a view whose form data must not be cached or appear in error reports."""
    view = require_http_methods(["GET", "HEAD", "POST"])(view)
    return functools.wraps(view)(never_cache(sensitive_post_parameters()(view)))


@private_form
def request_copy(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and handle the form to request an accessible copy of a document.

    Former addresses of a document redirect, and so do those of copies to their original. Raises
    Http404 if the visitor may not have the document.
    """
    document = SiteDocument.objects.filter(slug=slug).first() or _get_by_former_slug(slug)
    get_cache_control(request, document)
    if document.withdrawn_reason:
        raise Http404
    if copy := document.copy_of.first():
        document = copy.original
    if document.slug != slug:
        return redirect("accessible-copy", document.slug)
    form = CopyRequestForm(_get_form_data(request), request=request)
    fields = {
        "kind": Enquiry.Kind.COPY,
        "document": document,
        "document_title": document.title,
        "version_number": document.version_number,
    }
    return _handle_form(request, form, fields, "enquiries/accessible_copy.html")


def _get_by_former_slug(slug: str) -> SiteDocument:
    former = FormerAddress.objects.filter(path__startswith=f"/documents/{slug}.")
    address = former.select_related("document").first()
    if address is None:
        raise Http404
    return address.document


@private_form
def report_problem(request: HttpRequest) -> HttpResponse:
    """Show and handle the form to report an accessibility problem on the page in `?page=`."""
    page = get_local_path(request.GET.get("page", ""), request)
    form = ProblemReportForm(_get_form_data(request), request=request, initial={"page": page})
    return _handle_form(request, form, {"kind": Enquiry.Kind.PROBLEM}, "enquiries/problem.html")


@require_safe
@never_cache
def show_sent(request: HttpRequest, reference: str) -> HttpResponse:
    """Show that an enquiry was received and when it is due, without the sender's data."""
    enquiry = get_object_or_404(Enquiry, reference=reference)
    context = {"enquiry": enquiry, "answers": bool(enquiry.email), "noindex": True}
    return render(request, "enquiries/sent.html", context)


def _get_form_data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _handle_form(
    request: HttpRequest, form: VisitorForm, fields: dict[str, Any], template: str
) -> HttpResponse:
    """Render the form, or save a valid one as an enquiry with these `fields` and redirect."""
    status = HTTPStatus.OK
    if form.is_bound and form.is_valid():
        if not exceeds_limits(request, form.cleaned_data["email"]):
            return redirect("request-sent", _save_enquiry(request, form, fields).reference)
        form.add_error(None, TOO_MANY_ENQUIRIES)
        status = HTTPStatus.TOO_MANY_REQUESTS
    context = fields | {"form": form, "noindex": True}
    response = render(request, template, context, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = str(HOUR_SECONDS)
    return response


def _save_enquiry(request: HttpRequest, form: VisitorForm, fields: dict[str, Any]) -> Enquiry:
    """Return the enquiry, saved once with its emails however often the same form is sent."""
    site = SiteSettings.for_request(request)
    with transaction.atomic():
        enquiry, is_new = Enquiry.objects.get_or_create(
            fingerprint=form.fingerprint, defaults=fields | form.cleaned_data
        )
        if is_new:
            log(enquiry, "enquiries.receive")
            emails.send_confirmation(enquiry, site)
            emails.notify_team(enquiry, site)
    return enquiry
