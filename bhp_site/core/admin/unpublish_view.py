"""The screen that unpublishes a page and asks what visitors get instead."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from bhp_site.core.outcome_choice import add_choice_errors, list_outcomes
from bhp_site.core.publishing.unpublishing import record_unpublishing
from bhp_site.core.unpublishing import MAX_REASON_CHARACTERS, Outcome

# As before anybody could choose: for what should never have been public, title included.
NO_NOTICE = "nothing"
NOTHING_CHOICE = (NO_NOTICE, "“Page not found”, as if it had never been there")


class UnpublishForm(forms.Form):
    """The choice of what visitors get at the address of a page, with the reason."""

    outcome = forms.ChoiceField(
        label="What visitors get at this address",
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=MAX_REASON_CHARACTERS,
        help_text="For a notice or a withdrawn page: one sentence that visitors see, such as “The "
        "programme has ended”.",
    )
    target = forms.ModelChoiceField(
        Page.objects.all(),
        label="Page that visitors are sent to",
        required=False,
        widget=AdminPageChooser(),
    )

    def __init__(self, *args: Any, pages: Sequence[Any], **kwargs: Any) -> None:
        """Offer the outcomes that all `pages` can have: only records can be withdrawn."""
        super().__init__(*args, **kwargs)
        self.pages = pages
        outcome: Any = self.fields["outcome"]
        outcome.choices = [*list_outcomes(pages), NOTHING_CHOICE]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error if what the outcome needs is missing."""
        cleaned: dict[str, Any] = super().clean() or {}
        add_choice_errors(self, self.pages)
        return cleaned

    @property
    def is_withdrawal(self) -> bool:
        """Return True if the pages stay public, marked as withdrawn."""
        return bool(self.cleaned_data["outcome"] == Outcome.WITHDRAWN)

    def record(self, page: Any, user: Any) -> None:
        """Record the choice for `page`, if visitors are to get anything."""
        answers = {name: self.cleaned_data[name] for name in ("outcome", "reason", "target")}
        if answers["outcome"] not in ("", NO_NOTICE):
            record_unpublishing(page, **answers, user=user)


class SiteUnpublishView(UnpublishView):
    """Wagtail's view to unpublish a page, with the choice of what visitors get instead."""

    form: UnpublishForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the form, with a notice selected."""
        self.form = UnpublishForm(initial={"outcome": Outcome.GONE}, pages=[self.object])
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Unpublish or withdraw the page, or return the form with its errors."""
        self.form = UnpublishForm(request.POST, pages=[self.object])
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        return super().post(request, *args, **kwargs)

    def unpublish(self) -> HttpResponseBase | None:
        """Unpublish or withdraw the page as the form says; return what a hook answers, or None.

        A withdrawn page stays live, so no hooks run for it.
        """
        response = None if self.form.is_withdrawal else super().unpublish()
        self.form.record(self.object, self.request.user)
        return response

    def get_success_message(self) -> str:
        """Return a message that says what visitors get now."""
        title = self.get_object_display_title()
        done = {
            Outcome.GONE: f"“{title}” is unpublished. Visitors see your reason at its address.",
            Outcome.REDIRECT: f"“{title}” is unpublished. Its address leads visitors to "
            f"“{self.form.cleaned_data['target']}”.",
            Outcome.WITHDRAWN: f"“{title}” is marked as withdrawn, with your reason. It is no "
            "longer in lists and feeds. To undo this, publish it again.",
        }
        return done.get(self.form.cleaned_data["outcome"], f"“{title}” is unpublished.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the form."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"form": self.form, "media": self.form.media}
