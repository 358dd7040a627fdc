"""Wagtail's views that take passwords, with limits of attempts."""

import secrets
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin.views import account
from wagtail.models import Page, PageViewRestriction

from bhp_site.core.url_prefixes import ADMIN_PREFIX

from .attempts import begin_attempt, end_attempt
from .forms import (
    PagePasswordForm,
    SignInForm,
    SitePasswordResetForm,
    VisitorSignInForm,
)
from .sources import (
    DEVICE_COOKIE,
    DEVICE_COOKIE_SALT,
    DEVICE_COOKIE_SECONDS,
    get_page_sources,
    get_reset_sources,
    make_device,
)
from .waits import mark_limited


class LimitedFormViewMixin:
    """Answers a form that was refused after too many attempts with status 429 (RFC 6585, 4)."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Return the response with the form again."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        return mark_limited(response, form.wait)


class PasswordSignInView(LimitedFormViewMixin, account.LoginView):
    """Wagtail's view to sign in to the admin, which remembers the browser."""

    def get_form_class(self) -> type[SignInForm]:
        """Return the form."""
        return SignInForm

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Sign in, and return a redirect that marks the browser as known to this account."""
        return remember_device(super().form_valid(form), form.get_user())


class VisitorPasswordSignInView(LimitedFormViewMixin, auth_views.LoginView):
    """The view to sign in on the way to a page that needs an account."""

    template_name = "wagtailcore/login.html"
    authentication_form = VisitorSignInForm


class PasswordResetView(LimitedFormViewMixin, account.PasswordResetView):
    """Wagtail's view to ask for a link that resets a password."""

    def get_form_class(self) -> type[SitePasswordResetForm]:
        """Return the form."""
        return SitePasswordResetForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the request, and return the response; send no e-mail if there were too many."""
        form: SitePasswordResetForm = self.get_form()
        form.wait = begin_attempt(get_reset_sources(request, request.POST.get("email", "")))
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)


class PasswordResetConfirmView(account.PasswordResetConfirmView):
    """Wagtail's view to choose a new password, which remembers the browser.

    A user who receives the account's e-mails can therefore sign in while others are guessing.
    """

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Return the form; with status 410 the page that says that the link does not work."""
        status = HTTPStatus.OK if context["validlink"] else HTTPStatus.GONE
        response: HttpResponse = super().render_to_response(context, status=status, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Save the password, and return a redirect that marks the browser as known."""
        return remember_device(super().form_valid(form), form.user)


def enter_page_password(
    request: HttpRequest, page_view_restriction_id: int, page_id: int
) -> HttpResponse:
    """Return the form for the password of a page; after the right one, a redirect to the page.

    As Wagtail's `authenticate_with_password`, with limits. Raises Http404 if there is no such page,
    or it does not have this restriction.
    """
    restriction = get_object_or_404(PageViewRestriction, pk=page_view_restriction_id)
    page = get_object_or_404(Page, pk=page_id).specific
    if restriction not in page.get_view_restrictions():
        raise Http404
    form = PagePasswordForm(request.POST or None, instance=restriction)  # type: ignore[call-arg]
    sources = get_page_sources(request, restriction)
    if form.is_bound:
        form.wait = begin_attempt(sources)
    if form.is_bound and form.is_valid():
        end_attempt(sources)
        restriction.mark_as_passed(request)
        target = form.cleaned_data["return_url"]
        is_ours = url_has_allowed_host_and_scheme(target, request.get_host(), request.is_secure())
        return redirect(target if is_ours else page.get_url(request) or "/")
    action = reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, page.pk])
    response = page.serve_password_required_response(request, form, action)
    return mark_limited(response, form.wait)


def remember_device(response: HttpResponse, user: Any) -> HttpResponse:
    """Return `response` with the cookie that marks the browser as known to the user's account."""
    response.set_signed_cookie(
        DEVICE_COOKIE,
        make_device(user.email, secrets.token_urlsafe(16)),
        salt=DEVICE_COOKIE_SALT,
        max_age=DEVICE_COOKIE_SECONDS,
        path=ADMIN_PREFIX,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
