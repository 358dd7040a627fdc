"""Find the documents and images that a change may have taken from visitors.

While Django cannot be asked, the page cache goes on serving all other files. Where the answer
would need the state before the change, it is wider than necessary, never narrower.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import Q
from wagtail.models import Page, ReferenceIndex

from bhp_site.core.caching.process_cache import ADDITIVE_ACTION, InvalidationScope, invalidate
from bhp_site.core.models import SiteImage, SiteRendition, SiteSettings
from bhp_site.core.unpublishing import Unpublishing

from ..models import SiteDocument
from ..versions.models import DocumentVersion
from .admin_access import MAX_REFERENCE_STEPS, ObjectKey

logger = logging.getLogger(__name__)

# Changes of a document or image that take nothing away: its text was read, or its findings.
HARMLESS_ACTIONS = {ADDITIVE_ACTION, "read", "check"}
NO_FILES: frozenset[str] = frozenset()
# The files of larger trees are not looked up one by one.
MAX_PAGES = 1000


def find_scope(instance: models.Model, action: str) -> InvalidationScope:
    """Return which pages and files the change of `instance` may have taken from visitors.

    References that it no longer has are followed by `follow_removed_reference`.
    """
    if action in HARMLESS_ACTIONS:
        return InvalidationScope(pages=False, files=NO_FILES)
    try:
        if isinstance(instance, DocumentVersion):
            instance = instance.document
        if isinstance(instance, SiteDocument | SiteImage):
            return _find_scope_of_file(instance, action)
        return InvalidationScope(pages=True, files=_find_files_with(instance, action))
    except Exception:
        # The database may just have failed, after the commit.
        logger.exception("All files are withheld from the page cache after a change")
        return InvalidationScope(pages=True, files=None)


@dataclass
class Removals:
    """The objects to which a transaction has removed references, and the files of renditions."""

    targets: set[ObjectKey] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def withhold_files(self) -> None:
        """Withhold these files and those of the objects; all files if they cannot be found."""
        try:
            files: frozenset[str] | None = find_files(self.targets) | self.files
        except Exception:
            logger.exception("All files are withheld from the page cache after a change")
            files = None
        if files != NO_FILES:
            invalidate(InvalidationScope(pages=False, files=files))


def follow_removed_reference(instance: ReferenceIndex, **kwargs: Any) -> None:
    """Withhold, after the commit, the files that this reference may have made public.

    Receiver of `post_delete`.
    """
    target = instance.to_content_type_id, instance.to_object_id
    _withhold_after_commit(Removals(targets={target}))


def follow_removed_rendition(instance: SiteRendition, **kwargs: Any) -> None:
    """Withhold its file after the commit: the image may have been replaced.

    Receiver of `post_delete`.
    """
    _withhold_after_commit(Removals(files={str(instance.file.name)}))


def _withhold_after_commit(removals: Removals) -> None:
    """Withhold the files of `removals` and of the earlier ones in the transaction at once."""
    for _, callback, *_ in connection.run_on_commit:
        if isinstance(earlier := getattr(callback, "__self__", None), Removals):
            earlier.targets |= removals.targets
            earlier.files |= removals.files
            return
    transaction.on_commit(removals.withhold_files, robust=True)


def _find_scope_of_file(instance: SiteDocument | SiteImage, action: str) -> InvalidationScope:
    """Return what a change of a document or image may have taken away."""
    if action == "delete":
        return InvalidationScope(pages=True, files=None)
    key = ContentType.objects.get_for_model(type(instance)).pk, str(instance.pk)
    is_used = ReferenceIndex.get_references_to(instance).exists()
    return InvalidationScope(pages=is_used, files=find_files({key}))


def _find_files_with(instance: models.Model, action: str) -> frozenset[str] | None:
    """Return the files that pages or other objects show with `instance`; None for all files."""
    if isinstance(instance, Unpublishing):
        instance = instance.page
    if isinstance(instance, Page):
        pages = Page.objects.filter(path__startswith=instance.path)
        keys = [*pages.values_list("pk", flat=True)[: MAX_PAGES + 1]]
        kind = ContentType.objects.get_for_model(Page).pk
        return find_files((kind, str(pk)) for pk in keys) if len(keys) <= MAX_PAGES else None
    if isinstance(instance, SiteSettings) or not ReferenceIndex.is_indexed(type(instance)):
        # A restriction, a collection or a setting decides about any number of files.
        return None
    kind = ReferenceIndex._get_base_content_type(instance).pk
    return find_files({(kind, str(instance.pk))})


def find_files(start: Iterable[ObjectKey]) -> frozenset[str]:
    """Return the names of the stored files that are public because of the objects `start`.

    Followed are the references that `iter_referring_pages` follows, in the other direction.
    """
    reached = found = {*start}
    # Each of the objects in between may be an accessible copy, which is between two documents.
    for _ in range(2 * MAX_REFERENCE_STEPS + 1):
        found = {*_iter_referred(found)} - reached
        if not found:
            break
        reached |= found
    documents, images = (
        [int(pk) for kind, pk in reached if kind == ContentType.objects.get_for_model(model).pk]
        for model in (SiteDocument, SiteImage)
    )
    versions = DocumentVersion.objects.filter(document__in=documents)
    renditions = SiteRendition.objects.filter(image__in=images)
    return frozenset(
        [*versions.values_list("file", flat=True), *renditions.values_list("file", flat=True)]
    )


def _iter_referred(objects: set[ObjectKey]) -> Iterator[ObjectKey]:
    """Yield what `objects` refer to, pages apart, and the accessible copies shown with them."""
    page_type = ContentType.objects.get_for_model(Page).pk
    by_type: dict[int, list[str]] = {}
    for kind, key in objects:
        by_type.setdefault(kind, []).append(key)
    referring, referred = Q(pk=None), Q(pk=None)
    for kind, keys in by_type.items():
        referring |= Q(base_content_type=kind, object_id__in=keys)
        referred |= Q(to_content_type=kind, to_object_id__in=keys)
    rows = ReferenceIndex.objects.filter(referring).exclude(to_content_type=page_type)
    yield from rows.values_list("to_content_type", "to_object_id").distinct()
    copies = [
        kind.pk
        for kind in ContentType.objects.filter(
            pk__in=ReferenceIndex.objects.filter(referred).values("base_content_type")
        )
        if hasattr(kind.model_class(), "shown_with")
    ]
    if copies:
        rows = ReferenceIndex.objects.filter(referred, base_content_type__in=copies)
        yield from rows.values_list("base_content_type", "object_id").distinct()
