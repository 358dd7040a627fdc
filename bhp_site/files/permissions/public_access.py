"""Who may download a document or image: everybody, exactly while a visible page refers to it."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, prefetch_related_objects
from django.http import Http404, HttpRequest
from wagtail.models import Collection, CollectionMember, DraftStateMixin, Page, ReferenceIndex

from bhp_site.core.caching.process_cache import cached_aggregate
from bhp_site.core.models import SiteImage, SiteSettings
from bhp_site.core.monitoring.refusals import Reason, note_refusal
from bhp_site.core.visibility import get_live_pages, get_visible_pages

from ..virus_scan.scanning import is_blocked
from .admin_access import MAX_REFERENCE_STEPS, ObjectKey, may_view
from .collection_restrictions import get_restricted_paths, is_restricted

PUBLIC_CACHE_CONTROL = "public, no-cache"
PRIVATE_CACHE_CONTROL = "private, no-store"
# Pages asked about first: what thousands of pages refer to is usually visible on one of them.
FIRST_PAGES = 50
# Header of public documents and images, which pages of other sites may show (Fetch, 3.7).
RESOURCE_POLICY = "Cross-Origin-Resource-Policy"


def get_cache_control(request: HttpRequest, instance: Any) -> str:
    """Return the Cache-Control header of a response with the bytes of `instance`.

    Raises Http404 if this visitor may not have them. Public responses may be stored but must be
    revalidated (RFC 9111, 5.2.2.4), so that a withdrawal takes effect at once.
    """
    if isinstance(instance, SiteImage) and is_blocked(instance.file_hash):
        raise Http404
    if is_public(instance):
        return PUBLIC_CACHE_CONTROL
    if may_view(request.user, instance) or _has_passed_restrictions(request, instance):
        return PRIVATE_CACHE_CONTROL
    note_refusal(Reason.PRIVATE, instance._meta.verbose_name)
    raise Http404


def is_public(instance: Any, except_page: Any = None) -> bool:
    """Return True if a visible page refers to `instance`, or its collection is public by setting.

    Nothing in a collection under a view restriction is public. The page with the key
    `except_page` does not count.
    """
    if is_restricted(instance):
        return False
    keys = (key for key in iter_referring_pages(instance) if key != str(except_page))
    return (
        _is_any_visible({*islice(keys, FIRST_PAGES)})
        or _is_any_visible({*keys})
        or _is_in_public_collection(instance)
    )


def _is_any_visible(keys: set[Any]) -> bool:
    """Return True if visitors see one of the pages with `keys` of `iter_referring_pages`."""
    return True in keys or (bool(keys) and get_visible_pages().filter(pk__in=keys).exists())


def _has_passed_restrictions(request: HttpRequest, instance: Model) -> bool:
    """Return True if the visitor has passed the restrictions of a live page with `instance`."""
    if is_restricted(instance):
        return False
    pages = get_live_pages().filter(
        pk__in=[pk for pk in iter_referring_pages(instance) if pk is not True]
    )
    return any(
        all(restriction.accept_request(request) for restriction in page.get_view_restrictions())
        for page in pages.specific()
    )


def iter_referring_pages(instance: Model, steps: int = MAX_REFERENCE_STEPS) -> Iterator[Any]:
    """Yield the keys of the pages that refer to `instance`, directly or through other objects.

    At most `steps` objects may be in between. Yields True if one of them is shown on every page.
    """
    page_type = ContentType.objects.get_for_model(Page).pk
    rows = ReferenceIndex.get_references_to(instance).values_list("base_content_type", "object_id")
    for content_type, object_id in rows.distinct():
        if content_type == page_type:
            yield object_id
        elif steps:
            yield from _iter_pages_through(content_type, object_id, steps - 1)


def _iter_pages_through(content_type_id: int, object_id: str, steps: int) -> Iterator[Any]:
    model: Any = ContentType.objects.get_for_id(content_type_id).model_class()
    if model is None:
        return
    if getattr(model, "always_public", False):
        yield True
        return
    other = model._default_manager.filter(pk=object_id).first()
    if other and not getattr(other, "live", True):
        # A draft, for example of a person, makes nothing public.
        return
    # An accessible copy is shown wherever its original is, and is public with it.
    if hasattr(model, "shown_with"):
        other = other and other.shown_with
        if other and not is_restricted(other) and _is_in_public_collection(other):
            yield True
    if other and not is_restricted(other):
        yield from iter_referring_pages(other, steps)


def _is_in_public_collection(instance: Any) -> bool:
    """Return True if everything in its collection, or in one above it, is public by setting."""
    return is_public_collection(instance.collection)


def is_public_collection(collection: Collection) -> bool:
    """Return True if everything in `collection`, or in one above it, is public by setting."""
    path = collection.path
    above = [path[:end] for end in range(Collection.steplen, len(path) + 1, Collection.steplen)]
    return SiteSettings.objects.filter(public_collections__path__in=above).exists()


def exclude_restricted(rows: Iterable[Any]) -> list[Any]:
    """Return those of `rows` whose `document` is in no restricted collection."""
    restricted, rows = get_restricted_paths(), list(rows)
    if not restricted:
        return rows
    prefetch_related_objects(rows, "document__collection")
    return [row for row in rows if not row.document.collection.path.startswith(restricted)]


def get_public_keys(model: type[Model]) -> dict[int, list[int]]:
    """Return the keys of all public rows of `model`, each with those of the visible pages using it.

    This is the rule of `is_public` for all rows at once, in a constant number of queries.
    """
    collections = tuple(
        SiteSettings.objects.exclude(public_collections=None).values_list(
            "public_collections__path", flat=True
        )
    )
    restricted = get_restricted_paths()
    always_public, keys_by_page = _find_reached(model, collections, restricted)
    public: dict[int, list[int]] = {int(key): [] for key in always_public}
    pages = get_visible_pages().filter(pk__in=keys_by_page).order_by("path")
    for page in pages.values_list("pk", flat=True):
        for key in keys_by_page[str(page)]:
            public.setdefault(int(key), []).append(page)
    for path in collections:
        rows = model._default_manager.filter(collection__path__startswith=path)
        for pk in rows.values_list("pk", flat=True):
            public.setdefault(pk, [])
    for path in restricted:
        rows = model._default_manager.filter(collection__path__startswith=path)
        for pk in rows.values_list("pk", flat=True):
            public.pop(pk, None)
    return public


def get_cached_public_keys(model: type[Model]) -> dict[int, list[int]]:
    """Return `get_public_keys` as it was after the last change of content.

    For reports and numbers that are read again and again: a large site has thousands of files.
    """
    name = model._meta.label_lower
    keys: dict[int, list[int]] = cached_aggregate(
        f"public keys {name}", lambda: get_public_keys(model)
    )
    return keys


def _find_reached(
    model: type[Model], collections: tuple[str, ...], restricted: tuple[str, ...]
) -> tuple[set[str], dict[str, set[str]]]:
    """Return the keys of `model` that are always public, and those that each page leads to.

    Pages are named by their keys, visible or not. The rule is that of `iter_referring_pages`.
    """
    page_type = ContentType.objects.get_for_model(Page).pk
    kind = ContentType.objects.get_for_model(model).pk
    always_public: set[str] = set()
    pages: dict[str, set[str]] = {}
    # Referring object → keys of `model` that it leads to.
    reached: dict[ObjectKey, set[str]] = {}
    for step in range(MAX_REFERENCE_STEPS + 1):
        rows = ReferenceIndex.objects.filter(
            to_content_type__in={type_key for type_key, _ in reached} if step else {kind}
        ).values_list("to_content_type", "to_object_id", "base_content_type", "object_id")
        referring: dict[ObjectKey, set[str]] = {}
        for to_type, to_key, from_type, from_key in rows.distinct():
            keys = reached.get((to_type, to_key), set()) if step else {to_key}
            if from_type == page_type:
                pages.setdefault(from_key, set()).update(keys)
            elif keys:
                referring.setdefault((from_type, from_key), set()).update(keys)
        reached = {}
        for source, keys in _iter_reachable(referring, collections, restricted):
            if source is None:
                always_public |= keys
            else:
                reached.setdefault(source, set()).update(keys)
        if not reached:
            break
    return always_public, pages


def _iter_reachable(
    referring: dict[ObjectKey, set[str]], collections: tuple[str, ...], restricted: tuple[str, ...]
) -> Iterator[tuple[ObjectKey | None, set[str]]]:
    """Yield the objects to go on from, with the keys they lead to, as `_iter_pages_through` does.

    None stands for an object that is public anyway; an accessible copy yields its original.
    """
    for kind in {type_key for type_key, _ in referring}:
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        of_kind = {key: keys for (of, key), keys in referring.items() if of == kind}
        if getattr(model, "always_public", False):
            yield None, set().union(*of_kind.values())
        elif hasattr(model, "shown_with"):
            # With the originals and their collections.
            for row in model._default_manager.select_related().filter(pk__in=of_kind):
                other = row.shown_with
                if other and not other.collection.path.startswith(restricted):
                    keys = of_kind[str(row.pk)]
                    yield (ContentType.objects.get_for_model(other).pk, str(other.pk)), keys
                    if other.collection.path.startswith(collections):
                        yield None, keys
        elif model is not None:
            hidden = _find_drafts(model, of_kind)
            if restricted and issubclass(model, CollectionMember):
                rows = model._default_manager.filter(pk__in=of_kind).select_related("collection")
                hidden |= {
                    str(row.pk) for row in rows if row.collection.path.startswith(restricted)
                }
            yield from (((kind, key), keys) for key, keys in of_kind.items() if key not in hidden)


def _find_drafts(model: Any, keys: Iterable[str]) -> set[str]:
    """Return those of `keys` whose objects are not published: they make nothing public."""
    if not issubclass(model, DraftStateMixin):
        return set()
    drafts = model._default_manager.filter(pk__in=list(keys), live=False)
    return {str(pk) for pk in drafts.values_list("pk", flat=True)}
