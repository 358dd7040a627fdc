"""The image that stands beside each item of a list of news."""

from typing import Any

from django.db.models import Func, IntegerField, QuerySet
from wagtail.models import Collection, Page

from bhp_site.core.models import SiteImage
from bhp_site.core.visibility import build_visible_sql
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.collection_restrictions import get_restricted_paths
from reports.models import ReportDownload, ReportPage


class CoverKey(Func):
    """The key of the cover of the report that each news item in a query announces.

    Null for a report that visitors may not read. The rule of which image is the cover is that of
    `ReportPage.cover_picture`. Written as SQL, as in `bhp_site.core.visibility`.
    """

    output_field = IntegerField()

    def __init__(self) -> None:
        super().__init__("report")

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        """Return a subquery for the key."""
        report, params = compiler.compile(self.source_expressions[0])
        sql, paths = build_cover_sql(report)
        return sql, [*paths, *params]


def build_cover_sql(report: str) -> tuple[str, list[str]]:
    """Return `CoverKey` as SQL, and its parameters; `report` is SQL for the key of the report."""
    restricted_paths = get_restricted_paths()
    is_public = "".join(
        f" AND SUBSTR(collection.path, 1, {len(path)}) <> %s" for path in restricted_paths
    )
    first_cover = (
        f"SELECT document.cover_id FROM {ReportDownload._meta.db_table} download"  # noqa: S608
        f" JOIN {SiteDocument._meta.db_table} document ON document.id = download.document_id"
        f" JOIN {Collection._meta.db_table} collection"
        " ON collection.id = document.collection_id"
        f" WHERE download.page_id = report.page_ptr_id{is_public}"
        " ORDER BY download.sort_order LIMIT 1"
    )
    sql = (
        f"(SELECT COALESCE(report.cover_id, ({first_cover}))"  # noqa: S608
        f" FROM {ReportPage._meta.db_table} report"
        f" JOIN {Page._meta.db_table} reported ON reported.id = report.page_ptr_id"
        f" WHERE report.page_ptr_id = {report} AND {build_visible_sql('reported')})"
    )
    return sql, [*restricted_paths]


def annotate_covers(news: QuerySet) -> Any:
    """Return the query `news` with `cover_key`, the key of the cover of each announced report."""
    return news.annotate(cover_key=CoverKey())


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
