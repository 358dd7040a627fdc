"""Request metrics for operators, of all processes together, in Prometheus' text format.

Nothing is counted unless METRICS_TOKEN is set.
"""

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection

# Every label value makes a time series of its own, so all other methods are counted as “other”.
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}

# Further collectors of prometheus_client, which read their metrics at each request for them.
collectors: list[Any] = []

_instruments: dict[str, Any] = {}
_lock = threading.Lock()


def observe_request(method: str, status: int, seconds: float) -> None:
    """Record a request that Django handled, its response's `status` and duration in `seconds`."""
    if instruments := _get_instruments():
        label = method if method in METHODS else "other"
        instruments["requests"].labels(label, f"{status // 100}xx").observe(seconds)


def count_failed_upload() -> None:
    """Count an upload that was answered with an error of the site or the server."""
    if instruments := _get_instruments():
        instruments["failed_uploads"].inc()


def count_refusal(reason: str) -> None:
    """Count a refused request by its reason."""
    if instruments := _get_instruments():
        instruments["refusals"].labels(reason).inc()


@contextlib.contextmanager
def measure_database() -> Iterator[None]:
    """Record the time that the database needs for the queries made meanwhile, as one value."""
    if not settings.METRICS_TOKEN:
        yield
        return
    total = 0.0

    def measure(execute: Any, *args: Any) -> Any:
        nonlocal total
        began = time.perf_counter()
        try:
            return execute(*args)
        finally:
            total += time.perf_counter() - began

    with connection.execute_wrapper(measure):
        yield
    _get_instruments()["database"].observe(total)


def count_cached_response(status: int) -> None:
    """Count a response with `status` that the page cache served without Django."""
    if instruments := _get_instruments():
        instruments["cached_responses"].labels(f"{status // 100}xx").inc()


def render_metrics() -> tuple[bytes, str]:
    """Return the metrics since the start as bytes, and their content type."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.METRICS_DIR))
    for collector in collectors:
        registry.register(collector)
    return generate_latest(registry), CONTENT_TYPE_LATEST


def reset_metrics() -> None:
    """Delete what processes of an earlier start counted."""
    shutil.rmtree(settings.METRICS_DIR, ignore_errors=True)
    settings.METRICS_DIR.mkdir(mode=0o700)


def _get_instruments() -> dict[str, Any]:
    """Return the counters of this process, which write to a folder shared by all processes.

    Empty while METRICS_TOKEN is not set. `prometheus_client` is imported only when needed.
    """
    if settings.METRICS_TOKEN and not _instruments:
        from prometheus_client import Counter, Histogram

        # The library refuses a second instrument of the same name.
        with _lock:
            if not _instruments:
                requests = Histogram(
                    "bhp_request_seconds", "Requests answered by Django", ["method", "status"]
                )
                cached_responses = Counter(
                    "bhp_page_cache_responses_total",
                    "Responses served from the page cache",
                    ["status"],
                )
                database = Histogram(
                    "bhp_database_seconds", "Time of the database in requests answered by Django"
                )
                failed_uploads = Counter(
                    "bhp_upload_failures_total", "Uploads in the admin that ended in an error"
                )
                refusals = Counter("bhp_refusals_total", "Refused requests", ["reason"])
                # At once: other threads use what is there without the lock.
                _instruments.update(
                    requests=requests,
                    cached_responses=cached_responses,
                    database=database,
                    failed_uploads=failed_uploads,
                    refusals=refusals,
                )
    return _instruments
