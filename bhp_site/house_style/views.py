"""Views of the admin: dismiss a finding, restore it, and a report of all findings."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page, Site

from bhp_site.core.admin.links import get_page_edit_url
from bhp_site.core.admin.page_policy import page_policy

from .checker import TITLES
from .models import Dismissal, dismiss, restore
from .page_checks import (
    PAGES_PER_SCREEN,
    PageFinding,
    check_page,
    check_pages,
    get_known_names,
    list_pages_to_check,
)


class DismissForm(forms.Form):
    """The finding to dismiss, and the reason."""

    code = forms.ChoiceField(choices=[*TITLES.items()], widget=forms.HiddenInput)
    text = forms.CharField(max_length=250, strip=False, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=250)


def get_editable_page(request: HttpRequest, page_id: int) -> Page:
    """Return the page, or raise Http404; raise PermissionDenied if the user may not edit it."""
    page: Page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page


@require_POST
def dismiss_finding(request: HttpRequest, page_id: int) -> HttpResponse:
    """Dismiss a finding on the latest draft of a page for a reason; return a redirect."""
    page = get_editable_page(request, page_id)
    form = DismissForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Enter the reason, in one line.")
    else:
        names = get_known_names(Site.find_for_request(request))
        dismissed = form.cleaned_data["code"], form.cleaned_data["text"]
        draft = page.get_latest_revision_as_object()
        findings = check_page(draft, names)
        matching = (row for row in findings if (row.code, row.text) == dismissed)
        if finding := next(matching, None):
            dismiss(page, finding, form.cleaned_data["reason"], request.user)
            messages.success(request, f"“{finding.text}” has been dismissed.")
        else:
            messages.warning(request, "This text is no longer on the page.")
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_POST
def restore_finding(request: HttpRequest, page_id: int, pk: int) -> HttpResponse:
    """Delete the dismissal of a finding; return a redirect."""
    page = get_editable_page(request, page_id)
    dismissal = get_object_or_404(Dismissal, pk=pk, page_id=page.pk)
    restore(dismissal, request.user)
    messages.success(request, f"“{dismissal.text}” is reported again.")
    return redirect("wagtailadmin_pages:edit", page.pk)


class FindingsFilter(WagtailFilterSet):
    """The filter of the report by the code of a finding."""

    code = django_filters.ChoiceFilter(label="Finding", choices=[*TITLES.items()])

    class Meta:
        model = Page
        fields: list[str] = []


class FindingsReport(ReportView):
    """The findings on the pages that the user may edit, some of these pages on each screen.

    To check every page of a large site takes minutes: only an export does.
    """

    page_title = "House style"
    header_icon = "check"
    index_url_name = "house-style"
    index_results_url_name = "house-style-results"
    results_template_name = "admin/house_style_results.html"
    paginate_by = PAGES_PER_SCREEN
    filterset_class = FindingsFilter
    permission_policy = page_policy
    permission_required = "change"
    columns = [
        TitleColumn(
            "page",
            accessor="page.title",
            get_url=lambda row: get_page_edit_url(row.page.pk),
            label="Page",
        ),
        Column("title", accessor="finding.title", label="Finding"),
        Column("snippet", accessor="finding.snippet", label="Text"),
        Column("where", accessor="finding.where", label="Where"),
        Column("advice", accessor="finding.advice", label="What to do"),
    ]
    list_export = [
        "page.title",
        "page.status_string",
        "finding.title",
        "finding.text",
        "finding.snippet",
        "finding.where",
        "finding.advice",
        "page.full_url",
    ]
    export_headings = {
        "page.title": "Page",
        "page.status_string": "Status",
        "finding.title": "Finding",
        "finding.text": "Text",
        "finding.snippet": "In context",
        "finding.where": "Where",
        "finding.advice": "What to do",
        "page.full_url": "Address",
    }

    def get_filename(self) -> str:
        """Return the name of the exported file, without its suffix."""
        return f"house-style-{datetime.date.today():%Y-%m-%d}"

    def get_filtered_queryset(self) -> models.QuerySet[Page]:
        """Return the pages to check, of which each screen has some."""
        return list_pages_to_check(self.request.user)

    def paginate_queryset(self, queryset: models.QuerySet[Page], page_size: int) -> Any:
        """Return paginator and page of the pages to check, and the findings on those."""
        paginator, page, pages, has_others = super().paginate_queryset(queryset, page_size)
        return paginator, page, self.check(pages), has_others

    def as_spreadsheet(self, queryset: models.QuerySet[Page], spreadsheet_format: str) -> Any:
        """Return a spreadsheet of the findings on all pages."""
        return super().as_spreadsheet(self.check(queryset), spreadsheet_format)

    def check(self, pages: models.QuerySet[Page]) -> list[PageFinding]:
        """Return the findings of the chosen kind on `pages`."""
        names = get_known_names(Site.find_for_request(self.request))
        findings = check_pages(list(pages.values_list("pk", flat=True)), names)
        code = self.filters.form.cleaned_data["code"] if self.filters.is_valid() else ""
        return [row for row in findings if code in ("", row.finding.code)]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the number of findings on this screen."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {"items_count": len(context["object_list"])}
