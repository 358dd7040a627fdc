"""Scan uploads, and keep from everybody what was not scanned or has a virus."""

import contextlib
import datetime
import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_tasks import task
from wagtail.images.models import SourceImageIOError

from bhp_site.core.caching.invalidation import send_content_changed
from bhp_site.core.caching.process_cache import cached_until_change, is_in_transaction
from bhp_site.core.models import SiteImage
from bhp_site.tasks.backends import is_enqueued
from bhp_site.tasks.execution import complete_task

from ..versions.models import DocumentVersion
from .clamd import TASK_TIMEOUT_SECONDS, FileNotScanned, ScannerUnavailable, scan
from .notices import tell_of_delay, tell_of_virus
from .records import FileScan

logger = logging.getLogger(__name__)

# Of files without a result, as many are scanned in one task.
MAX_FILES = 100
# Who uploaded a file that waits for longer than this is told by e-mail.
LONG_WAIT = datetime.timedelta(hours=1)
FILE_MODELS: tuple[tuple[Any, str], ...] = ((DocumentVersion, "sha256"), (SiteImage, "file_hash"))


def is_enabled() -> bool:
    """Return True if uploads are scanned."""
    return bool(settings.CLAMD_SOCKET)


def is_blocked(content_hash: str) -> bool:
    """Return whether a file must not be served: it waits for its scan, or has a virus."""
    if is_in_transaction():
        return content_hash in _find_blocked()
    return content_hash in cached_until_change("blocked-files", _find_blocked)


def scan_upload(file: Any, content_hash: str) -> str:
    """Scan an upload now, and store that it is clean; return the name of a virus, or "".

    Raises ScannerUnavailable.
    """
    virus = scan(file, settings.CLAMD_SOCKET)
    if not virus:
        _store(content_hash, "")
    return virus


def follow_version(sender: type, instance: DocumentVersion, created: bool, **kwargs: Any) -> None:
    """Let a new version of a document wait for its scan, unless it was scanned already."""
    if created and is_enabled():
        _wait_for_scan(instance, instance.sha256)


def follow_image(sender: type, instance: SiteImage, **kwargs: Any) -> None:
    """Let a new file of an image wait for its scan, unless it was scanned already.

    Receiver of `pre_save`: afterwards a new file cannot be told from one that was there before.
    """
    if is_enabled() and instance.file and not instance.file._committed:
        # Forms have computed the hash, other code may have not.
        if not instance.file_hash:
            instance._set_file_hash()
        _wait_for_scan(instance, instance.file_hash)


def enqueue_scans() -> None:
    """Enqueue the scan of files that have no result, and tell of those that wait long (a job)."""
    if not is_enabled():
        return
    if not is_enqueued(scan_files) and _find_files(1):
        scan_files.enqueue()
    _tell_of_delays()


@task(backend="database")
def scan_files() -> int:
    """Scan files that have no result; return how many different ones were scanned.

    While the scanner is down they wait: a job enqueues this again.
    """
    done = set()
    for instance, content_hash in _find_files(MAX_FILES):
        if content_hash in done:
            continue
        try:
            with instance.file.storage.open(instance.file.name) as file:
                virus = scan(file, settings.CLAMD_SOCKET, TASK_TIMEOUT_SECONDS)
        except FileNotFoundError:
            # Health checks and the content audit name missing files.
            continue
        except FileNotScanned as error:
            logger.warning("%s %s was not scanned: %s", instance._meta.label, instance.pk, error)
            continue
        except ScannerUnavailable as error:
            logger.warning("The virus scanner is not available: %s", error)
            break
        with complete_task():
            _store(content_hash, virus)
            uploads = _find_uploads([content_hash])
            for upload in uploads:
                send_content_changed(upload, "scan")
            if virus:
                tell_of_virus(uploads, virus)
        if virus:
            logger.error("A virus was found in %s: %s", instance._meta.label, virus)
        done.add(content_hash)
    return len(done)


def find_instances(state: str) -> list[Any]:
    """Return the documents and images with files in a state, documents by their versions."""
    return _find_uploads(FileScan.objects.filter(state=state).values("content_hash"))


def _find_uploads(hashes: Any) -> list[Any]:
    """Return the document versions and images with these hashes."""
    return [
        instance
        for model, field in FILE_MODELS
        for instance in model._default_manager.filter(**{f"{field}__in": hashes})
    ]


@transaction.atomic
def _tell_of_delays() -> None:
    """Tell once who uploaded a file that has waited for its scan for long."""
    late = FileScan.objects.filter(
        state=FileScan.State.WAITING,
        delay_notified_at=None,
        created_at__lt=timezone.now() - LONG_WAIT,
    )
    hashes = [*late.select_for_update().values_list("content_hash", flat=True)]
    if hashes:
        late.update(delay_notified_at=timezone.now())
        tell_of_delay(_find_uploads(hashes))


def _wait_for_scan(instance: Any, content_hash: str) -> None:
    _, is_new = FileScan.objects.get_or_create(content_hash=content_hash)
    if is_new:
        send_content_changed(instance, "wait for scan")
        scan_files.enqueue()


def _find_blocked() -> set[str]:
    blocked = FileScan.objects.exclude(state=FileScan.State.CLEAN)
    return {*blocked.values_list("content_hash", flat=True)}


def _find_files(limit: int) -> list[tuple[Any, str]]:
    """Return up to `limit` documents and images without a result, with their hashes."""
    for image in SiteImage.objects.filter(file_hash="")[:limit]:
        # Health checks and the content audit name missing files.
        with contextlib.suppress(SourceImageIOError):
            image.get_file_hash()
    files: list[tuple[Any, str]] = []
    for model, field in FILE_MODELS:
        done = FileScan.objects.exclude(state=FileScan.State.WAITING)
        rows = model._default_manager.exclude(**{field: ""}).exclude(
            Exists(done.filter(content_hash=OuterRef(field)))
        )
        files += [(row, getattr(row, field)) for row in rows.order_by("-pk")[:limit]]
    return files[:limit]


def _store(content_hash: str, virus: str) -> None:
    state = FileScan.State.INFECTED if virus else FileScan.State.CLEAN
    FileScan.objects.update_or_create(
        content_hash=content_hash,
        defaults={"state": state, "virus": virus[:200], "scanned_at": timezone.now()},
    )
