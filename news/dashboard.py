"""The dashboard panel “Publish a report release”."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from laces.components import Component
from wagtail.coreutils import safe_snake_case

from bhp_site.core.admin.links import get_page_edit_url, may_open
from bhp_site.core.publishing.publication import Publication
from bhp_site.core.publishing.rules import was_unpublished
from bhp_site.core.text.dates import format_uk_time
from bhp_site.files import publishing_checks
from partners.member_areas import is_press_officer
from reports.models import ReportIndexPage, ReportPage

from .models import NewsIndexPage, NewsPage
from .release import get_refusal


@dataclass(frozen=True)
class ReleaseStep:
    """One step of a release: whether it is done, a note, and the link to do it."""

    title: str
    done: bool
    note: str
    url: str = ""
    action: str = ""

    @property
    def without_link(self) -> "ReleaseStep":
        """Return the same step without its link, for users who may not open it."""
        return replace(self, url="", action="")


class ReleasePanel(Component):
    """The state of the release that the user works on: report, document, announcement."""

    template_name = "admin/release_panel.html"

    def __init__(self, user: Any) -> None:
        self.user = user
        self.steps, self.is_started = self._build_steps()

    @property
    def order(self) -> int:
        """Return the panel's order: a release that is being worked on comes before other panels."""
        return 5 if self.is_started else 20

    def _build_steps(self) -> tuple[list[ReleaseStep], bool]:
        """Return the steps of the latest release, and whether the user works on one."""
        announcement = _get_latest_draft(NewsPage.objects.exclude(report=None), self.user)
        report: ReportPage | None = (
            announcement.report
            if announcement
            else _get_latest_draft(ReportPage.objects.all(), self.user)
        )
        if report and announcement is None:
            announcement = _get_latest(report.announcements.all(), self.user)
        if report and not report.live:
            report = report.get_latest_revision_as_object()
        if announcement:
            announcement = announcement.get_latest_revision_as_object()
        steps = [
            _build_report_step(report),
            _build_document_step(report),
            *_build_news_steps(report, announcement, self.user),
        ]
        steps = [step if may_open(step.url, self.user) else step.without_link for step in steps]
        return steps, report is not None

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the steps, and the first that is not done."""
        next_step = next((step for step in self.steps if not step.done), None)
        return {"steps": self.steps, "is_started": self.is_started, "next_step": next_step}


def get_start_links(user: Any) -> list[tuple[str, str]]:
    """Return label and URL of each form with which `user` may add news or a report."""
    links = []
    news_index, report_index = NewsIndexPage.objects.first(), ReportIndexPage.objects.first()
    if _may_add_below(news_index, user):
        # Press officers of partners submit news. The view is in `bhp_site.press_releases`, a layer
        # above this package.
        if not is_press_officer(user):
            links.append(("New release from a text", reverse("new_release")))
        links.append(("New announcement", _get_add_url(NewsPage, news_index)))
    if _may_add_below(report_index, user):
        links.append(("New report", _get_add_url(ReportPage, report_index)))
    return links


def _may_add_below(index: Any, user: Any) -> bool:
    return index is not None and bool(index.permissions_for_user(user).can_add_subpage())


def _get_latest_draft(pages: Any, user: Any) -> Any:
    """Return the latest draft that `user` may edit; None if there is none."""
    return _get_latest(pages.filter(live=False), user)


def _get_latest(pages: Any, user: Any) -> Any:
    """Return the latest changed page that `user` may edit; None if there is none."""
    candidates = pages.order_by("-latest_revision_created_at")[:5]
    return next((page for page in candidates if page.permissions_for_user(user).can_edit()), None)


def _get_add_url(model: type, index: Any) -> str:
    """Return the URL of the form for a new page below `index`; "" without an index."""
    if index is None:
        return ""
    label, name = model._meta.app_label, model._meta.model_name  # type: ignore[attr-defined]
    return reverse("wagtailadmin_pages:add", args=[label, name, index.pk])


def _build_report_step(report: ReportPage | None) -> ReleaseStep:
    if report:
        return ReleaseStep(
            "Make the report page",
            True,
            report.title,
            get_page_edit_url(report.pk),
            "Edit the report",
        )
    return ReleaseStep(
        "Make the report page",
        False,
        "Add a title, a summary and the period that it covers.",
        _get_add_url(ReportPage, ReportIndexPage.objects.first()),
        "New report",
    )


def _get_downloads_anchor() -> str:
    """Return the id of the section of a report's form that has its documents."""
    panels = ReportPage.content_panels
    (panel,) = (
        candidate for candidate in panels if getattr(candidate, "relation_name", "") == "downloads"
    )
    return f"panel-child-content-{safe_snake_case(panel.heading)}-section"


