"""The image that stands beside each item of a list of news."""

from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bhp_site.core.models import SiteImage
from bhp_site.files.permissions.collection_restrictions import get_restricted_paths
from reports.models import ReportDownload, ReportPage


def annotate_covers(news: QuerySet) -> Any:
    """Return the query `news` with `cover_key`, the key of the cover of each announced report.

    It is None for a report that visitors may not read. The rule of which image is the cover is that
    of `ReportPage.cover_picture`.
    """
    first = ReportDownload.objects.filter(page=OuterRef("pk")).order_by("sort_order")
    for path in get_restricted_paths():
        first = first.exclude(document__collection__path__startswith=path)
    page_one = Subquery(first.values("document__cover")[:1])
    reports = ReportPage.objects.visible().filter(pk=OuterRef("report"))
    covers = reports.values_list(Coalesce("cover_id", page_one, output_field=IntegerField()))
    return news.annotate(cover_key=Subquery(covers[:1]))


def attach_images(pages: Any) -> list[Any]:
    """Return the news `pages`, from a query with `annotate_covers`, each with its `list_image`.

    That is the first image of the body, else the cover of the announced report, else None. One
    query reads all of them.
    """
    pages = list(pages)
    keys = {page.pk: _get_first_figure(page.body) or page.cover_key for page in pages}
    image_keys = set(filter(None, keys.values()))
    images = SiteImage.objects.in_bulk(image_keys) if image_keys else {}
    for page in pages:
        page.list_image = images.get(keys[page.pk])
    return pages


def _get_first_figure(body: Any) -> int | None:
    """Return the key of the first image in a body, read from stored values without a query."""
    for block in body.raw_data:
        image = block["value"].get("image") if block["type"] == "figure" else None
        if image and image.get("image"):
            return int(image["image"])
    return None
