"""Collect the links from public pages to other sites, once a day."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import chain
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import models, transaction
from django.utils.encoding import iri_to_uri
from django.utils.html import urlize
from django_tasks import task
from wagtail.fields import StreamField
from wagtail.models import Page

from bhp_site.core.blocks import iter_strings
from bhp_site.core.models import SiteSettings
from bhp_site.core.pages import get_child_relation_names
from bhp_site.core.visibility import get_visible_pages
from reports.chapters import Chapter

from .models import LinkCheck, LinkUse

HREF_PATTERN = re.compile(r'href="(https?://[^"]+)"', re.IGNORECASE)
URL_PATTERN = re.compile(r"https?://\S+", re.IGNORECASE)
MAX_URL_CHARACTERS = 2000
MAX_HOST_CHARACTERS = 255
PAGES_PER_BATCH = 50


@task(backend="database", queue_name="slow", priority=-10, coalesce=True, timeout_seconds=1800)
def collect_links() -> None:
    """Collect the links of all public pages, in small transactions."""
    _collect_footer_links()
    keys = [*get_visible_pages().filter(depth__gt=1).values_list("pk", flat=True)]
    for start in range(0, len(keys), PAGES_PER_BATCH):
        batch = keys[start : start + PAGES_PER_BATCH]
        pages = get_visible_pages().filter(pk__in=batch).specific()
        _save_links({page.pk: get_external_links(page) for page in pages})
    _delete_unused_links()


def enqueue_collection() -> None:
    """Enqueue `collect_links` if links are checked at all (a job)."""
    if settings.LINK_CHECKS:
        collect_links.enqueue()


def get_external_links(page: Page) -> set[str]:
    """Return the normalised URLs on other sites that `page` and its rows link to.

    `page` must be an instance of its specific class.
    """
    urls: set[str] = set()
    rows = (getattr(page, name).all() for name in get_child_relation_names(type(page)))
    for row in chain([page], *rows):
        for field in row._meta.fields:
            value: Any = field.value_from_object(row)
            stored = list(value.raw_data) if isinstance(field, StreamField) else value
            urls |= {normalise_url(url) for url in _find_urls(stored)}
        if isinstance(row, Chapter):
            # URLs in footnotes are plain text that the page turns into links.
            urls |= {normalise_url(url) for url in _find_urls(urlize(row.footnotes))}
    return urls - {""}


def normalise_url(url: str) -> str:
    """Return `url` as ASCII without its fragment.

    Return an empty string if the URL is invalid, too long to be stored, or leads to this site.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
        normalised = iri_to_uri(urlunsplit(parts._replace(fragment="")))
    except ValueError:
        return ""
    if not host or host in settings.ALLOWED_HOSTS or host == settings.SITE_HOST:
        return ""
    if len(normalised) > MAX_URL_CHARACTERS or len(host) > MAX_HOST_CHARACTERS:
        return ""
    return "" if "\x00" in normalised else normalised


def _find_urls(value: Any) -> Iterator[str]:
    """Yield the URLs in the stored value of a field or block: plain, or in rich text."""
    for text in iter_strings(value):
        if URL_PATTERN.fullmatch(text):
            yield text
        else:
            yield from map(unescape, HREF_PATTERN.findall(text))


def _collect_footer_links() -> None:
    urls = (url for row in SiteSettings.objects.all() for _, url in row.footer_links)
    _save_links({None: {normalise_url(url) for url in urls} - {""}})


@transaction.atomic
def _save_links(urls_by_page: Mapping[int | None, set[str]]) -> None:
    """Replace the stored links of these pages (None for the footer), adding new `LinkCheck`s."""
    urls = {url for page_urls in urls_by_page.values() for url in page_urls}
    LinkCheck.objects.bulk_create(
        [LinkCheck(url=url, host=urlsplit(url).hostname or "") for url in sorted(urls)],
        ignore_conflicts=True,
    )
    keys = dict(LinkCheck.objects.filter(url__in=urls).values_list("url", "pk"))
    current = {(keys[url], page) for page, links in urls_by_page.items() for url in links}
    stored = LinkUse.objects.filter(
        models.Q(page__in=[pk for pk in urls_by_page if pk])
        | (models.Q(page=None) if None in urls_by_page else models.Q(pk=None))
    )
    uses = {(use.link_id, use.page_id): use.pk for use in stored}
    LinkUse.objects.filter(pk__in=[uses[use] for use in uses.keys() - current]).delete()
    LinkUse.objects.bulk_create(
        [LinkUse(link_id=link, page_id=page) for link, page in current - uses.keys()],
        ignore_conflicts=True,
    )


def _delete_unused_links() -> None:
    """Delete the checks of links that no public page has any more."""
    hidden = LinkUse.objects.exclude(page=None).exclude(page__in=get_visible_pages().values("pk"))
    hidden.delete()
    LinkCheck.objects.filter(uses=None).delete()
