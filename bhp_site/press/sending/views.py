"""The screen on which a release is sent under embargo, and who has it."""

from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from bhp_site.core.admin.page_screens import PageScreenView
from bhp_site.core.text.dates import format_public_time
from bhp_site.core.text.sentences import count_noun
from news.embargo import get_release_url
from news.models import NewsPage, Release

from ..models import PressEmail
from . import recipients
from .emails import EmailContent, describe_embargo, write_release_email
from .embargo import EmbargoState, ReleaseEmbargo, get_embargo
from .forms import SendForm
from .states import list_states

EXAMPLE_LINK = "https://example.org/drafts/personal-link/"
TEST_FIRST = "Nothing was sent. Send a test of this e-mail to yourself first, and read it."
TEST_FAILED = (
    "The test could not be sent ({}). Nothing was sent to anybody else. Try again with the button "
    "below. The site tries again too: preview the e-mail later, and you can send it as soon as the "
    "test has been sent."
)
NOT_UNDER_EMBARGO = "Nothing was sent: the release is not under embargo any more."


def may_send(page: NewsPage, user: Any) -> bool:
    """Return True if `user` may send `page` to journalists before it is published."""
    return bool(
        user.has_perm("press.send_under_embargo") and page.permissions_for_user(user).can_edit()
    )


def _get_digest(content: EmailContent) -> str:
    """Return a hash of what recipients of an e-mail read."""
    return sha256(f"{content.subject}\n{content.text}".encode()).hexdigest()


class SendView(PageScreenView):
    """Choose recipients, read the e-mail, test it, send it; below, everybody who has it."""

    page_title = "Send under embargo"
    header_icon = "mail"
    template_name = "admin/press_send.html"
    page: NewsPage
    embargo: ReleaseEmbargo
    # Only users of the admin come here.
    user: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the response; raises PermissionDenied if the user may not send the release."""
        self.page, self.user = get_object_or_404(NewsPage, pk=kwargs["page_id"]), request.user
        if not may_send(self.page, self.user):
            raise PermissionDenied
        self.embargo = get_embargo(self.page)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the embargo, the form, and the state of each recipient."""
        release = Release.objects.filter(announcement=self.page.pk).first()
        states = list_states(self.page, self.embargo)
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "form": kwargs.get("form") or self.build_form(),
            "is_under_embargo": self.embargo.state == EmbargoState.UNDER_EMBARGO,
            "is_published": self.embargo.state == EmbargoState.PUBLISHED,
            "embargo": self.embargo.until and format_public_time(self.embargo.until),
            "release_url": get_release_url(release) if release else "",
            "states": states,
            "has_failed": any(state.is_failed for state in states),
            "has_active": any(state.is_active for state in states),
        }

    def build_form(self, data: Any = None) -> SendForm:
        """Return the form for this page and user."""
        may_add = self.user.has_perm("press.add_presscontact")
        return SendForm(data, page=self.page, may_add=may_add)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send, test or preview the release, or end links, as a button says; return the screen."""
        act = request.POST.get("act")
        if act == "end":
            return self._end()
        if act == "retry":
            return self._retry()
        if self.embargo.state != EmbargoState.UNDER_EMBARGO:
            messages.error(request, NOT_UNDER_EMBARGO)
            return self._go_back()
        form = self.build_form(request.POST)
        if act == "change" or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        content = write_release_email(
            self.page,
            self.embargo,
            message=form.cleaned_data["message"],
            link_url=EXAMPLE_LINK,
        )
        if act == "send":
            return self._send(form, content)
        if act == "test":
            return self._send_test(form, content)
        return self._show_preview(form, content)

    @property
    def _session_key(self) -> str:
        return f"press-test-email-{self.page.pk}"

    def _get_test(self, content: EmailContent) -> int | None:
        """Return the key of the test of exactly this e-mail; None if the user has sent none."""
        digest, key = self.request.session.get(self._session_key) or ("", None)
        return key if digest == _get_digest(content) else None

    def _is_tested(self, content: EmailContent) -> bool:
        """Return True if a test of exactly this e-mail was sent to the user, or is being sent."""
        key = self._get_test(content)
        return key is not None and not PressEmail.objects.filter(pk=key).failing().exists()

    def _show_preview(self, form: SendForm, content: EmailContent) -> HttpResponse:
        """Return the e-mail as it would be sent, with the buttons to test and to send it."""
        self.template_name = "admin/press_send_preview.html"
        return self.render_to_response(
            self.get_context_data(
                form=form,
                content=content,
                embargo_line=describe_embargo(self.embargo),
                people=count_noun(form.count_people(), "person", "people"),
                own_address=self.user.email,
                is_tested=self._is_tested(content),
            )
        )

    def _send_test(self, form: SendForm, content: EmailContent) -> HttpResponse:
        email = recipients.send_test(
            self.page, form.cleaned_data["message"], self.user, self._get_test(content)
        )
        self.request.session[self._session_key] = [_get_digest(content), email.pk]
        # Without a worker it has been sent, or has failed, by now.
        email.refresh_from_db()
        if email.problem:
            messages.error(self.request, TEST_FAILED.format(email.problem))
        else:
            messages.success(
                self.request, f"A test is on its way to {email.to}. Read it before you send it."
            )
        return self._show_preview(form, content)

    def _send(self, form: SendForm, content: EmailContent) -> HttpResponse:
        if not self._is_tested(content):
            messages.error(self.request, TEST_FIRST)
            return self._show_preview(form, content)
        with transaction.atomic():
            count = recipients.send_release(
                self.page, form.get_people(), form.cleaned_data["message"], self.user
            )
        people = count_noun(count, "person", "people")
        messages.success(self.request, f"The release is being sent to {people}.")
        return self._go_back()

    def _end(self) -> HttpResponse:
        """End the access of one recipient, or of all."""
        active = self.page.press_recipients.active()
        key = self.request.POST.get("recipient", "")
        if key:
            active = active.filter(pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
        count = recipients.end_access(self.page, active, self.user)
        links = count_noun(count, "link")
        messages.success(self.request, f"{links} ended. Nobody can open what was sent with it.")
        return self._go_back()

    def _retry(self) -> HttpResponse:
        if recipients.retry_failed(self.page):
            messages.success(self.request, "The e-mails that failed are being sent again.")
        else:
            messages.error(
                self.request,
                "An e-mail still cannot be sent. The reason is shown below. The site tries again.",
            )
        return self._go_back()

    def _go_back(self) -> HttpResponse:
        return redirect(reverse("press-send", args=[self.page.pk]))
