"""What subscribers can follow: all news, all reports, a series, a theme or a partner."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from wagtail.models import Page

from bhp_site.core.caching.process_cache import cached_aggregate
from bhp_site.core.visibility import get_visible_pages
from bhp_site.themes.models import ThemePage
from news.models import NewsPage
from partners.models import PartnerPage
from reports.models import ReportPage
from reports.series import ReportSeries


class Section(models.TextChoices):
    """The sections of the site that can be followed as a whole."""

    NEWS = "news", "All news"
    REPORTS = "reports", "All reports"


# Name of a group of topics, and of its field in forms → its label.
GROUPS = {
    "sections": "Everything",
    "series": "Series of reports",
    "themes": "Themes",
    "partners": "Partners",
}


@dataclass(frozen=True)
class Topic:
    """One topic, with its key in forms and addresses."""

    group: str
    label: str
    key: str
    # Values of the fields of a Subscription.
    fields: dict[str, Any] = field(compare=False)

    @property
    def sort_key(self) -> tuple[int, str]:
        """Return its place in the form."""
        return [*GROUPS].index(self.group), self.label

    @classmethod
    def build(cls, section: str = "", page: Any = None, series: Any = None) -> "Topic":
        """Return the topic of a section, a page or a series; exactly one is given."""
        fields = {
            "section": section,
            "page_id": page and page.pk,
            "series_id": series and series.pk,
        }
        if section:
            return cls("sections", str(Section(section).label), section, fields)
        if series:
            return cls("series", series.name, f"series-{series.pk}", fields)
        is_theme = isinstance(page, ThemePage) or (
            type(page) is Page and issubclass(page.cached_content_type.model_class(), ThemePage)
        )
        group = "themes" if is_theme else "partners"
        return cls(group, page.title, f"page-{page.pk}", fields)


def get_topic_groups() -> dict[str, list[Topic]]:
    """Return the topics that visitors can choose, by the names of `GROUPS`."""
    # For each of a few series it stops at the first report.
    reports = ReportPage.objects.visible().filter(series=OuterRef("pk"))
    series = ReportSeries.objects.filter(Exists(reports))
    by_title = ThemePage.objects.visible().defer_streamfields().order_by("title")
    themes = cached_aggregate("themes to follow", lambda: list(by_title))
    return {
        "sections": [Topic.build(section=section) for section in Section.values],
        "series": [Topic.build(series=part) for part in series],
        "themes": [Topic.build(page=theme) for theme in themes if not theme.is_past],
        "partners": cached_aggregate("partners to follow", _build_partner_topics),
    }


def _build_partner_topics() -> list[Topic]:
    partners = PartnerPage.objects.visible().to_link().order_by("title")
    return [Topic.build(page=partner) for partner in partners]


def find_topics(keys: list[str]) -> list[Topic]:
    """Return the topics with these keys that can still be chosen."""
    if not keys:
        return []
    topics = (topic for group in get_topic_groups().values() for topic in group)
    return [topic for topic in topics if topic.key in keys]


def get_page_topics(page: Any) -> Q:
    """Return the condition for subscriptions to which `page`, news or a report, belongs."""
    tagged = [
        *page.partners.values_list("pk", flat=True),
        *page.themes.values_list("pk", flat=True),
    ]
    condition = Q(page_id__in=tagged)
    if isinstance(page, NewsPage):
        return condition | Q(section=Section.NEWS)
    condition |= Q(section=Section.REPORTS)
    return condition | Q(series_id=page.series_id) if page.series_id else condition


def get_announceable_page(pk: int) -> Any:
    """Return the visible news item or report with this key, with its own type; None if none."""
    page = get_visible_pages().filter(pk=pk).first()
    return page.specific if page and is_announceable(page) else None


def is_announceable(page: Page) -> bool:
    """Return True if subscribers are told of pages of this type."""
    return issubclass(page.cached_content_type.model_class(), NewsPage | ReportPage)
