"""How often files were downloaded, day by day, as editors take it into a spreadsheet."""

import csv

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .versions import DownloadCount

COLUMNS = ("date", "file", "version", "downloads")
# A spreadsheet would take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def downloads_csv(request: HttpRequest) -> HttpResponse:
    """One line a version and day (RFC 4180, UTF-8 with a mark for spreadsheets), oldest first.

    Of the files that `document`, which may be given several times, names by key; else of all.
    """
    counts = DownloadCount.objects.order_by("day", "version__document__title", "version__number")
    if keys := request.GET.getlist("document"):
        if not all(key.isdecimal() and len(key) < 19 for key in keys):
            raise Http404
        counts = counts.filter(version__document__in=[int(key) for key in keys])
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="downloads.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    rows = counts.values_list("day", "version__document__title", "version__number", "downloads")
    for day, title, number, downloads in rows.iterator():
        writer.writerow([day, _safe(title), number, downloads])
    return response


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
