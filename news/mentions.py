"""The announcements that are about a person: those that quote them, and those that name them."""

import datetime
import re

from django.db.models import Exists
from django.db.models.functions import Length, Substr
from wagtail.models import Page
from wagtail.search.query import Phrase

from bhp_site.core.visibility import listed_q
from partners.models import Person

from .list_images import attach_images
from .models import NewsPage

MAX_SHOWN, MAX_CANDIDATES = 10, 50
# More than are shown, because those of one day are in another order than the announcements.
MAX_QUOTING = 2 * MAX_SHOWN


def find_news_about(person: Person) -> list[NewsPage]:
    """Return the newest visible announcements that quote `person` or contain their full name.

    First the paths of the few that can be among them are found, so that the database does not go
    through all announcements.
    """
    if person.pk is None:
        return []
    quoting = _find_quoting(person)
    paths = {path for path, date, is_listed in quoting}
    dates = [date for path, date, is_listed in quoting if is_listed]
    # Nothing earlier can be among those that are shown.
    since = dates[MAX_SHOWN - 1] if len(dates) >= MAX_SHOWN else datetime.date.min
    paths |= _find_mentions(person, since, paths)
    news = NewsPage.objects.listed().filter(path__in=paths)
    return attach_images(news.with_covers().newest_first()[:MAX_SHOWN])


def _find_quoting(person: Person) -> list[tuple[str, datetime.date, bool]]:
    """Return the newest announcements with a visible quote of `person`, the newest first.

    Each is its path and date, and whether it is certain that lists show it.
    """
    above = Substr("path", 1, Length("path") - Page.steplen)
    quotes = person.quotes.all().visible().annotate(above=above, is_listed=listed_q())
    rows = quotes.order_by("-date", "-above").values_list("above", "date", "is_listed")
    return [*rows.distinct()[:MAX_QUOTING]]


def _find_mentions(person: Person, since: datetime.date, quoting: set[str]) -> set[str]:
    """Return the paths of the newest visible announcements that contain the full name.

    They are of the day `since` or later, and those with the paths `quoting` are left out. A name
    that two people have says nothing about either of them. The search index finds words whatever
    their endings, so the texts it finds are read as well, until there are enough.
    """
    words = r"\s+".join(map(re.escape, person.name.split()))
    name = re.compile(rf"(?<!\w){words}(?!\w)")
    matches = NewsPage.objects.order_by("-date").search(
        Phrase(person.name), order_by_relevance=False
    )[:MAX_CANDIDATES]
    namesakes = Person.objects.filter(name__iexact=person.name).exclude(pk=person.pk)
    candidates = NewsPage.objects.listed().filter(pk__in=matches.get_queryset().values("pk"))
    candidates = candidates.filter(~Exists(namesakes), date__gte=since).exclude(path__in=quoting)
    named: set[str] = set()
    for page in candidates.only("title", "summary", "body", "path").newest_first():
        if len(named) < MAX_SHOWN and name.search(f"{page.title}\n{page.text}"):
            named.add(page.path)
    return named
