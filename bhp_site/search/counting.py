"""What is looked for, and what of it is not found, by day; nothing is kept about who did."""

import datetime
import re

from django.db import transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits

from bhp_site.core.tallies import Tally
from bhp_site.files.download_counts import ROBOT_USER_AGENTS

from .models import Miss

# Days that counts are kept.
KEPT = datetime.timedelta(days=400)
RECENT = datetime.timedelta(days=30)
# What may be about a person: addresses, and numbers as long as those of telephones and patients.
PERSONAL = re.compile(r"@|(?:\d[\s()./-]*){7}")


def count(request: HttpRequest, query: str, is_found: bool) -> None:
    """Count that `query` was looked for, unless by a robot or where it may be about a person."""
    robot = ROBOT_USER_AGENTS.search(request.headers.get("User-Agent", ""))
    if not robot and not PERSONAL.search(query):
        searches.count((normalised(query), timezone.localdate(), is_found))


def normalised(query: str) -> str:
    return " ".join(query.lower().split())


def _add(taken: dict[tuple[str, datetime.date, bool], int]) -> None:
    """Add to the rows, in an order in which no two processes wait for each other."""
    with transaction.atomic():
        for (words, day, is_found), times in sorted(taken.items()):
            query = Query.get(words)
            hits, _ = QueryDailyHits.objects.get_or_create(query=query, date=day)
            QueryDailyHits.objects.filter(pk=hits.pk).update(hits=F("hits") + times)
            if not is_found:
                miss, _ = Miss.objects.get_or_create(query=query, day=day)
                Miss.objects.filter(pk=miss.pk).update(times=F("times") + times)


searches = Tally("searches", _add)


def most_looked_for(number: int = 10) -> list[tuple[str, int]]:
    """What was looked for most in the last 30 days, and how often."""
    recent = Query.objects.filter(daily_hits__date__gt=timezone.localdate() - RECENT)
    counted = recent.annotate(times=Sum("daily_hits__hits")).order_by("-times", "query_string")
    return [*counted.values_list("query_string", "times")[:number]]


def most_missed(number: int = 10) -> list[tuple[str, int]]:
    """What was looked for and not found most in the last 30 days, and how often."""
    recent = Query.objects.filter(misses__day__gt=timezone.localdate() - RECENT)
    counted = recent.annotate(times=Sum("misses__times")).order_by("-times", "query_string")
    return [*counted.values_list("query_string", "times")[:number]]


def forget_old() -> None:
    """Delete what is older than `KEPT`, but for what editors have promoted results for."""
    Miss.objects.filter(day__lt=timezone.localdate() - KEPT).delete()
    QueryDailyHits.garbage_collect(days=KEPT.days)
    Query.garbage_collect()
