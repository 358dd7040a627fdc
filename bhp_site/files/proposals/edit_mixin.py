"""Edit views of documents and images that propose changes instead of saving them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from wagtail.admin import messages

from bhp_site.core.publishing import second_person

from ..permissions.approval import needs_approval, needs_second_person


class ProposalViewMixin:
    """For the edit view of a document or image: propose changes that need a publisher."""

    request: Any
    form: Any
    object: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the waiting proposals that the user may view."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        waiting = self._stored.proposals.waiting().with_targets()
        if self._must_propose:
            context["submit_button_label"] = "Send to the publishers"
        elif needs_second_person(self._stored):
            context["submit_button_label"] = "Send to a second person, or save with a reason"
            context |= self._get_reason_context()
        return context | {
            "proposes": self._must_propose,
            "proposals": [row for row in waiting if row.may_view(self.request.user)],
        }

    @cached_property
    def _stored(self) -> Any:
        """Return the row as it is: the form puts what was sent into `object`."""
        return type(self.object)._base_manager.get(pk=self.object.pk)

    @cached_property
    def _must_propose(self) -> bool:
        return needs_approval(self.request.user, self._stored)

    @cached_property
    def can_delete(self) -> bool:
        """Return True if the user may delete the object without a publisher."""
        return bool(super().can_delete) and not self._must_propose  # type: ignore[misc]

    def _get_reason_context(self) -> dict[str, str]:
        """Return the context of the field for a reason, which is kept if there is an error."""
        name = second_person.REASON_FIELD
        return {"reason_field": name, "going_ahead_reason": self.request.POST.get(name, "")}

    def _render_review(self, form: Any) -> HttpResponse:
        """Say on the screen that compares two files what confirming does."""
        response = super()._render_review(form)  # type: ignore[misc]
        response.context_data["proposes"] = form.proposes
        if form.may_go_ahead:
            response.context_data |= self._get_reason_context()
        return response  # type: ignore[no-any-return]

    def save_instance(self) -> Any:
        """Save the object, or store a proposal; return the object."""
        # Wagtail would log an edit.
        if self.form.proposes:
            return self.form.save()
        return super().save_instance()  # type: ignore[misc]

    def get_success_message(self) -> Any:
        """Return the message after saving; None for a proposal, which adds its own."""
        if not self.form.proposes:
            return super().get_success_message()  # type: ignore[misc,no-any-return]
        add_proposal_message(self.request, self.form)
        return None


def add_proposal_message(request: HttpRequest, form: Any) -> None:
    """Add a message that says whether `form` has stored a proposal; none if it has saved."""
    if not form.proposes:
        return
    title = form.instance.title
    if form.proposal is None:
        messages.warning(request, f"You have not changed “{title}”.")
        return
    messages.warning(
        request,
        f"Your changes to “{title}” have been sent to the publishers. Visitors see them when a "
        "publisher accepts them. Your dashboard shows the decision.",
        buttons=[messages.button(form.proposal.url, "Your proposal")],
    )
