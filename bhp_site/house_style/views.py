"""Saying that a finding is none, and the list of all findings."""

import datetime

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page, Site
from wagtail.permission_policies.pages import PagePermissionPolicy

from .check import TITLES
from .models import Dismissal, dismiss, take_back
from .pages import Found, found_among, found_on, names_of


class DismissForm(forms.Form):
    code = forms.ChoiceField(choices=[*TITLES.items()], widget=forms.HiddenInput)
    words = forms.CharField(max_length=250, strip=False, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=250)


def _edited(request: HttpRequest, page_id: int) -> Page:
    """The page, where the user may edit it."""
    page: Page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page


@require_POST
def dismiss_finding(request: HttpRequest, page_id: int) -> HttpResponse:
    """Keep the reason why a finding on the page's latest draft is none."""
    page = _edited(request, page_id)
    form = DismissForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say in one line why it is right as it stands.")
    else:
        names = names_of(Site.find_for_request(request))
        wanted = form.cleaned_data["code"], form.cleaned_data["words"]
        draft = page.get_latest_revision_as_object()
        found = (one for one in found_on(draft, names) if (one.code, one.words) == wanted)
        if finding := next(found, None):
            dismiss(page, finding, form.cleaned_data["reason"], request.user)
            messages.success(request, f"“{finding.words}” stays as it is.")
        else:
            messages.warning(request, "These words are no longer on the page.")
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_POST
def show_again(request: HttpRequest, page_id: int, pk: int) -> HttpResponse:
    """Take a dismissal back."""
    page = _edited(request, page_id)
    dismissal = get_object_or_404(Dismissal, pk=pk, page_id=page.pk)
    take_back(dismissal, request.user)
    messages.success(request, f"“{dismissal.words}” is looked for again.")
    return redirect("wagtailadmin_pages:edit", page.pk)


class FindingsFilter(WagtailFilterSet):
    code = django_filters.ChoiceFilter(label="Finding", choices=[*TITLES.items()])

    class Meta:
        model = Page
        fields: list[str] = []


class FindingsReport(ReportView):
    """What the house-style check finds on the pages that the user may edit."""

    page_title = "House style"
    header_icon = "check"
    index_url_name = "house-style"
    index_results_url_name = "house-style-results"
    filterset_class = FindingsFilter
    permission_policy = PagePermissionPolicy()
    permission_required = "change"
    columns = [
        TitleColumn("page", accessor="page.title", get_url=lambda row: edit_url(row), label="Page"),
        Column("title", accessor="finding.title", label="Finding"),
        Column("snippet", accessor="finding.snippet", label="Words"),
        Column("where", accessor="finding.where", label="Where"),
        Column("advice", accessor="finding.advice", label="What to do"),
    ]
    list_export = [
        "page.title",
        "page.status_string",
        "finding.title",
        "finding.words",
        "finding.snippet",
        "finding.where",
        "finding.advice",
        "page.full_url",
    ]
    export_headings = {
        "page.title": "Page",
        "page.status_string": "Status",
        "finding.title": "Finding",
        "finding.words": "Words",
        "finding.snippet": "In context",
        "finding.where": "Where",
        "finding.advice": "What to do",
        "page.full_url": "Address",
    }

    def get_filename(self) -> str:
        return f"house-style-{datetime.date.today():%Y-%m-%d}"

    def get_filtered_queryset(self) -> list[Found]:
        user = self.request.user
        pages = self.permission_policy.instances_user_has_permission_for(user, "change")
        found = found_among(
            pages.filter(depth__gt=1), names_of(Site.find_for_request(self.request))
        )
        code = self.filters.form.cleaned_data["code"] if self.filters.is_valid() else ""
        return [one for one in found if code in ("", one.finding.code)]


def edit_url(row: Found) -> str:
    return reverse("wagtailadmin_pages:edit", args=[row.page.pk])
