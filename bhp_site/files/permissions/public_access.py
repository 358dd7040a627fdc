"""Who may have a file or a picture: everybody, exactly while a visible page refers to it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import Http404, HttpRequest
from wagtail.models import Collection, CollectionMember, DraftStateMixin, Page, ReferenceIndex

from bhp_site.core.models import SiteSettings
from bhp_site.core.visibility import get_live_pages, get_visible_pages

from .admin_access import may_view
from .collection_restrictions import get_restricted_paths, is_restricted

# A picture may be the portrait of a person whom a page quotes, or the cover of a file that a page
# offers: from the picture to the page it is two steps.
MAX_REFERENCE_STEPS = 2

PUBLIC_CACHE_CONTROL = "public, no-cache"
PRIVATE_CACHE_CONTROL = "private, no-store"


def get_cache_control(request: HttpRequest, instance: Any) -> str:
    """The Cache-Control of an answer with `instance`; Http404 where this visitor may not have it.

    Public answers may be kept, but not used without asking, so that a withdrawal is honoured.
    """
    if is_public(instance):
        return PUBLIC_CACHE_CONTROL
    if may_view(request.user, instance) or _has_passed_restrictions(request, instance):
        return PRIVATE_CACHE_CONTROL
    raise Http404


def is_public(instance: Any) -> bool:
    """Return True if a visible page refers to `instance`, or its collection is public on purpose.

    Nothing in a collection under a view restriction is public.
    """
    if is_restricted(instance):
        return False
    found = list(iter_referring_pages(instance))
    if True in found:
        return True
    pages = [pk for pk in found if pk is not True]
    if pages and get_visible_pages().filter(pk__in=pages).exists():
        return True
    return _in_public_collection(instance)


def _has_passed_restrictions(request: HttpRequest, instance: Model) -> bool:
    """Whether the visitor has passed what guards a live page that refers to `instance`."""
    if is_restricted(instance):
        return False
    pages = get_live_pages().filter(
        pk__in=[pk for pk in iter_referring_pages(instance) if pk is not True]
    )
    return any(
        all(guard.accept_request(request) for guard in page.get_view_restrictions())
        for page in pages.specific()
    )


def iter_referring_pages(instance: Model, steps: int = MAX_REFERENCE_STEPS) -> Iterator[Any]:
    """Keys of the pages that refer to `instance`, itself or through another thing.

    True stands for a thing that is shown to everybody on every page.
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
        # A draft, such as a person’s, makes nothing public.
        return
    # What is shown wherever another file is, is public with that one.
    if hasattr(model, "shown_with"):
        other = other and other.shown_with
        if other and not is_restricted(other) and _in_public_collection(other):
            yield True
    if other and not is_restricted(other):
        yield from iter_referring_pages(other, steps)


def _in_public_collection(instance: Any) -> bool:
    """Whether an editor has said that all in its collection, or in one above it, is public."""
    return is_public_collection(instance.collection)


def is_public_collection(collection: Collection) -> bool:
    """Return whether an editor has said that all in `collection`, or in one above, is public."""
    path = collection.path
    above = [path[:end] for end in range(Collection.steplen, len(path) + 1, Collection.steplen)]
    return SiteSettings.objects.filter(public_collections__path__in=above).exists()


def exclude_restricted(offers: Iterable[Any]) -> list[Any]:
    """Return the `offers` whose document visitors can have as far as its collection goes."""
    restricted, offers = get_restricted_paths(), list(offers)
    if not restricted:
        return offers
    return [one for one in offers if not one.document.collection.path.startswith(restricted)]


def get_public_keys(model: type[Model]) -> dict[int, list[int]]:
    """Keys of those of `model` that are public → keys of the visible pages that lead to each.

    The rule of `is_public` for all of them at once, in a few queries however many there are.
    """
    collections = tuple(
        SiteSettings.objects.exclude(public_collections=None).values_list(
            "public_collections__path", flat=True
        )
    )
    restricted = get_restricted_paths()
    shown, leading = _find_reached(model, collections, restricted)
    found: dict[int, list[int]] = {int(key): [] for key in shown}
    pages = get_visible_pages().filter(pk__in=leading).order_by("path")
    for page in pages.values_list("pk", flat=True):
        for key in leading[str(page)]:
            found.setdefault(int(key), []).append(page)
    for path in collections:
        among = model._default_manager.filter(collection__path__startswith=path)
        for pk in among.values_list("pk", flat=True):
            found.setdefault(pk, [])
    for path in restricted:
        among = model._default_manager.filter(collection__path__startswith=path)
        for pk in among.values_list("pk", flat=True):
            found.pop(pk, None)
    return found


ObjectKey = tuple[int, str]


def _find_reached(
    model: type[Model], collections: tuple[str, ...], restricted: tuple[str, ...]
) -> tuple[set[str], dict[str, set[str]]]:
    """Keys of those of `model` that are shown whatever page refers to them; and key of each page,
    visible or not → those it leads to. As `referring` has it, from all at once."""
    page_type = ContentType.objects.get_for_model(Page).pk
    kind = ContentType.objects.get_for_model(model).pk
    shown: set[str] = set()
    pages: dict[str, set[str]] = {}
    # What refers, by content type and key → what of `model` it leads to.
    reached: dict[ObjectKey, set[str]] = {}
    for step in range(MAX_REFERENCE_STEPS + 1):
        rows = ReferenceIndex.objects.filter(
            to_content_type__in={of for of, _ in reached} if step else {kind}
        ).values_list("to_content_type", "to_object_id", "base_content_type", "object_id")
        further: dict[ObjectKey, set[str]] = {}
        for to_type, to_key, from_type, from_key in rows.distinct():
            keys = reached.get((to_type, to_key), set()) if step else {to_key}
            if from_type == page_type:
                pages.setdefault(from_key, set()).update(keys)
            elif keys:
                further.setdefault((from_type, from_key), set()).update(keys)
        reached = {}
        for thing, keys in _iter_reachable(further, collections, restricted):
            if thing is None:
                shown |= keys
            else:
                reached.setdefault(thing, set()).update(keys)
        if not reached:
            break
    return shown, pages


def _iter_reachable(
    further: dict[ObjectKey, set[str]], collections: tuple[str, ...], restricted: tuple[str, ...]
) -> Iterator[tuple[ObjectKey | None, set[str]]]:
    """Each thing that refers, as `_through` has it: None where it is shown anyway, another where
    it is shown with that one."""
    for kind in {of for of, _ in further}:
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        of_kind = {key: keys for (of, key), keys in further.items() if of == kind}
        if getattr(model, "always_public", False):
            yield None, set().union(*of_kind.values())
        elif hasattr(model, "shown_with"):
            # With the other and its collection.
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
                    str(one.pk) for one in rows if one.collection.path.startswith(restricted)
                }
            yield from (((kind, key), keys) for key, keys in of_kind.items() if key not in hidden)


def _find_drafts(model: Any, keys: Iterable[str]) -> set[str]:
    """Return those of `keys` whose objects are not published: they make nothing public."""
    if not issubclass(model, DraftStateMixin):
        return set()
    drafts = model._default_manager.filter(pk__in=list(keys), live=False)
    return {str(pk) for pk in drafts.values_list("pk", flat=True)}
