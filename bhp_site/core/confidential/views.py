"""Screens: who may open a confidential draft, and for administrators the list of such drafts."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.models import Page

from ..admin.administrators import AdministratorScreenMixin, check_administrator
from ..admin.links import get_page_edit_url
from ..admin.page_policy import page_policy
from ..admin.page_screens import PageScreenView
from .records import ConfidentialDraft
from .rules import get_draft
from .tracking import set_people, take_over


def may_be_confidential(page: Page, user: Any) -> bool:
    """Return True for a draft that `user` may edit, without a public page below it."""
    if page.live or page.depth <= 2 or page.get_descendants().live().exists():
        return False
    return bool(page.permissions_for_user(user).can_edit())


class PeopleForm(forms.Form):
    """The choice of people who may open a draft; the user who sends the form always may."""

    people = forms.ModelMultipleChoiceField(
        queryset=get_user_model().objects.none(),
        required=False,
        label="Besides you, these people may open this draft",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, page: Page, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editors = page_policy.get_editors(page).exclude(pk=user.pk)
        self.fields["people"].queryset = editors.order_by("last_name", "first_name", "email")  # type: ignore[attr-defined]


class ConfidentialDraftView(PageScreenView):
    """The screen that shows and changes who may open a draft, and ends confidentiality."""

    template_name = "admin/confidential_draft.html"
    page_title = "Confidential draft"
    header_icon = "lock"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the page; raise PermissionDenied unless it is a draft that the user may edit."""
        super().setup(request, *args, **kwargs)
        self.page = get_object_or_404(Page, pk=kwargs["page_id"]).specific
        if not may_be_confidential(self.page, request.user):
            raise PermissionDenied
        self.draft = get_draft(self.page)
        people = self.draft.people.all() if self.draft else ()
        self.form = PeopleForm(
            request.POST if request.method == "POST" else None,
            page=self.page,
            user=request.user,
            initial={"people": people},
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the form, and whether there are colleagues to choose."""
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "has_colleagues": self.form.fields["people"].queryset.exists(),  # type: ignore[attr-defined]
            "is_confidential": self.draft is not None,
            "edit_url": get_page_edit_url(self.page.pk),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Store who may open the draft, or end confidentiality; return a redirect to the page."""
        user: Any = request.user
        if request.POST.get("action") == "end":
            set_people(self.page, [], user)
            messages.success(request, "The draft is not confidential any more.")
        elif self.form.is_valid():
            people = [user, *self.form.cleaned_data["people"]]
            set_people(self.page, people, user)
            number = len(people) - 1
            others = {0: "Only you", 1: "Only you and one other person"}.get(
                number, f"Only you and {number} others"
            )
            messages.success(request, f"{others} can open this draft now.")
        else:
            return self.render_to_response(self.get_context_data())
        return redirect("wagtailadmin_pages:edit", self.page.pk)


class ConfidentialDraftsView(AdministratorScreenMixin, TemplateView):
    """The list of all confidential drafts, without their titles, for administrators."""

    template_name = "admin/confidential_drafts.html"
    page_title = "Confidential drafts"
    header_icon = "lock"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the drafts, the newest first."""
        drafts = ConfidentialDraft.objects.select_related("page__content_type", "created_by")
        rows = [
            {
                "draft": draft,
                "kind": draft.page.cached_content_type.model_class()._meta.verbose_name,
                "people": [*draft.people.all()],
                "is_open": self.request.user in draft.people.all(),
                "edit_url": get_page_edit_url(draft.page_id),
            }
            for draft in drafts.prefetch_related("people").order_by("-created_at")
        ]
        return super().get_context_data(**kwargs) | {"rows": rows}


@require_POST
def take_over_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an administrator open a confidential draft; return a redirect to it."""
    check_administrator(request)
    draft = get_object_or_404(ConfidentialDraft, pk=pk)
    take_over(draft, request.user)
    messages.success(request, "You can open this draft now. The history of the page says so.")
    return redirect("wagtailadmin_pages:edit", draft.page_id)
