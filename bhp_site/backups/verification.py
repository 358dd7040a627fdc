"""Proves that a site is complete: rows, bytes, page tree, public pages, documents and sign-in."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client, override_settings
from wagtail.models import Collection, Page, Site

from bhp_site.core.models import SiteImage, User
from bhp_site.core.storage.media import get_media, hash_media
from bhp_site.core.visibility import get_visible_pages
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import get_public_keys
from bhp_site.files.versions.models import DocumentVersion

from .creating import get_engine
from .manifest import Manifest
from .media import is_identical
from .reference_index import find_outdated_objects

# Tables that the restoring itself writes.
OWN_TABLES = ("backups_mailhold", "backups_backuprecord")
HIDDEN_STATUSES = (301, 302, 404, 410)


def iter_problems(manifest: Manifest | None, report: Callable[[str], None]) -> Iterator[str]:
    """Yield a sentence for each problem of the site; `report` gets a line about each check.

    With the `manifest` of a backup, rows and files must be those of the backup. Pages and documents
    are requested as visitors do, in this process.
    """
    if manifest:
        report(f"Rows of {len(manifest.tables)} tables and hashes of {len(manifest.files)} files")
        yield from check_tables(manifest)
        yield from check_files(manifest)
    report("Integrity of the database, page tree and reference index")
    yield from check_integrity()
    yield from check_trees()
    yield from check_reference_index()
    report(f"Bytes of {DocumentVersion.objects.count()} versions of documents, and of images")
    yield from check_bytes()
    public = get_visible_pages().count()
    report(f"{public} public pages, and {Page.objects.count() - public} that are not public")
    yield from check_pages()
    report(f"{SiteDocument.objects.count()} documents, as visitors download them")
    yield from check_documents()
    report("Signing in")
    yield from check_sign_in()


def check_tables(manifest: Manifest) -> Iterator[str]:
    """Yield tables whose number of rows is not that of the backup."""
    counts = get_engine().count_rows()
    for name, expected in manifest.tables.items():
        if name not in OWN_TABLES and counts.get(name) != expected:
            yield f"The table {name} has {counts.get(name)} rows; the backup has {expected}."


def check_files(manifest: Manifest) -> Iterator[str]:
    """Yield files of the backup that the site's storage lacks, or has with other bytes."""
    for file in manifest.files:
        if not is_identical(file):
            yield f"The file {file.path} is missing or differs from the backup."


def check_integrity() -> Iterator[str]:
    """Yield what SQLite says of a damaged database, and rows that refer to missing rows."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        for (result,) in cursor.fetchall():
            if result != "ok":
                yield f"The database is damaged: {result}"
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _ in cursor.fetchall():
            yield f"Row {row} of {table} refers to a missing row of {parent}."


def check_trees() -> Iterator[str]:
    """Yield what is wrong with the trees of pages and collections."""
    for model in (Page, Collection):
        for keys in model.find_problems():
            if keys:
                yield f"The tree of {model._meta.verbose_name}s has problems: {keys[:10]}"
    for page in Page.objects.order_by("path").iterator():
        if page.specific_class is None:
            yield f"Page {page.pk} has a type that this version of the site lacks."


def check_reference_index() -> Iterator[str]:
    """Yield how many objects have other references than the index says."""
    if outdated := sum(1 for _ in find_outdated_objects()):
        yield (
            f"The reference index is wrong for {outdated} objects, so documents may be missing. "
            "Run manage.py rebuild_references_index."
        )


def check_bytes() -> Iterator[str]:
    """Yield documents, versions and images whose bytes are missing or have changed."""
    media = get_media()
    for name, sha256 in DocumentVersion.objects.values_list("file", "sha256").distinct():
        try:
            if hash_media(media, name) != sha256:
                yield f"The bytes of a document have changed: {name}"
        except FileNotFoundError:
            yield f"The bytes of a document are missing: {name}"
    for name in SiteImage.objects.values_list("file", flat=True):
        if not default_storage.exists(name):
            yield f"The bytes of an image are missing: {name}"


def use_plain_static_files() -> AbstractContextManager[Any]:
    """Return a context in which pages render without collected static files.

    They are collected when a restored site is started, which is later.
    """
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # It would warn that there are none.
    middleware = [name for name in settings.MIDDLEWARE if not name.startswith("whitenoise.")]
    return override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain}, MIDDLEWARE=middleware
    )


def build_client() -> Client:
    """Return a client for requests as visitors make them."""
    # Named as a bot, its downloads are not counted.
    environ: dict[str, Any] = {
        "SERVER_NAME": settings.SITE_HOST,
        "HTTP_USER_AGENT": "BHP-verify-bot/1.0",
    }
    if settings.HTTPS:
        environ |= {"wsgi.url_scheme": "https", "HTTP_X_FORWARDED_PROTO": "https"}
    return Client(raise_request_exception=False, **environ)


def check_pages() -> Iterator[str]:
    """Yield public pages that do not answer with 200, and others that do."""
    client = build_client()
    public = set(get_visible_pages().values_list("pk", flat=True))
    roots = [site.root_page for site in Site.objects.select_related("root_page")]
    for page in Page.objects.filter(depth__gt=1).order_by("path").iterator():
        if not any(page.path.startswith(root.path) for root in roots):
            continue
        url = page.specific_deferred.get_url()
        if not url:
            continue
        path = url if url.startswith("/") else "/" + url.split("/", 3)[3]
        status = client.get(path).status_code
        if page.pk in public and status not in (200, 301, 302):
            yield f"The public page {path} answers {status}."
        elif page.pk not in public and not page.live and status not in HIDDEN_STATUSES:
            yield f"The page {path} is not published, and answers {status}."


def check_documents() -> Iterator[str]:
    """Yield public documents that visitors do not get byte by byte, and private ones they get."""
    client = build_client()
    public = get_public_keys(SiteDocument)
    for document in SiteDocument.objects.iterator():
        response: Any = client.get(document.url)
        if document.pk not in public:
            if response.status_code == 200:
                yield f"The document {document.url} is not public, and visitors can get it."
        elif not document.withdrawn_reason and not _is_delivered(response, document):
            yield f"Visitors do not get the public document {document.url} as it was stored."


def _is_delivered(response: Any, document: SiteDocument) -> bool:
    """Return True if `response` has the bytes of `document`."""
    if response.status_code != 200:
        return False
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return hashlib.sha256(content).hexdigest() == document.sha256


def check_sign_in() -> Iterator[str]:
    """Yield a sentence if a new account cannot sign in; the account is not kept."""
    password, email = secrets.token_urlsafe(24), f"verify-{secrets.token_hex(8)}@example.org"
    with transaction.atomic():
        User.objects.create_superuser(email, password)
        client = build_client()
        # A site may allow passwords to emergency accounts only.
        with override_settings(SSO_ONLY=False):
            is_signed_in = client.login(username=email, password=password)
        if not is_signed_in:
            yield "A new account cannot sign in."
        elif client.get("/admin/").status_code not in (200, 302):
            yield "The admin does not answer an account that has signed in."
        transaction.set_rollback(True)
