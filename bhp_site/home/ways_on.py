"""Links from “About” to each public list, with a sentence about what is in it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone

from bhp_site.core.caching.process_cache import cached_until_change
from bhp_site.core.pages import IndexPage
from bhp_site.core.text.sentences import join_names, shorten_list
from bhp_site.themes.models import ThemeIndexPage, ThemeKind, ThemePage
from news.models import NewsIndexPage, NewsPage
from partners.membership import get_members_on
from partners.models import PartnerIndexPage, PeoplePage, PersonPage
from reports.models import ReportIndexPage, ReportPage

MAX_LEADERS, MAX_THEMES = 2, 3


def get_ways_on() -> list[dict[str, str]]:
    """Return title, URL and text of each public list that has something in it.

    Cached until a change or the end of the day, because leaders and members change with the day.
    """
    ways: list[dict[str, str]] = cached_until_change(
        f"ways-on:{timezone.localdate()}", lambda: list(_build_ways_on())
    )
    return ways


def _build_ways_on() -> Iterator[dict[str, str]]:
    for model, describe in DESCRIPTIONS.items():
        page: Any = model.objects.visible().first()
        if page and (text := describe()):
            yield {"title": page.title, "url": page.get_url() or "", "text": text}


def _describe_partners() -> str:
    members = get_members_on(timezone.localdate())
    if not members.possible:
        return ""
    kinds = f": {members.kinds}" if members.kinds else ""
    return f"{members.count}{kinds}."


def _describe_people() -> str:
    pages = PersonPage.objects.visible().order_by("path").with_roles()
    leaders = [
        f"{page.person} ({page.partnership_role.title})"
        for page in pages
        if page.is_leading and page.partnership_role
    ]
    if not leaders:
        return "Who speaks for the partnership." if pages else ""
    verb = "leads" if len(leaders) == 1 else "lead"
    names = join_names(shorten_list(leaders, MAX_LEADERS, "others"))
    return f"{names} {verb} the partnership."


def _describe_themes() -> str:
    priorities_first = sorted(
        ThemePage.get_current_themes(), key=lambda theme: theme.kind != ThemeKind.PRIORITY
    )
    names = shorten_list([theme.title for theme in priorities_first], MAX_THEMES)
    # A name may contain “and” or a comma.
    return f"{'; '.join(names)}." if names else ""


def _describe_latest(model: type[NewsPage | ReportPage]) -> str:
    latest = model.objects.listed().newest_first().first()
    return f"The latest is “{latest.title}” ({latest.published})." if latest else ""


DESCRIPTIONS: dict[type[IndexPage], Callable[[], str]] = {
    PartnerIndexPage: _describe_partners,
    PeoplePage: _describe_people,
    ThemeIndexPage: _describe_themes,
    ReportIndexPage: lambda: _describe_latest(ReportPage),
    NewsIndexPage: lambda: _describe_latest(NewsPage),
}
