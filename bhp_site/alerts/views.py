"""The pages of subscribers: ask, confirm, change, leave. None is cached; a GET changes nothing."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bhp_site.core.personal_data import build_data_response
from bhp_site.core.private_links import private_link_view, render_privately
from bhp_site.core.rate_limits import HOUR_SECONDS
from bhp_site.enquiries.spam_protection import exceeds_limits
from bhp_site.enquiries.views import private_form

from .forms import SubscribeForm, TopicsForm
from .links import find_request, find_subscriber_by_token, get_manage_url
from .models import Frequency, Subscriber
from .subscribing import (
    CONSENT_TEXT,
    EXPORT_NAME,
    ask_for_alerts,
    change_choices,
    confirm,
    export_address,
)
from .topics import find_topics

TOO_MANY_REQUESTS = (
    "We are receiving too many forms at the moment, so we did not send yours. What you entered is "
    "still below. Please send it again in an hour."
)

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@private_form
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show and handle the form for alerts; `?topic=` preselects topics."""
    topics = find_topics(request.GET.getlist("topic"))
    data = request.POST if request.method == "POST" else None
    form = SubscribeForm(data, request=request, topics=topics)
    status = HTTPStatus.OK
    if form.is_bound and form.is_valid():
        answers = form.cleaned_data
        if not exceeds_limits(request, answers["email"]):
            ask_for_alerts(
                answers["email"], answers["topics"], answers["frequency"], form.fingerprint
            )
            return redirect("alerts-sent")
        form.add_error(None, TOO_MANY_REQUESTS)
        status = HTTPStatus.TOO_MANY_REQUESTS
    context = {"form": form, "consent": CONSENT_TEXT, "noindex": True}
    response = render(request, "alerts/subscribe.html", context, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = str(HOUR_SECONDS)
    return response


@require_safe
@never_cache
def show_sent(request: HttpRequest) -> HttpResponse:
    """Show the same answer to everybody who has sent the form."""
    return render(request, "alerts/sent.html", {"noindex": True})


@private_link_view
@read_or_post
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was asked for; a POST confirms it and leads to the subscriber's page."""
    subscription_request = find_request(token)
    topics = find_topics(subscription_request.topics) if subscription_request else []
    if not topics:
        return render_privately(request, "alerts/expired.html", {}, HTTPStatus.GONE)
    if request.method == "POST":
        subscriber = confirm(subscription_request)
        return HttpResponseRedirect(f"{get_manage_url(subscriber)}?confirmed", status=303)
    context = {
        "asked": subscription_request,
        "topics": topics,
        "frequency": Frequency(subscription_request.frequency).label,
    }
    return render_privately(request, "alerts/confirm.html", context | {"consent": CONSENT_TEXT})


def get_subscriber(token: str) -> Subscriber:
    """Return the subscriber with this token; raise Http404 if they have left."""
    subscriber: Subscriber | None = find_subscriber_by_token(token)
    if subscriber is None:
        raise Http404("There is no such page.")
    return subscriber


@private_link_view
@read_or_post
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Show a subscriber's own page; a POST saves topics and frequency."""
    subscriber = get_subscriber(token)
    data = request.POST if request.method == "POST" else None
    initial = {"frequency": subscriber.frequency}
    form = TopicsForm(data, topics=subscriber.topics, initial=initial)
    if form.is_bound and form.is_valid():
        change_choices(subscriber, form.cleaned_data["topics"], form.cleaned_data["frequency"])
        return HttpResponseRedirect(f"{request.path}?saved", status=303)
    context: dict[str, Any] = {
        "form": form,
        "subscriber": subscriber,
        "consent": CONSENT_TEXT,
        "is_confirmed": "confirmed" in request.GET,
        "is_saved": "saved" in request.GET and not form.is_bound,
        "leave_path": reverse("alerts-leave", args=[token]),
        "export_path": reverse("alerts-export", args=[token]),
    }
    return render_privately(request, "alerts/manage.html", context)


@private_link_view
@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    """Return all that is stored about a subscriber as JSON."""
    return build_data_response(EXPORT_NAME, export_address(get_subscriber(token).email))


@private_link_view
@read_or_post
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Return the page that asks whether to stop all e-mails; stop them after a POST.

    Mail programs may send that POST themselves (RFC 8058). It needs neither a cookie nor a session,
    and may be repeated; an unknown token looks like one that was used.
    """
    subscriber = find_subscriber_by_token(token)
    if request.method == "POST" and subscriber:
        subscriber.delete()
        subscriber = None
    return render_privately(request, "alerts/leave.html", {"subscriber": subscriber})
