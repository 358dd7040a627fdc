"""The screen that unpublishes a page and asks what visitors get instead."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from bhp_site.core.publishing.unpublishing import record_unpublishing
from bhp_site.core.unpublishing import Outcome
from bhp_site.core.visibility import get_visible_pages

# As before anybody could choose: for what should never have been public, title included.
NOTHING = "nothing"
CHOICES = [*Outcome.choices, (NOTHING, "“Page not found”, as if it had never been there")]


class UnpublishForm(forms.Form):
    """The choice of what visitors get at the address of a page, with the reason."""

    outcome = forms.ChoiceField(
        label="What visitors get at this address",
        required=False,
        choices=CHOICES,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=250,
        help_text="For a notice or a withdrawn page: one sentence that visitors see, such as “The "
        "programme has ended”.",
    )
    target = forms.ModelChoiceField(
        Page.objects.all(),
        label="Page that visitors are sent to",
        required=False,
        widget=AdminPageChooser(),
    )

    def __init__(self, *args: Any, page: Any, **kwargs: Any) -> None:
        """Offer the outcomes that `page` can have: only records can be withdrawn."""
        super().__init__(*args, **kwargs)
        self.page = page
        if not page.is_record:
            self.fields["outcome"].choices = [  # type: ignore[attr-defined]
                choice for choice in CHOICES if choice[0] != Outcome.WITHDRAWN
            ]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error if what the outcome needs is missing."""
        cleaned: dict[str, Any] = super().clean() or {}
        outcome, target = cleaned.get("outcome"), cleaned.get("target")
        if outcome in (Outcome.GONE, Outcome.WITHDRAWN) and not cleaned.get("reason"):
            self.add_error("reason", "Give visitors a reason.")
        if outcome == Outcome.REDIRECT and "target" not in self.errors:
            if target is None:
                self.add_error("target", "Choose the page that visitors are sent to.")
            elif target.path.startswith(self.page.path):
                self.add_error("target", "Choose another page than the one you unpublish.")
            elif not get_visible_pages().filter(pk=target.pk).exists():
                self.add_error("target", "Visitors cannot see this page. Choose a public page.")
        return cleaned


class SiteUnpublishView(UnpublishView):
    """Wagtail's view to unpublish a page, with the choice of what visitors get instead."""

    form: UnpublishForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the form, with a notice selected."""
        self.form = UnpublishForm(initial={"outcome": Outcome.GONE}, page=self.object)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Unpublish or withdraw the page, or return the form with its errors."""
        self.form = UnpublishForm(request.POST, page=self.object)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        return super().post(request, *args, **kwargs)

    def unpublish(self) -> HttpResponseBase | None:
        """Do what the form says; a withdrawn page stays live, so no hooks run."""
        answers, response = self.form.cleaned_data, None
        if answers["outcome"] != Outcome.WITHDRAWN:
            response = super().unpublish()
        if answers["outcome"] not in ("", NOTHING):
            record_unpublishing(self.object, **answers, user=self.request.user)
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
