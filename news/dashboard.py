"""The dashboard's panel “Publish a report release”."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from laces.components import Component

from bhp_site.core.admin.links import may_open
from bhp_site.core.publishing.publication import Publication
from bhp_site.core.publishing.rules import was_withdrawn
from bhp_site.core.text.dates import format_uk_time
from bhp_site.files import publishing_checks
from reports.models import ReportIndexPage, ReportPage

from .models import NewsIndexPage, NewsPage
from .release import get_refusal


@dataclass(frozen=True)
class Step:
    """One thing to do: whether it is done, what is missing, and where to do it."""

    title: str
    done: bool
    note: str
    url: str = ""
    action: str = ""

    @property
    def without_link(self) -> "Step":
        """The same step for somebody who may not open its link."""
        return replace(self, url="", action="")


class ReleasePanel(Component):
    """Where the release at hand stands: its report, its file, its announcement, its quotes."""

    template_name = "admin/release_panel.html"
    order = 10

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        announcement = _latest_draft(NewsPage.objects.exclude(report=None), self.user)
        report: ReportPage | None = (
            announcement.report
            if announcement
            else _latest_draft(ReportPage.objects.all(), self.user)
        )
        if report and announcement is None:
            announcement = _latest(report.announcements.all(), self.user)
        if report and not report.live:
            report = report.get_latest_revision_as_object()
        if announcement:
            announcement = announcement.get_latest_revision_as_object()
        steps = [_report_step(report), _file_step(report), *_news_steps(report, announcement, self)]
        another = _add(ReportPage, ReportIndexPage.objects.first()) if report else ""
        return {
            "steps": [
                step if may_open(step.url, self.user) else step.without_link for step in steps
            ],
            "another": another if may_open(another, self.user) else "",
        }


def _latest_draft(pages: Any, user: Any) -> Any:
    """The draft last worked on that `user` may edit."""
    return _latest(pages.filter(live=False), user)


def _latest(pages: Any, user: Any) -> Any:
    """Return the one of `pages` last worked on that `user` may edit; None if there is none."""
    found = pages.order_by("-latest_revision_created_at")[:5]
    return next((page for page in found if page.permissions_for_user(user).can_edit()), None)


def _edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _add(model: type, index: Any) -> str:
    """Address of the form for a new page below `index`; "" where the index does not exist yet."""
    if index is None:
        return ""
    label, name = model._meta.app_label, model._meta.model_name  # type: ignore[attr-defined]
    return reverse("wagtailadmin_pages:add", args=[label, name, index.pk])


def _report_step(report: ReportPage | None) -> Step:
    if report:
        return Step("Make the report page", True, report.title, _edit(report), "Edit the report")
    return Step(
        "Make the report page",
        False,
        "Title, the period it covers, a summary.",
        _add(ReportPage, ReportIndexPage.objects.first()),
        "New report",
    )


def _file_step(report: ReportPage | None) -> Step:
    count = len(report.visible_downloads) if report else 0
    if report and count:
        names = ", ".join(str(offer) for offer in report.visible_downloads)
        files = [offer.document for offer in report.visible_downloads]
        number = sum(len(publishing_checks.get_unexplained_findings(file)) for file in files)
        if number:
            first = next(file for file in files if publishing_checks.get_unexplained_findings(file))
            return Step(
                "Add its PDF",
                not any(publishing_checks.needs_reason(file) for file in files),
                f"{names}: {number} accessibility finding{'' if number == 1 else 's'} to look at",
                reverse("wagtaildocs:edit", args=[first.pk]),
                "Look at the file",
            )
        return Step("Add its PDF", True, names, _edit(report), "Change")
    url = f"{_edit(report)}#panel-child-content-downloads-section" if report else ""
    return Step(
        "Add its PDF",
        False,
        "Under “Files to download”; size and pages are added for you.",
        url,
        "Add the file" if report else "",
    )


def _news_steps(
    report: ReportPage | None, announcement: NewsPage | None, panel: ReleasePanel
) -> list[Step]:
    if announcement is None and report and report.announcements.exists():
        return [
            Step("Write the announcement", True, "Somebody else is writing it."),
            Step("Publish", False, "Publishing the announcement publishes the report with it."),
        ]
    if announcement is None:
        url = _add(NewsPage, NewsIndexPage.objects.first()) if report else ""
        return [
            Step(
                "Write the announcement",
                False,
                "Choose the report, write the text, add what people say as quotes.",
                url,
                "New announcement" if url else "",
            ),
            Step("Publish", False, "Publishing the announcement publishes the report with it."),
        ]
    quotes = len(announcement.quote_blocks)
    said = f"{quotes} quote{'' if quotes == 1 else 's'}" if quotes else "no quote yet"
    written = Step(
        "Write the announcement",
        True,
        f"{announcement.title} ({said})",
        _edit(announcement),
        "Edit the announcement",
    )
    if report and was_withdrawn(report):
        note = (
            f"“{report.title}” was unpublished, and stays so when its announcement is published. "
            "To make it public again, publish the report itself."
        )
        return [written, Step("Publish", False, note, _edit(report), "Edit the report")]
    if scheduled := announcement.scheduled_revision:
        note = f"Scheduled for {format_uk_time(scheduled.approved_go_live_at)}, with the report."
        return [written, Step("Publish", True, note, _edit(announcement), "See the schedule")]
    refusal = publishing_checks.get_blocking_reason(announcement) or get_refusal(
        announcement, Publication(user=panel.user)
    )
    return [
        written,
        Step(
            "Publish",
            False,
            str(refusal or "Ready: publish the announcement, and the report goes live with it."),
            _edit(announcement),
            "Publish or schedule",
        ),
    ]
