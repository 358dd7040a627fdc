"""Measures every page type beside a trivial Django view in the same run: `make bench`.

For each: database queries, bytes sent (compressed), and processor time of an answer made anew, in
milliseconds and as a multiple of the trivial view's. Medians of rounds in which all take turns, so
that a noisy machine slows all alike.
"""

import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 15


def prepare() -> None:
    """A demonstration site of its own, in a folder that is thrown away."""
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="bhp-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "bhp_site.settings"
    import django

    django.setup()
    from django.core.management import call_command

    print("Preparing a demonstration site …", file=sys.stderr)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("demo", stdout=io.StringIO())


def addresses() -> dict[str, str]:
    """One address of every kind of page: the type's name → its fullest page."""
    from wagtail.models import get_page_models

    from bhp_site.core.pages import BasePage
    from reports.chapters import WHOLE
    from reports.models import ReportPage

    found = {"(trivial view)": "/trivial/"}
    for model in get_page_models():
        if issubclass(model, BasePage):
            pages = sorted(model.objects.visible(), key=lambda page: -len(page.text))
            if pages:
                found[model.__name__] = pages[0].get_url()
    for report in ReportPage.objects.visible():
        if report.edition:
            fullest = max(report.edition, key=lambda chapter: len(chapter.text))
            parts = {"report's contents": "", "chapter": fullest.slug, "whole report": WHOLE}
            found |= {name: report.reading_url(None, part) for name, part in parts.items()}
    return found | {"search": "/search/?q=health", "news feed": "/news/feed.xml"}


def measure(client: Any, address: str) -> tuple[int, int, float]:
    """Queries, bytes and processor seconds of one answer."""
    from django.db import connection

    count = 0

    def counting(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counting):
        start = time.process_time()
        response = client.get(address, headers={"accept-encoding": "gzip"})
        body = b"".join(response) if response.streaming else response.content
        spent = time.process_time() - start
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    return count, len(body), spent


def trivial(request: Any) -> Any:
    from django.http import HttpResponse

    return HttpResponse("ok")


def main() -> None:
    prepare()
    from django.conf import settings
    from django.test import Client, override_settings
    from django.urls import path

    from bhp_site import urls

    urls.urlpatterns.insert(0, path("trivial/", trivial))
    pages = addresses()
    with override_settings(ALLOWED_HOSTS=[*settings.ALLOWED_HOSTS, "testserver"]):
        client = Client()
        for address in pages.values():
            measure(client, address)
        runs: dict[str, list[tuple[int, int, float]]] = {name: [] for name in pages}
        for _ in range(ROUNDS):
            for name, address in pages.items():
                runs[name].append(measure(client, address))
    base = statistics.median(run[2] for run in runs["(trivial view)"])
    print(f"\n{'page':<20}{'queries':>8}{'bytes':>9}{'ms':>8}{'× trivial':>11}{'spread ms':>16}")
    for name, taken in runs.items():
        times = sorted(run[2] * 1000 for run in taken)
        median = statistics.median(times)
        print(
            f"{name:<20}{taken[-1][0]:>8}{taken[-1][1]:>9}{median:>8.1f}"
            f"{median / 1000 / base:>11.1f}{f'{times[0]:.1f} – {times[-1]:.1f}':>16}"
        )


if __name__ == "__main__":
    main()