def _build_document_step(report: ReportPage | None) -> ReleaseStep:
    count = len(report.visible_downloads) if report else 0
    if report and count:
        names = ", ".join(str(offer) for offer in report.visible_downloads)
        files = [offer.document for offer in report.visible_downloads]
        number = sum(len(publishing_checks.get_unexplained_findings(file)) for file in files)
        if number:
            first = next(file for file in files if publishing_checks.get_unexplained_findings(file))
            return ReleaseStep(
                "Add its PDF",
                not any(publishing_checks.needs_reason(file) for file in files),
                f"{names}: {number} accessibility problem{'' if number == 1 else 's'} to check",
                reverse("wagtaildocs:edit", args=[first.pk]),
                "Check the document",
            )
        return ReleaseStep("Add its PDF", True, names, get_page_edit_url(report.pk), "Change")
    url = f"{get_page_edit_url(report.pk)}#{_get_downloads_anchor()}" if report else ""
    return ReleaseStep(
        "Add its PDF",
        False,
        "Add it under “Documents to download”. The site adds size and number of pages.",
        url,
        "Add the document" if report else "",
    )


def _build_news_steps(
    report: ReportPage | None, announcement: NewsPage | None, user: Any
) -> list[ReleaseStep]:
    if announcement is None and report and report.announcements.exists():
        return [
            ReleaseStep("Write the announcement", True, "Somebody else is writing it."),
            ReleaseStep(
                "Publish", False, "Publishing the announcement publishes the report with it."
            ),
        ]
    if announcement is None:
        url = _get_add_url(NewsPage, NewsIndexPage.objects.first()) if report else ""
        return [
            ReleaseStep(
                "Write the announcement",
                False,
                "Choose the report, write the text and add quotes.",
                url,
                "New announcement" if url else "",
            ),
            ReleaseStep(
                "Publish", False, "Publishing the announcement publishes the report with it."
            ),
        ]
    quotes = len(announcement.quote_blocks)
    quotes_text = f"{quotes} quote{'' if quotes == 1 else 's'}" if quotes else "no quote yet"
    written = ReleaseStep(
        "Write the announcement",
        True,
        f"{announcement.title} ({quotes_text})",
        get_page_edit_url(announcement.pk),
        "Edit the announcement",
    )
    if report and was_unpublished(report):
        note = (
            f"“{report.title}” was unpublished earlier. Publishing the announcement does not "
            "publish it again. To make it public, publish the report."
        )
        return [
            written,
            ReleaseStep("Publish", False, note, get_page_edit_url(report.pk), "Edit the report"),
        ]
    if scheduled := announcement.scheduled_revision:
        note = (
            f"Scheduled for {format_uk_time(scheduled.approved_go_live_at)}, together with the "
            "report."
        )
        return [
            written,
            ReleaseStep(
                "Publish", True, note, get_page_edit_url(announcement.pk), "See the schedule"
            ),
        ]
    refusal = publishing_checks.get_blocking_reason(announcement) or get_refusal(
        announcement, Publication(user=user)
    )
    return [
        written,
        ReleaseStep(
            "Publish",
            False,
            str(
                refusal
                or "Ready. When you publish the announcement, the report is published with it."
            ),
            get_page_edit_url(announcement.pk),
            "Publish or schedule",
        ),
    ]
