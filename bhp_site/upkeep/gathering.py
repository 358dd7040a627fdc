"""Which addresses on other sites the public pages link to: looked through once a day."""

import datetime
import re
from collections import deque
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import chain
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.html import urlize
from wagtail.fields import StreamField
from wagtail.models import Page

from bhp_site.core.models import SiteSettings
from bhp_site.core.pages import rows_beside
from bhp_site.core.visibility import visible_pages
from reports.chapters import Chapter

from .models import LinkCheck, LinkUse

LINK = re.compile(r'href="(https?://[^"]+)"', re.IGNORECASE)
ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
LONGEST = 2000
# Pages that are looked through at once.
AT_ONCE = 50

_day: datetime.date | None = None
_left: deque[int] = deque()


def gather_next() -> bool:
    """Look through a few pages for links; False once all have been, until the next day."""
    global _day
    if not settings.LINK_CHECKS:
        return False
    if _day != timezone.localdate():
        _day = timezone.localdate()
        _left.clear()
        _left.extend(visible_pages().filter(depth__gt=1).values_list("pk", flat=True))
        _gather_footer()
        return True
    if not _left:
        return False
    keys = [_left.popleft() for _ in range(min(AT_ONCE, len(_left)))]
    pages = visible_pages().filter(pk__in=keys).specific()
    _keep({page.pk: links_of(page) for page in pages})
    if not _left:
        _forget()
    return bool(_left)


def gather_all() -> None:
    """Look through all pages now."""
    global _day
    _day = None
    while gather_next():
        pass


def links_of(page: Page) -> set[str]:
    """The addresses on other sites that a specific `page` links to, as they are asked."""
    found: set[str] = set()
    rows = (getattr(page, name).all() for name in rows_beside(type(page)))
    for row in chain([page], *rows):
        for field in row._meta.fields:
            value: Any = field.value_from_object(row)
            stored = list(value.raw_data) if isinstance(field, StreamField) else value
            found |= {normalised(url) for url in _in(stored)}
        if isinstance(row, Chapter):
            # What is typed there becomes a link on the page.
            found |= {normalised(url) for url in _in(urlize(row.footnotes))}
    return found - {""}


def normalised(url: str) -> str:
    """`url` in ASCII and without its fragment; "" where it is ours, too long, or none."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
        bare = iri_to_uri(urlunsplit(parts._replace(fragment="")))
    except ValueError:
        return ""
    if not host or host in settings.ALLOWED_HOSTS or host == settings.SITE_HOST:
        return ""
    return bare if len(bare) <= LONGEST and len(host) <= 255 and "\x00" not in bare else ""


def _in(value: Any) -> Iterator[str]:
    """Addresses in what is stored of a field or a block: as such, or in rich text."""
    if isinstance(value, str):
        if ADDRESS.fullmatch(value):
            yield value
        else:
            yield from map(unescape, LINK.findall(value))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _in(part)


def _gather_footer() -> None:
    lines = (url for one in SiteSettings.objects.all() for _, url in one.link_list)
    _keep({None: {normalised(url) for url in lines} - {""}})


@transaction.atomic
def _keep(found: Mapping[int | None, set[str]]) -> None:
    """Make the rows of these pages those of the links `found`, adding links that are new."""
    urls = {url for links in found.values() for url in links}
    LinkCheck.objects.bulk_create(
        [LinkCheck(url=url, host=urlsplit(url).hostname or "") for url in sorted(urls)],
        ignore_conflicts=True,
    )
    keys = dict(LinkCheck.objects.filter(url__in=urls).values_list("url", "pk"))
    wanted = {(keys[url], page) for page, links in found.items() for url in links}
    there = LinkUse.objects.filter(
        models.Q(page__in=[pk for pk in found if pk])
        | (models.Q(page=None) if None in found else models.Q(pk=None))
    )
    uses = {(use.link_id, use.page_id): use.pk for use in there}
    LinkUse.objects.filter(pk__in=[uses[one] for one in uses.keys() - wanted]).delete()
    LinkUse.objects.bulk_create(
        [LinkUse(link_id=link, page_id=page) for link, page in wanted - uses.keys()],
        ignore_conflicts=True,
    )


def _forget() -> None:
    """Ask no longer after what no public page links to."""
    hidden = LinkUse.objects.exclude(page=None).exclude(page__in=visible_pages().values("pk"))
    hidden.delete()
    LinkCheck.objects.filter(uses=None).delete()
