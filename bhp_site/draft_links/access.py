"""Decide what a request with the token of a draft gets: the draft, a password form, or less."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from bhp_site.core.private_links import private_link_view, render_privately
from bhp_site.sign_in.attempts import begin_attempt, end_attempt
from bhp_site.sign_in.sources import get_shared_sources
from bhp_site.sign_in.waits import explain_wait, mark_limited

from .links import find_link
from .models import DraftLink
from .shared_draft import SharedDraft

UNLOCKED_COOKIE = "draft"
UNLOCKED_SECONDS = 12 * 60 * 60

View = Callable[..., HttpResponseBase]


def draft_view(view: View) -> View:
    """Decorate a view of what a link offers: it receives a `SharedDraft` instead of the token.

    Unknown tokens are answered with 404, ended links with 410; once the page has been published,
    its links redirect to it. A link with a password asks for it.
    """

    @private_link_view
    @functools.wraps(view)
    def call_view(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        link = find_link(token)
        if link is None:
            raise Http404
        if not link.has_ended and (url := link.get_public_url()):
            return HttpResponseRedirect(url)
        if link.has_ended or link.was_published_since:
            return render_privately(request, "draft_links/ended.html", {}, HTTPStatus.GONE)
        draft = SharedDraft(link, token)
        if link.password and not is_unlocked(request, link):
            return ask_password(request, draft)
        return view(request, draft, **kwargs)

    return call_view


def is_unlocked(request: HttpRequest, link: DraftLink) -> bool:
    """Return True if this browser has sent the password of `link` in the last twelve hours."""
    value = request.get_signed_cookie(
        UNLOCKED_COOKIE, default="", salt=_get_salt(link), max_age=UNLOCKED_SECONDS
    )
    return bool(value == _get_password_digest(link))


def ask_password(request: HttpRequest, draft: SharedDraft) -> HttpResponse:
    """Return the password form, or unlock the link if the right password was sent."""
    error, wait = "", 0
    if request.method == "POST":
        sources = get_shared_sources(request, f"draft link {draft.link.pk}")
        if wait := begin_attempt(sources):
            error = explain_wait(wait)
        elif draft.link.accepts_password(request.POST.get("password", "")):
            end_attempt(sources)
            return _unlock(draft)
        else:
            error = "This is not the password. Check it and try again."
    context = {"error": error, "action": draft.get_path()}
    response = render_privately(request, "draft_links/password.html", context, HTTPStatus.FORBIDDEN)
    return mark_limited(response, wait)


def _unlock(draft: SharedDraft) -> HttpResponse:
    response = HttpResponseRedirect(draft.get_path(), status=303)
    response.set_signed_cookie(
        UNLOCKED_COOKIE,
        _get_password_digest(draft.link),
        salt=_get_salt(draft.link),
        path=draft.get_path(),
        max_age=UNLOCKED_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _get_salt(link: DraftLink) -> str:
    return f"bhp_site.draft_links.{link.pk}"


def _get_password_digest(link: DraftLink) -> str:
    """Return a keyed hash of the stored password: a new password locks the link again."""
    return salted_hmac("bhp_site.draft_links", link.password).hexdigest()
