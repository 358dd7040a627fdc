"""Count by day what visitors search for, and what has no results, without recording who did."""

import datetime
import re

from django.db import transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits

from bhp_site.core.buffered_counters import BufferedCounter
from bhp_site.files.download_counts import ROBOT_USER_AGENTS

from .models import QueryDailyMisses

QUERY_RETENTION = datetime.timedelta(days=400)
# Further queries of a day are not counted, so that nobody can fill the database with searches.
MAX_QUERIES_PER_DAY = 1000
RECENT_PERIOD = datetime.timedelta(days=30)
# E-mail addresses, and numbers as long as telephone or NHS numbers: possibly personal data.
PERSONAL_DATA = re.compile(r"@|(?:\d[\s()./-]*){7}")


def count_query(request: HttpRequest, query: str, has_results: bool) -> None:
    """Count a search, unless it comes from a robot or may contain personal data."""
    is_robot = ROBOT_USER_AGENTS.search(request.headers.get("User-Agent", ""))
    if not is_robot and not PERSONAL_DATA.search(query):
        searches.increment((normalise_query(query), timezone.localdate(), has_results))


def normalise_query(query: str) -> str:
    """Return `query` in lower case with single spaces, as Wagtail stores queries."""
    return " ".join(query.lower().split())


def _save_counts(counts: dict[tuple[str, datetime.date, bool], int]) -> None:
    """Add the counts to the database, in an order in which no two processes deadlock."""
    with transaction.atomic():
        for (text, day, has_results), count in sorted(counts.items()):
            if not _has_room(text, day):
                continue
            query = Query.get(text)
            hits, _ = QueryDailyHits.objects.get_or_create(query=query, date=day)
            QueryDailyHits.objects.filter(pk=hits.pk).update(hits=F("hits") + count)
            if not has_results:
                misses, _ = QueryDailyMisses.objects.get_or_create(query=query, date=day)
                QueryDailyMisses.objects.filter(pk=misses.pk).update(misses=F("misses") + count)


def _has_room(text: str, day: datetime.date) -> bool:
    """Return True if the query `text` may be counted on `day`: it has been, or the day has room."""
    counted = QueryDailyHits.objects.filter(date=day)
    return (
        counted.count() < MAX_QUERIES_PER_DAY or counted.filter(query__query_string=text).exists()
    )


searches = BufferedCounter("searches", _save_counts)


def get_top_queries(limit: int = 10) -> list[tuple[str, int]]:
    """Return the most frequent queries of the last 30 days and how often each was searched."""
    recent = Query.objects.filter(daily_hits__date__gt=timezone.localdate() - RECENT_PERIOD)
    counted = recent.annotate(count=Sum("daily_hits__hits")).order_by("-count", "query_string")
    return [*counted.values_list("query_string", "count")[:limit]]


def get_top_misses(limit: int = 10) -> list[tuple[str, int]]:
    """Return the most frequent queries without results of the last 30 days, with counts."""
    recent = Query.objects.filter(daily_misses__date__gt=timezone.localdate() - RECENT_PERIOD)
    counted = recent.annotate(count=Sum("daily_misses__misses")).order_by("-count", "query_string")
    return [*counted.values_list("query_string", "count")[:limit]]


def delete_old_counts() -> None:
    """Delete counts older than QUERY_RETENTION, and queries without counts or promoted results."""
    QueryDailyMisses.objects.filter(date__lt=timezone.localdate() - QUERY_RETENTION).delete()
    QueryDailyHits.garbage_collect(days=QUERY_RETENTION.days)
    Query.garbage_collect()
