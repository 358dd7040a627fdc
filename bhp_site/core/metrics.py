"""What is counted for those who run the site, of all processes together (Prometheus' format).

Nothing is counted, and nothing answers, unless METRICS_TOKEN is set.
"""

import shutil
import threading
from typing import Any

from django.conf import settings

# Statuses are counted by their hundreds, and odd methods as one: labels must stay few.
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}

_counted: dict[str, Any] = {}
_making = threading.Lock()


def _instruments() -> dict[str, Any]:
    """Counters of this process; its library keeps them in a folder that all processes share."""
    if settings.METRICS_TOKEN and not _counted:
        from prometheus_client import Counter, Histogram

        # No name may be taken twice, and several threads count.
        with _making:
            if not _counted:
                asked = Histogram(
                    "bhp_request_seconds", "Requests that Django answered", ["method", "status"]
                )
                kept = Counter(
                    "bhp_kept_answers_total", "Answers given without asking Django", ["status"]
                )
                _counted.update(asked=asked, kept=kept)
    return _counted


def observe(method: str, status: int, seconds: float) -> None:
    """Count a request that Django has answered."""
    if found := _instruments():
        name = method if method in METHODS else "other"
        found["asked"].labels(name, f"{status // 100}xx").observe(seconds)


def count_kept(status: int) -> None:
    """Count an answer that Django was not asked for."""
    if found := _instruments():
        found["kept"].labels(f"{status // 100}xx").inc()


def exposition() -> tuple[bytes, str]:
    """All that was counted since the start, and its content type."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.METRICS_DIR))
    return generate_latest(registry), CONTENT_TYPE_LATEST


def begin() -> None:
    """Forget what processes of an earlier start have counted."""
    shutil.rmtree(settings.METRICS_DIR, ignore_errors=True)
    settings.METRICS_DIR.mkdir(mode=0o700)
