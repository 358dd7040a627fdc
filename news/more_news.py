"""What visitors can read after an announcement."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from wagtail.models import Page

from .list_images import attach_images
from .models import NewsPage

MAX_MORE_NEWS = 3


def find_more_news(
    page: NewsPage, themes: Iterable[Page], partners: Iterable[Page]
) -> list[NewsPage]:
    """Return visible news to read after `page`, each with its `list_image`.

    News on one of its `themes` comes first, then news about one of its `partners`, then the latest.
    Within each the newest comes first.
    """
    others = NewsPage.objects.listed().newest_first().exclude(pk=page.pk)
    topics = (Q(themes__in=list(themes)), Q(partners__in=list(partners)), Q())
    matches = [NewsPage.objects.filter(topic) for topic in topics]
    # The newest of each topic: nine at most, which are then compared with the topics again.
    newest = [
        Q(pk__in=others.filter(pk__in=match.values("pk")).values("pk")[:MAX_MORE_NEWS])
        for match in matches
    ]
    topic_number = Case(
        *(
            When(Exists(match.filter(pk=OuterRef("pk"))), then=Value(number))
            for number, match in enumerate(matches)
        )
    )
    candidates = NewsPage.objects.filter(reduce(or_, newest)).with_covers()
    ordered = candidates.annotate(topic_number=topic_number).order_by(
        "topic_number", "-date", "-pk"
    )
    return attach_images(ordered[:MAX_MORE_NEWS])
