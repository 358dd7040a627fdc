"""Starts and runs the jobs that draft a report's edition from its PDF.

Reading a PDF and saving its images takes minutes at worst. A job does that beside the requests and
outside of any transaction, with short writes between, so that nobody else waits for it.
"""

import datetime
import logging
import threading
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from bhp_site.core import background
from bhp_site.files.drafting import MAX_SECONDS
from bhp_site.files.reading import Unreadable
from bhp_site.files.versions.models import DocumentVersion

from .drafting_jobs import DraftingJob
from .drafts import NotDrafted, draft_edition
from .models import ReportPage

logger = logging.getLogger(__name__)

# A job that has reported nothing for longer has lost its process.
STALE_SECONDS = MAX_SECONDS + 60
INTERRUPTED = (
    "Nothing was drafted: the server stopped while it read the PDF. Your report has not changed. "
    "Start again."
)
UNEXPECTED = (
    "Nothing was drafted, because something went wrong on the site. Your report has not changed. "
    "Try again; if it fails again, tell the people who run the site."
)
NOT_STARTED = (
    "Nothing was drafted: the server that does this work is not running. Your report has not "
    "changed. Start again."
)


def start_job(report: ReportPage, version: DocumentVersion, user: Any) -> DraftingJob:
    """Return a new job for `report`, or the one that is under way.

    The scheduler takes it up. Where none runs, the job is done before this returns.
    """
    give_up_stale_jobs()
    with transaction.atomic():
        ReportPage.objects.select_for_update().get(pk=report.pk)
        active = DraftingJob.objects.filter(report=report, state__in=DraftingJob.ACTIVE).first()
        if active:
            return active
        DraftingJob.objects.filter(report=report).delete()  # finished ones have been read
        job = DraftingJob.objects.create(report_id=report.pk, version=version, requested_by=user)
    if not background.is_running():
        run_job(job)
    return job


def run_job(job: DraftingJob) -> None:
    """Draft what a job asks for, unless another process has taken it up."""
    waiting = DraftingJob.objects.filter(pk=job.pk, state=DraftingJob.State.WAITING)
    if not waiting.update(state=DraftingJob.State.RUNNING, reported_at=timezone.now()):
        return
    job.state = DraftingJob.State.RUNNING
    try:
        report = draft_edition(job.report, job.version, job.requested_by, job.report_images)
    except Unreadable as error:
        job.finish(DraftingJob.State.FAILED, f"Nothing was drafted. {error.sentence}")
    except NotDrafted as error:
        job.finish(DraftingJob.State.FAILED, f"Nothing was drafted. {error}")
    except Exception:
        logger.exception("Drafting job %s failed", job.pk)
        job.finish(DraftingJob.State.FAILED, UNEXPECTED)
    else:
        job.finish(DraftingJob.State.DONE, describe_result(report))


def describe_result(report: ReportPage) -> str:
    chapters, notes = len(report.edition), report.notes_left
    text = f"{chapters} chapter{'' if chapters == 1 else 's'} drafted"
    if notes:
        text += f", with {notes} note{'' if notes == 1 else 's'} of what to look at"
    return f"{text}. Nothing of it is public before you publish."


def give_up_stale_jobs() -> None:
    """Mark jobs as failed whose process has died, or which nobody has taken up."""
    before = timezone.now() - datetime.timedelta(seconds=STALE_SECONDS)
    for state, message in (
        (DraftingJob.State.RUNNING, INTERRUPTED),
        (DraftingJob.State.WAITING, NOT_STARTED),
    ):
        stale = DraftingJob.objects.filter(state=state, reported_at__lt=before)
        if state == DraftingJob.State.WAITING and background.is_running():
            continue  # it may wait for another one
        if pks := list(stale.values_list("pk", flat=True)):
            stale.filter(pk__in=pks).update(
                state=DraftingJob.State.FAILED, message=message, finished_at=timezone.now()
            )


class _Runner(threading.Thread):
    """Runs one job beside the scheduler, which has pages to publish on time."""

    def __init__(self, job: DraftingJob) -> None:
        super().__init__(name=f"drafting-{job.pk}", daemon=True)
        self.job = job

    def run(self) -> None:
        close_old_connections()
        try:
            run_job(self.job)
        except Exception:  # the database may be away; the job is given up once it is stale
            logger.exception("Drafting job %s could not be finished", self.job.pk)
        finally:
            connection.close()


_runner: _Runner | None = None


def run_next_job() -> bool:
    """Start the job that has waited longest, one at a time; return False, as it runs by itself."""
    global _runner
    if _runner and _runner.is_alive():
        return False
    give_up_stale_jobs()
    waiting = DraftingJob.objects.filter(state=DraftingJob.State.WAITING)
    job = waiting.select_related("report", "version", "requested_by").last()
    _runner = _Runner(job) if job else None
    if _runner:
        _runner.start()
    return False
