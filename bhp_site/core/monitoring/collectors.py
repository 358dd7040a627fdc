"""A collector of prometheus_client: what is worth an alert, read at each request for metrics."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.models import Revision

from bhp_site.core.mail.queue import get_email_models
from bhp_site.tasks.heartbeat import get_job_successes

from .health_checks import run_health_checks

# Apps above add what they count, by name: what it is, and a function that returns the number.
row_counts: dict[str, tuple[str, Callable[[], int]]] = {}


class SiteCollector:
    """Reads health checks, jobs, e-mails, overdue pages and disk space."""

    def collect(self) -> Iterator[Any]:
        """Yield the metrics. Without a database only the health checks and the disk remain."""
        from prometheus_client.core import GaugeMetricFamily

        health = run_health_checks()
        checks = GaugeMetricFamily(
            "bhp_check_ok", "1 if a check of /readyz passes", labels=["check"]
        )
        for name, passes in health.items():
            checks.add_metric([name], passes)
        yield checks
        disk = GaugeMetricFamily("bhp_disk_free_bytes", "Free space of a folder", labels=["folder"])
        for label, folder in (("data", settings.DATA_DIR), ("media", settings.MEDIA_ROOT)):
            if folder.exists():
                disk.add_metric([label], shutil.disk_usage(folder).free)
        yield disk
        if health["database"]:
            yield from self.collect_from_database()

    def collect_from_database(self) -> Iterator[Any]:
        """Yield the metrics that count rows, of all machines together."""
        from prometheus_client.core import GaugeMetricFamily

        jobs = GaugeMetricFamily(
            "bhp_job_last_success_timestamp_seconds",
            "When a periodic job last succeeded",
            labels=["job"],
        )
        for name, moment in get_job_successes().items():
            jobs.add_metric([name], moment)
        yield jobs
        emails = GaugeMetricFamily("bhp_emails", "E-mails that were not sent", labels=["status"])
        unsent = [model._default_manager.filter(sent_at=None) for model in get_email_models()]
        emails.add_metric(["waiting"], sum(rows.filter(problem="").count() for rows in unsent))
        emails.add_metric(["failing"], sum(rows.exclude(problem="").count() for rows in unsent))
        yield emails
        overdue = Revision.objects.filter(approved_go_live_at__lte=timezone.now()).count()
        yield GaugeMetricFamily("bhp_overdue_pages", "Scheduled pages that are overdue", overdue)
        for name, (description, count) in row_counts.items():
            yield GaugeMetricFamily(name, description, count())
