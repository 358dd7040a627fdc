"""Who may make drafts from a press release."""

from typing import Any

from wagtail.models import Page

from bhp_site.core.admin.page_policy import page_policy
from news.models import NewsIndexPage
from reports.models import ReportIndexPage


def get_news_parent() -> Page | None:
    """Return the page below which announcements are; None if there is none."""
    parent: Page | None = NewsIndexPage.objects.first()
    return parent


def may_add_announcement(user: Any) -> bool:
    """Return True if `user` may add announcements."""
    return _may_add_below(get_news_parent(), user)


def may_add_report(user: Any) -> bool:
    """Return True if `user` may add reports."""
    return _may_add_below(ReportIndexPage.objects.first(), user)


def _may_add_below(parent: Page | None, user: Any) -> bool:
    """Return whether `user` may add any page, which users who submit news may not."""
    if parent is None:
        return False
    return bool(page_policy.user_has_permission_for_instance(user, "add", parent))
