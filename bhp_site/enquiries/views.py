"""The forms that visitors send, each on a page of its own, so that all others can be kept."""

import functools
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from bhp_site.core.models import SiteSettings
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import get_cache_control
from bhp_site.files.versions.models import FormerAddress

from . import letters
from .forms import CopyForm, EnquiryForm, ProblemForm, path_on_site
from .models import Request
from .protection import HOUR, is_too_much

TOO_MUCH = (
    "More requests have come than we can take in at once, so this one was not sent. Your words are "
    "kept below: please send it again in an hour."
)

View = Callable[..., HttpResponse]


def form_page(view: View) -> View:
    """What one visitor writes is for nobody else: not for those who keep pages, nor for a log."""
    view = require_http_methods(["GET", "HEAD", "POST"])(view)
    return functools.wraps(view)(never_cache(sensitive_post_parameters()(view)))


@form_page
def accessible_copy(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for a file in another form; Http404 where this visitor may not have the file itself."""
    document = SiteDocument.objects.filter(slug=slug).first() or _formerly(slug)
    get_cache_control(request, document)
    if document.withdrawn_reason:
        raise Http404
    if copy := document.copy_of.first():
        document = copy.original
    if document.slug != slug:
        return redirect("accessible-copy", document.slug)
    form = CopyForm(_sent(request), request=request)
    about = {
        "kind": Request.Kind.COPY,
        "document": document,
        "file_title": document.title,
        "version_number": document.version_number,
    }
    return _answer(request, form, about, "enquiries/accessible_copy.html")


def _formerly(slug: str) -> SiteDocument:
    """The file that had this address; Http404 where none had."""
    former = FormerAddress.objects.filter(path__startswith=f"/documents/{slug}.")
    found = former.select_related("document").first()
    if found is None:
        raise Http404
    return found.document


@form_page
def problem(request: HttpRequest) -> HttpResponse:
    """Takes the report of an accessibility problem; `?page=` is the page it was found on."""
    page = path_on_site(request.GET.get("page", ""), request)
    form = ProblemForm(_sent(request), request=request, initial={"page": page})
    return _answer(request, form, {"kind": Request.Kind.PROBLEM}, "enquiries/problem.html")


@require_safe
@never_cache
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """Says that a request has come, and by when to expect an answer; nothing about who sent it."""
    found = get_object_or_404(Request, reference=reference)
    context = {"enquiry": found, "answers": bool(found.email), "noindex": True}
    return render(request, "enquiries/sent.html", context)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answer(
    request: HttpRequest, form: EnquiryForm, about: dict[str, Any], template: str
) -> HttpResponse:
    """The form as it stands, or after it has been taken the way to the thanks."""
    status = 200
    if form.is_bound and form.is_valid():
        if is_too_much(request, form.cleaned_data["email"]):
            form.add_error(None, TOO_MUCH)
            status = 429
        else:
            return redirect("request-sent", _receive(request, form, about).reference)
    context = about | {"form": form, "noindex": True}
    response = render(request, template, context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    return response


def _receive(request: HttpRequest, form: EnquiryForm, about: dict[str, Any]) -> Request:
    """Keep the request with the mails about it, once however often it is sent."""
    site = SiteSettings.for_request(request)
    with transaction.atomic():
        kept, is_new = Request.objects.get_or_create(
            fingerprint=form.fingerprint, defaults=about | form.cleaned_data
        )
        if is_new:
            log(kept, "enquiries.receive")
            letters.confirm(kept, site)
            letters.tell_team(kept, site)
    return kept
