"""A collector of prometheus_client: what is worth an alert, read at each request for metrics."""

import shutil
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from wagtail.models import Revision

from bhp_site.core.mail.queue import QueuedEmail
from bhp_site.tasks.heartbeat import get_job_successes

from .health_checks import HEALTH_CHECKS, is_healthy


class SiteCollector:
    """Reads health checks, jobs, e-mails, overdue pages and disk space."""

    def collect(self) -> Iterator[Any]:
        """Yield the metrics. Without a database only the health checks and the disk remain."""
        from prometheus_client.core import GaugeMetricFamily

        health = {name: is_healthy(check) for name, check in HEALTH_CHECKS.items()}
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
        models = [model for model in apps.get_models() if issubclass(model, QueuedEmail)]
        unsent = [model._default_manager.filter(sent_at=None) for model in models]
        emails.add_metric(["waiting"], sum(rows.filter(problem="").count() for rows in unsent))
        emails.add_metric(["failing"], sum(rows.exclude(problem="").count() for rows in unsent))
        yield emails
        overdue = Revision.objects.filter(approved_go_live_at__lte=timezone.now()).count()
        yield GaugeMetricFamily("bhp_overdue_pages", "Scheduled pages that are overdue", overdue)
