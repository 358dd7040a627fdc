"""Starts and runs the jobs that draft a report's edition from its PDF.

Reading a PDF and saving its images takes minutes at worst. A task does that, outside of any
transaction, with short writes between, so that other requests do not wait for it.
"""

import datetime
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from bhp_site.files.versions.models import DocumentVersion
from bhp_site.pdf.drafting.drafter import DRAFT_TIMEOUT_SECONDS
from bhp_site.pdf.errors import Unreadable
from bhp_site.tasks.errors import TemporaryFailure
from bhp_site.tasks.execution import (
    LeaseLost,
    PermanentFailure,
    complete_task,
    describe_error,
)
from bhp_site.tasks.heartbeat import is_worker_alive

from .drafting_jobs import DraftingJob
from .drafts import NotDrafted, draft_chapters, save_draft
from .models import ReportPage

logger = logging.getLogger(__name__)

# A job that has reported nothing for longer has lost its process.
STALE_SECONDS = DRAFT_TIMEOUT_SECONDS + 60
INTERRUPTED = (
    "Nothing was drafted, because the server stopped while it read the PDF. Your report has not "
    "changed. Start again."
)
UNEXPECTED = (
    "Nothing was drafted, because something went wrong on the site. Your report has not changed. "
    "Try again. If it fails again, tell your administrator."
)
UNREACHABLE = (
    "Nothing was drafted, because the site cannot reach the PDF at the moment. Your report has not "
    "changed. Try again in a few minutes."
)
NOT_STARTED = (
    "Nothing was drafted, because the server for background tasks is not running. Your report has "
    "not changed. Start again later."
)


def start_job(report: ReportPage, version: DocumentVersion, user: Any) -> DraftingJob:
    """Return a new job for `report`, or its unfinished one.

    A worker runs it. Without a worker it runs as soon as the transaction is committed.
    """
    give_up_stale_jobs()
    with transaction.atomic():
        ReportPage.objects.select_for_update().get(pk=report.pk)
        active = DraftingJob.objects.filter(report=report, state__in=DraftingJob.ACTIVE).first()
        if active:
            return active
        DraftingJob.objects.filter(report=report).delete()  # finished ones have been read
        job = DraftingJob.objects.create(report_id=report.pk, version=version, requested_by=user)
        run_drafting_job.enqueue(job.pk)
    job.refresh_from_db()  # Without a worker it has been run by now.
    return job


@task(
    backend="database",
    queue_name="slow",
    priority=20,
    max_attempts=3,
    # A long report has hundreds of images to convert.
    timeout_seconds=30 * 60,
    inline_without_worker=True,
)
def run_drafting_job(pk: int) -> None:
    """Run a drafting job; the task is repeated if its worker was stopped.

    It does nothing if the job is finished, or if an editor has started another one since.
    """
    job = DraftingJob.objects.select_related("report", "version", "requested_by").filter(pk=pk)
    unfinished = job.exclude(state=DraftingJob.State.DONE)
    if unfinished.update(state=DraftingJob.State.RUNNING, reported_at=timezone.now()):
        run_job(job.get())


def run_job(job: DraftingJob) -> None:
    """Draft the chapters that `job` requests, and store the result or the error in it.

    Raises LeaseLost if another worker has taken the task over, and PermanentFailure for an
    unexpected error.
    """
    try:
        chapters = draft_chapters(job.report, job.version, job.report_images)
        # A worker killed before this is committed leaves the report as it was.
        with complete_task():
            report = save_draft(job.report, chapters, job.requested_by)
            job.finish(DraftingJob.State.DONE, describe_result(report))
    except Unreadable as error:
        job.finish(DraftingJob.State.FAILED, f"Nothing was drafted. {error.message}")
    except NotDrafted as error:
        job.finish(DraftingJob.State.FAILED, f"Nothing was drafted. {error}")
    except TemporaryFailure:
        # The editor is waiting for an answer.
        logger.exception("The PDF of drafting job %s cannot be reached", job.pk)
        job.finish(DraftingJob.State.FAILED, UNREACHABLE)
    except LeaseLost:
        raise
    except Exception as error:
        logger.exception("Drafting job %s failed", job.pk)
        job.finish(DraftingJob.State.FAILED, UNEXPECTED)
        raise PermanentFailure(describe_error(error)) from error


def describe_result(report: ReportPage) -> str:
    """Return a sentence for the editor with the numbers of chapters and notes of a new draft."""
    chapters, notes = len(report.edition), report.open_note_count
    text = f"{chapters} chapter{'' if chapters == 1 else 's'} drafted"
    if notes:
        text += f", with {notes} note{'' if notes == 1 else 's'} to check"
    return f"{text}. Nothing is public until you publish."


def give_up_stale_jobs() -> None:
    """Mark jobs as failed whose process has died, or which no worker has started."""
    before = timezone.now() - datetime.timedelta(seconds=STALE_SECONDS)
    for state, message in (
        (DraftingJob.State.RUNNING, INTERRUPTED),
        (DraftingJob.State.WAITING, NOT_STARTED),
    ):
        stale = DraftingJob.objects.filter(state=state, reported_at__lt=before)
        if state == DraftingJob.State.WAITING and is_worker_alive():
            continue  # it may wait for another one
        if pks := list(stale.values_list("pk", flat=True)):
            stale.filter(pk__in=pks).update(
                state=DraftingJob.State.FAILED, message=message, finished_at=timezone.now()
            )
