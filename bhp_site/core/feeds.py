"""Atom (RFC 4287) and JSON Feed 1.1 of pages, with their files as enclosures and attachments."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe
from wagtail.models import Page

from .base_context import get_site_settings
from .caching.cacheable import cacheable
from .feed_content import build_paragraph, render_bodies, rewrite_html
from .text.characters import clean_line, clean_value, is_invisible
from .text.dates import Precision, get_first_day

MAX_ITEMS = 30


class AtomFeed(Atom1Feed):
    """Atom with the content of each entry, of whatever characters the database holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.feed = clean_value(self.feed)

    def add_item(self, *args: Any, **kwargs: Any) -> None:
        """Add an entry, without characters that XML does not allow."""
        super().add_item(*args, **kwargs)
        self.items[-1] = clean_value(self.items[-1])

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add the item's HTML, if it has any, as `content` (RFC 4287, 4.1.3)."""
        super().add_item_elements(handler, item)
        if content := item.get("content"):
            handler.addQuickElement("content", content, {"type": "html"})


class PageFeed(Feed):
    """The newest pages of one kind as Atom; `as_json` returns the same as JSON Feed.

    A subclass implements `pages()` and sets `title` and `link`. One instance serves
    one request.
    """

    feed_type = AtomFeed
    # RFC 4287, 4.1.1: a feed names its author where its entries do not.
    author_name = "Birmingham Health Partners"
    # What the feed is of, in its own id, where it is not about a page.
    section = ""

    def pages(self) -> Iterable[Any]:
        """Return the newest pages of the feed; subclasses implement this."""
        raise NotImplementedError

    def items(self) -> list[Any]:
        """Return the pages, each with its body as HTML in `feed_html`."""
        pages = list(self.pages())
        for page, html in zip(pages, render_bodies(page.body for page in pages), strict=True):
            page.feed_html = html
        return pages

    def build_id(self, specific: str) -> str:
        """Return a tag URI (RFC 4151) that ends with `specific` and depends on no URL or host."""
        return f"tag:{get_site_settings(self.request).feed_authority}:{specific}"

    def get_page_id(self, page: Page) -> str:
        """Return the permanent id of a page's entry, from the page's translation key."""
        return self.build_id(str(page.translation_key))

    def feed_guid(self) -> str:
        """Return the id of the feed, a tag URI."""
        return self.build_id(self.section)

    def item_title(self, item: Any) -> str:
        """Return the title of `item`; its kind and date if the title has no visible character."""
        if is_invisible(item.title):
            return f"{item.kind_label}, {item.published}"
        return clean_line(item.title).strip()

    def item_description(self, item: Any) -> str:
        """Return the page's summary, escaped."""
        # Atom takes it for HTML.
        return escape(item.summary)

    def item_link(self, item: Any) -> str:
        """Return the page's public address."""
        return str(item.get_url())

    def item_guid(self, item: Any) -> str:
        """Return the page's permanent identifier."""
        return self.get_page_id(item)

    def item_pubdate(self, item: Any) -> datetime.datetime:
        """Return the page's date; with the time if the page was published here on that day.

        A month or a year becomes its first day at 00:00 UTC, because both formats need a time.
        """
        first, day, precision = item.first_published_at, item.date, item.date_precision
        if precision != Precision.DAY:
            start = datetime.datetime.combine(get_first_day(day, precision), datetime.time.min)
            return start.replace(tzinfo=datetime.UTC)
        if first and timezone.localdate(first) == day:
            published: datetime.datetime = first
            return published
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))

    def item_updateddate(self, item: Any) -> datetime.datetime:
        """Return the time of the last major update, else of the publication."""
        if item.updates:
            return item.updates[0].published_at
        return item.first_published_at or self.item_pubdate(item)

    def offers(self, item: Any) -> list[Any]:
        """Return the downloads of `item`, without withdrawn documents."""
        return [offer for offer in item.visible_downloads if not offer.document.withdrawn_reason]

    def build_html(self, item: Any) -> str:
        """Return the whole content of `item` as HTML."""
        return build_paragraph(item.summary) + str(item.feed_html)

    def build_content(self, item: Any) -> str:
        """Return corrections, and the HTML of `build_html` with absolute URLs."""
        corrections = [
            build_paragraph(f"Correction, {correction.date.in_words}: {correction.note}")
            for correction in item.corrections
        ]
        html = "".join([*corrections, self.build_html(item)])
        return rewrite_html(html, self.request.build_absolute_uri(item.get_url()))

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        """Return the whole content of `item` as HTML, for `AtomFeed`."""
        return {"content": self.build_content(item)}

    def item_categories(self, item: Any) -> list[str]:
        """Return the kind of the announcement."""
        return [item.get_kind_display()]

    def item_enclosures(self, item: Any) -> list[Enclosure]:
        """Return an enclosure for each downloadable document of `item`."""
        return [
            Enclosure(self.request.build_absolute_uri(d.url), str(d.file_size), d.content_type)
            for d in (offer.document for offer in self.offers(item))
        ]

    def get_feed(self, obj: Any, request: HttpRequest) -> Any:
        """Return the feed, and store `request` for the methods that build absolute URLs."""
        self.request = request
        return super().get_feed(obj, request)

    def as_json(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        """Return the feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
        self.request = request
        self.get_object(request, **kwargs)
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": request.build_absolute_uri(self.link),
            "feed_url": request.build_absolute_uri(request.path),
            "language": "en-GB",
            "items": [self._build_json_item(item, request) for item in self.items()],
        }
        return JsonResponse(clean_value(feed), content_type="application/feed+json")

    def _build_json_item(self, item: Any, request: HttpRequest) -> dict[str, Any]:
        return {
            "id": self.get_page_id(item),
            "url": request.build_absolute_uri(item.get_url()),
            "title": self.item_title(item),
            "summary": item.summary,
            "content_html": self.build_content(item),
            "date_published": self.item_pubdate(item).isoformat(),
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


def build_atom_view(feed: type[PageFeed]) -> Any:
    """Return a cacheable view that serves `feed` as Atom (RFC 4287)."""

    @require_safe
    @cacheable()
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return feed()(request, **kwargs)

    return view


def build_json_view(feed: type[PageFeed]) -> Any:
    """Return a cacheable view that serves `feed` as JSON Feed 1.1."""

    @require_safe
    @cacheable()
    def view(request: HttpRequest, **kwargs: Any) -> JsonResponse:
        return feed().as_json(request, **kwargs)

    return view
