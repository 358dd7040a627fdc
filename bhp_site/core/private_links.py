"""Links for people without an account: each has a token that is its only key.

Pages behind such links are for one reader. They are never stored, indexed or named as a referrer,
and logs show no token (`monitoring.redaction.hide_tokens`). Views that receive forms through them
need no CSRF token: a request without the token of the link does nothing, and with the referrer
policy below browsers send `Origin: null`, which Django's CSRF check refuses.
"""

import base64
import copy
import functools
import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

# 256 bits; the tokens of the site must have at least 128.
TOKEN_BYTES = 32
# Stands for the link in a stored e-mail, until it is sent.
LINK_PLACEHOLDER = "[[link]]"
PRIVATE_HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

View = Callable[..., HttpResponseBase]


def make_token() -> str:
    """Return a new random token, safe in URLs."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def derive_token(kind: str, nonce: str) -> str:
    """Return the token that belongs to a stored random `nonce`, as random as that.

    Only this site's secret key leads from one to the other, so an e-mail with the link can be
    built again when it is sent, while the database holds neither the token nor the link.
    """
    digest = salted_hmac(f"bhp_site.private_links.{kind}", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_token(token: str) -> str:
    """Return the SHA-256 hash, in hexadecimal, under which a token is stored."""
    return sha256(token.encode()).hexdigest()


def private_link_view(view: View) -> View:
    """Decorate a view of private links: “not found” has no token in it, and forms need no cookie.

    Other error pages link to the address that they are about. `middleware.PrivateLinkHeaders`
    adds the headers.
    """

    @functools.wraps(view)
    @sensitive_variables("token")
    def call_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return render_privately(request, "404.html", {}, status=404)

    return csrf_exempt(sensitive_post_parameters()(call_view))


def render_privately(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Return a rendered page of a private link, in which nothing refers to its address."""
    public = make_anonymous(request, "/")
    return render(public, template, context | {"noindex": True}, status=status)


def make_anonymous(request: HttpRequest, path: str) -> HttpRequest:
    """Return a copy of `request` as an anonymous GET request for `path`, without cookies."""
    clone = copy.copy(request)
    clone.method = "GET"
    clone.path = clone.path_info = path
    clone.GET = QueryDict()  # type: ignore[assignment]
    clone.COOKIES = {}
    clone.user = AnonymousUser()
    return clone


@private_link_view
def answer_not_found(request: HttpRequest) -> HttpResponseBase:
    """Raise Http404 instead of returning a response; for what no view serves at a private link."""
    raise Http404
