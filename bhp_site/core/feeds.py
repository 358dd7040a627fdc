"""Atom (RFC 4287) and JSON Feed 1.1 of pages, with their files as enclosures and attachments."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import escape
from django.views.decorators.http import require_safe

from .storing import storable

LENGTH = 30


class PageFeed(Feed):
    """The newest pages of one kind as Atom; `as_json` answers the same as JSON Feed.

    A subclass says which `pages()`, the `day()` of each, and its own `title` and `link`. One
    instance answers one request.
    """

    feed_type = Atom1Feed
    # RFC 4287, 4.1.1: a feed names its author where its entries do not.
    author_name = "Birmingham Health Partners"

    def pages(self) -> Iterable[Any]:
        raise NotImplementedError

    def items(self) -> list[Any]:
        return list(self.pages())

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Any) -> str:
        # Atom takes it for HTML.
        return escape(item.summary)

    def item_link(self, item: Any) -> str:
        return str(item.get_url())

    def item_guid(self, item: Any) -> str:
        return str(item.full_url)

    def day(self, item: Any) -> datetime.date | None:
        """The date that `item` bears; None where only its month or year is known."""
        raise NotImplementedError

    def item_pubdate(self, item: Any) -> datetime.datetime | None:
        """The date it bears; to the minute where it was published here on that day.

        None where no day is known: both formats want one to the second, or none at all.
        """
        first, day = item.first_published_at, self.day(item)
        if day is None:
            return None
        if first and timezone.localdate(first) == day:
            return first
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))

    def item_updateddate(self, item: Any) -> datetime.datetime:
        return item.last_published_at or timezone.now()

    def offers(self, item: Any) -> list[Any]:
        """What `item` offers for download, without what has been withdrawn."""
        return [offer for offer in item.offers if not offer.document.withdrawn_reason]

    def words(self, item: Any) -> str:
        """All that `item` says, as the JSON Feed has it."""
        return str(item.text)

    def item_categories(self, item: Any) -> list[str]:
        return [item.get_kind_display()]

    def item_enclosures(self, item: Any) -> list[Enclosure]:
        return [
            Enclosure(self.request.build_absolute_uri(d.url), str(d.file_size), d.content_type)
            for d in (offer.document for offer in self.offers(item))
        ]

    def get_feed(self, obj: Any, request: HttpRequest) -> Any:
        self.request = request
        return super().get_feed(obj, request)

    def as_json(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        """https://www.jsonfeed.org/version/1.1/"""
        self.request = request
        self.get_object(request, **kwargs)
        return JsonResponse(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": self.title,
                "home_page_url": request.build_absolute_uri(self.link),
                "feed_url": request.build_absolute_uri(request.path),
                "language": "en-GB",
                "items": [self._json_item(item, request) for item in self.items()],
            },
            content_type="application/feed+json",
        )

    def _json_item(self, item: Any, request: HttpRequest) -> dict[str, Any]:
        url = request.build_absolute_uri(item.get_url())
        published = self.item_pubdate(item)
        return {
            "id": url,
            "url": url,
            "title": item.title,
            "summary": item.summary,
            "content_text": self.words(item),
            **({"date_published": published.isoformat()} if published else {}),
            "date_modified": self.item_updateddate(item).isoformat(),
            "tags": [item.get_kind_display()],
            "attachments": [
                {
                    "url": request.build_absolute_uri(offer.document.url),
                    "mime_type": offer.document.content_type,
                    "title": str(offer),
                    "size_in_bytes": offer.document.file_size,
                }
                for offer in self.offers(item)
            ],
        }


def atom_view(feed: type[PageFeed]) -> Any:
    """A view that answers `feed` as Atom."""

    @require_safe
    @storable()
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return feed()(request, **kwargs)

    return view


def json_view(feed: type[PageFeed]) -> Any:
    """A view that answers `feed` as JSON."""

    @require_safe
    @storable()
    def view(request: HttpRequest, **kwargs: Any) -> JsonResponse:
        return feed().as_json(request, **kwargs)

    return view
