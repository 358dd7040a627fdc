"""The announcements that are about a person: those that quote them, and those that name them."""

import re
from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Length, Substr
from wagtail.models import Page
from wagtail.search.query import Phrase

from partners.models import Person

from .list_images import attach_images
from .models import NewsPage

MAX_SHOWN, MAX_CANDIDATES = 10, 50


def find_news_about(person: Person) -> list[NewsPage]:
    """Return the newest visible announcements that quote `person` or contain their full name."""
    if person.pk is None:
        return []
    above = Substr("path", 1, Length("path") - Page.steplen)
    quoting = person.quotes.all().visible().annotate(above=above).values("above")
    about = Q(path__in=quoting) | Q(pk__in=_find_mentions(person))
    news = NewsPage.objects.listed().filter(about)
    return attach_images(news.with_covers().newest_first()[:MAX_SHOWN])


def _find_mentions(person: Person) -> list[int]:
    """Return the keys of the newest announcements, public or not, that contain the full name.

    A name that two people have says nothing about either of them. The search index finds words
    whatever their endings, so the texts it finds are read as well.
    """
    words = r"\s+".join(map(re.escape, person.name.split()))
    name = re.compile(rf"(?<!\w){words}(?!\w)")
    matches: Iterable[NewsPage] = NewsPage.objects.order_by("-date").search(
        Phrase(person.name), order_by_relevance=False
    )[:MAX_CANDIDATES]
    named = [page.pk for page in matches if name.search(f"{page.title}\n{page.text}")]
    namesakes = Person.objects.filter(name__iexact=person.name).exclude(pk=person.pk)
    return [] if named and namesakes.exists() else named
