"""Wagtail's bulk action that unpublishes pages, with the choice of what visitors get instead."""

from typing import Any

from django import forms
from wagtail.admin.views.pages.bulk_actions import UnpublishBulkAction

from bhp_site.core.text.sentences import count_noun
from bhp_site.core.unpublishing import Outcome

from .unpublish_view import UnpublishForm


class BulkUnpublishForm(UnpublishForm):
    """The choice for several pages, and whether the pages below them are unpublished too."""

    include_descendants = forms.BooleanField(
        label="Unpublish the pages below them too", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask about pages below only if there are any."""
        super().__init__(*args, **kwargs)
        if not any(page.get_descendants().live().exists() for page in self.pages):
            self.fields["include_descendants"].widget = forms.HiddenInput()


class SiteUnpublishBulkAction(UnpublishBulkAction):
    """Unpublishes or withdraws pages, all with one choice."""

    form_class = BulkUnpublishForm

    def get_initial(self) -> dict[str, Any]:
        """Return the values of the form, with a notice selected."""
        return {"outcome": Outcome.GONE}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return the arguments of the form, with the pages that the user may unpublish."""
        pages, _ = self.get_actionable_objects()
        return {**super().get_form_kwargs(), "pages": pages}

    def get_execution_context(self) -> dict[str, Any]:
        """Return the arguments of `execute_action`, with the form."""
        return {**super().get_execution_context(), "form": self.cleaned_form}

    @classmethod
    def execute_action(
        cls, objects: Any, form: Any = None, user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        """Do what the form says; return how many pages were chosen, and how many were below."""
        counts = (len(objects), 0)
        if not form.is_withdrawal:
            counts = super().execute_action(objects, user=user, **kwargs)
        for page in objects:
            form.record(page.specific, user)
        return counts

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Return a message that says what visitors get now."""
        form: Any = self.cleaned_form
        pages = count_noun(num_parent_objects, "page")
        below = f" and {count_noun(num_child_objects, 'page')} below" if num_child_objects else ""
        if form.is_withdrawal:
            return f"{pages} marked as withdrawn, with your reason. To undo this, publish them."
        what = {
            Outcome.GONE: "Visitors see your reason at their addresses.",
            Outcome.REDIRECT: f"Their addresses lead visitors to “{form.cleaned_data['target']}”.",
        }.get(form.cleaned_data["outcome"], "")
        return f"{pages}{below} unpublished. {what}".strip()
