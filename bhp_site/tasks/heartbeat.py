"""Signs of life of the scheduler and the workers, for the launcher and for health checks.

A file of this machine lets the launcher restart a process that hangs, and lets a request see
whether a worker runs. Rows of the database tell all machines.
"""

import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from .models import Heartbeat

SCHEDULER, WORKER = "scheduler", "worker"
# Before the process id, in the name of a worker process of the web server.
WEB_PREFIX = "web-"
# Interval at which a process renews its heartbeat.
RENEW_SECONDS = 5
# A worker that has not renewed its file for this long counts as stopped.
STOPPED_AFTER_SECONDS = 60
# A row that is older means that the process hangs or has stopped, on all machines.
MAX_AGE = timedelta(seconds=20)
JOB_PREFIX = "job: "
# A job is late if it has not succeeded for its interval and so many seconds more.
MIN_JOB_DELAY_SECONDS, MAX_JOB_DELAY_SECONDS = 30, 300

_recorded_at: dict[str, float] = {}


def get_heartbeat_path(name: str = WORKER) -> Path:
    """Return the file that the process `name` touches."""
    return settings.DATA_DIR / name


def renew_heartbeat(name: str = WORKER) -> None:
    """Record in a file that the process `name` of this machine is alive now."""
    get_heartbeat_path(name).touch(mode=0o600)


def record_heartbeat(name: str) -> None:
    """Record in the database that `name` is alive, at most every RENEW_SECONDS."""
    if time.monotonic() - _recorded_at.get(name, float("-inf")) < RENEW_SECONDS:
        return
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, renewed_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["renewed_at"],
    )
    _recorded_at[name] = time.monotonic()


def record_job(name: str) -> None:
    """Record in the database that the job `name` has succeeded now."""
    record_heartbeat(f"{JOB_PREFIX}{name}")


def is_worker_alive() -> bool:
    """Return True if a worker here renewed its heartbeat in the last STOPPED_AFTER_SECONDS."""
    return get_file_age(WORKER) < STOPPED_AFTER_SECONDS


def get_file_age(name: str) -> float:
    """Return the seconds since the process `name` renewed its file; infinity without a file."""
    try:
        return time.time() - get_heartbeat_path(name).stat().st_mtime
    except OSError:
        return float("inf")


def is_alive(name: str) -> bool:
    """Return True if a process `name` of any machine recorded a heartbeat within MAX_AGE."""
    since = timezone.now() - MAX_AGE
    return Heartbeat.objects.filter(name=name, renewed_at__gte=since).exists()


def get_job_successes() -> dict[str, float]:
    """Return the Unix time of the last success of each job that has succeeded, by name."""
    rows = Heartbeat.objects.filter(name__startswith=JOB_PREFIX)
    return {row.name.removeprefix(JOB_PREFIX): row.renewed_at.timestamp() for row in rows}


def get_late_jobs() -> list[str]:
    """Return the names of the jobs that have not succeeded when they should have."""
    successes, now = get_job_successes(), time.time()
    late = []
    for job in import_string(settings.JOBS):
        delay = min(max(job.interval_seconds, MIN_JOB_DELAY_SECONDS), MAX_JOB_DELAY_SECONDS)
        if now - successes.get(job.name, now) > job.interval_seconds + delay:
            late.append(job.name)
    return late
