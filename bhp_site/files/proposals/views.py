"""Screens on which changes of public documents and images are proposed and decided."""

import mimetypes
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from bhp_site.core.monitoring.refusals import Reason, note_refusal

from ..permissions.approval import may_publish_anything
from ..permissions.public_access import PRIVATE_CACHE_CONTROL
from ..versions.replacement_view import MAX_SHOWN_PAGES
from ..versions.review import find_affected_places, review_upload
from .differences import get_differences
from .models import FILE_MISSING, AlreadyDecided, Proposal

# Pages of the admin may show these in the browser; everything else is saved.
INLINE_TYPES = {
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/avif",
    "image/gif",
}
MAX_DECIDED = 20


class DeclineForm(forms.Form):
    """Why a publisher declines a proposal."""

    comment = forms.CharField(
        max_length=500,
        required=False,
        label="Reason (required if you decline)",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "The person who proposed the changes sees this on their dashboard and in an e-mail."
        ),
    )


class ProposalsView(WagtailAdminTemplateMixin, TemplateView):
    """The list of proposals that the user can decide about or has made."""

    template_name = "admin/proposals.html"
    page_title = "Proposals"
    header_icon = "clipboard-list"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": "Proposals"},
    ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the waiting proposals and those of the user."""
        user: Any = self.request.user
        own = Proposal.objects.made_by(user)
        return super().get_context_data(**kwargs) | {
            "may_publish": may_publish_anything(user),
            "waiting": Proposal.objects.decidable_by(user).waiting().with_targets(),
            "own": own.waiting().with_targets(),
            "decided": own.exclude(state=Proposal.State.WAITING).with_targets()[:MAX_DECIDED],
        }


class ProposalView(WagtailAdminTemplateMixin, TemplateView):
    """The screen of a proposal, where a publisher accepts or declines it."""

    template_name = "admin/proposal.html"
    page_title = "Proposal"
    header_icon = "clipboard-list"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the proposal; raises Http404 if the user may not view it."""
        super().setup(request, *args, **kwargs)
        self.proposal = get_viewable_proposal(request.user, kwargs["pk"])
        self.form = DeclineForm(request.POST or None)

    def get_page_subtitle(self) -> str:
        """Return the title of the proposal."""
        return str(self.proposal)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Return the breadcrumbs: the list of proposals, this proposal."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("proposals"), "label": "Proposals"},
            {"url": "", "label": str(self.proposal)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the differences and what the user may decide."""
        proposal, user = self.proposal, self.request.user
        return super().get_context_data(**kwargs) | {
            "proposal": proposal,
            "target": proposal.target,
            "differences": get_differences(proposal),
            **self._compare(),
            "may_decide": proposal.is_waiting and proposal.may_decide(user),
            "may_cancel": proposal.is_waiting and proposal.proposed_by_id == user.pk,
            "form": self.form,
        }

    def _compare(self) -> dict[str, Any]:
        """Return how the proposed file differs from the one that is there, for the template."""
        proposal = self.proposal
        document = proposal.document
        has_file = proposal.file and not proposal.is_file_missing
        if document is None or not has_file or not proposal.is_waiting:
            return {}
        with proposal.file.open("rb") as file:
            comparison = review_upload(document, File(file), pages=proposal.pages)
        return {
            "comparison": comparison,
            "shown_pages": comparison.changed[:MAX_SHOWN_PAGES],
            "hidden_pages": comparison.changed[MAX_SHOWN_PAGES:],
            "places": find_affected_places(document, comparison, self.request.user),
        }

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept, decline or cancel the proposal; return a redirect, or the screen with an error.

        Raises PermissionDenied or Http404.
        """
        actions = {"accept": self._accept, "decline": self._decline, "cancel": self._cancel}
        action = actions.get(request.POST.get("act", ""))
        if action is None:
            raise Http404
        try:
            return action()
        except AlreadyDecided:
            messages.warning(
                request,
                "Nothing was changed. This proposal is already "
                f"“{self.proposal.get_state_display()}”.",
            )
            return redirect("proposals")

    def _accept(self) -> HttpResponse:
        proposal = self.proposal
        if not proposal.may_decide(self.request.user):
            raise PermissionDenied
        try:
            proposal.accept(self.request.user)
        except ValidationError as error:
            problems = " ".join(error.messages)
            messages.error(
                self.request,
                f"The proposal was not accepted. Nothing has changed. {problems} Decline it with "
                "a comment, or make the changes yourself.",
            )
            return redirect(proposal.url)
        messages.success(
            self.request,
            "You have accepted the proposal. Visitors now see the changes to "
            f"“{proposal.target.title}”.",
        )
        return redirect("proposals")

    def _decline(self) -> HttpResponse:
        proposal = self.proposal
        if not proposal.may_decide(self.request.user):
            raise PermissionDenied
        self.form.is_valid()
        comment = self.form.cleaned_data.get("comment", "").strip()
        if not comment:
            self.form.add_error(
                "comment", ("Enter a reason, so that the person can correct their changes.")
            )
            return self.render_to_response(self.get_context_data())
        proposal.decline(self.request.user, comment)
        messages.success(
            self.request,
            f"You have declined the proposal. “{proposal.target.title}” has not changed.",
        )
        return redirect("proposals")

    def _cancel(self) -> HttpResponse:
        if self.proposal.proposed_by_id != self.request.user.pk:
            raise PermissionDenied
        self.proposal.cancel(self.request.user)
        messages.success(self.request, "You have withdrawn your proposal. Nothing has changed.")
        return redirect("proposals")


def get_viewable_proposal(user: Any, pk: int) -> Proposal:
    """Return the proposal with the key `pk`; raise Http404 if `user` may not see it."""
    proposal: Proposal = get_object_or_404(Proposal.objects.with_targets(), pk=pk)
    if not proposal.may_view(user):
        note_refusal(Reason.PRIVATE, "proposal")
        raise Http404
    return proposal


def serve_proposed_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Return a response with the proposed file; raises Http404 if the user may not have it."""
    proposal = get_viewable_proposal(request.user, pk)
    if not proposal.file or proposal.is_file_missing:
        raise Http404(FILE_MISSING)
    kind = mimetypes.guess_type(proposal.file_name)[0] or "application/octet-stream"
    response = FileResponse(
        proposal.file.open("rb"),
        content_type=kind,
        as_attachment=kind not in INLINE_TYPES,
        filename=proposal.file_name,
    )
    response.headers["Cache-Control"] = PRIVATE_CACHE_CONTROL
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
