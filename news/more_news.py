"""What visitors can read after an announcement."""

from collections.abc import Iterable

from django.db.models import Q
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
    others = NewsPage.objects.listed().with_covers().newest_first()
    found: list[NewsPage] = []
    for about in (Q(themes__in=list(themes)), Q(partners__in=list(partners)), Q()):
        known = [page.pk, *(item.pk for item in found)]
        matches = NewsPage.objects.filter(about).exclude(pk__in=known).values("pk")
        found += others.filter(pk__in=matches)[: MAX_MORE_NEWS - len(found)]
        if len(found) == MAX_MORE_NEWS:
            break
    return attach_images(found)
