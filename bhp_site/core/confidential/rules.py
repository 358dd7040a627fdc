"""What is hidden from a user: confidential drafts of others, with all below and used in them."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from wagtail.models import Page

from .records import ConfidentialDraft, ConfidentialFile

# What is hidden from a user is read once in a request, which has a user object of its own.
CACHE_NAME = "_hidden_by_confidential_drafts"


class Nobody(AnonymousUser):
    """A user without any permission, in place of one from whom a page is hidden."""

    # Not None: Wagtail would take the user for the one who locked a page without a lock.
    pk = -1  # type: ignore[assignment]


def get_hidden_paths(user: Any) -> tuple[str, ...]:
    """Return the paths of the confidential drafts that `user` may not open."""
    return _get_hidden(user)[0]


def is_hidden(page: Page, user: Any) -> bool:
    """Return whether `page` is, or is below, a confidential draft that `user` may not open."""
    return bool(page.path) and page.path.startswith(get_hidden_paths(user))


def is_object_hidden(instance: Any, user: Any) -> bool:
    """Return whether `instance` is a page, document or image that is hidden from `user`."""
    if isinstance(instance, Page):
        return is_hidden(instance, user)
    return instance.pk in get_hidden_file_keys(user, type(instance))


def hide_pages(pages: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return those of `pages` that are not hidden from `user`."""
    paths = get_hidden_paths(user)
    return pages.exclude(_build_subtree_condition(paths)) if paths else pages


def get_hidden_page_keys(user: Any) -> set[int]:
    """Return the keys of the pages that are hidden from `user`."""
    paths = get_hidden_paths(user)
    return (
        {*Page.objects.filter(_build_subtree_condition(paths)).values_list("pk", flat=True)}
        if paths
        else set()
    )


def get_draft(page: Page) -> ConfidentialDraft | None:
    """Return the record of `page` as a confidential draft; None if it is not one."""
    return ConfidentialDraft.objects.filter(page_id=page.pk).first()


def find_drafts_above(page: Page) -> list[ConfidentialDraft]:
    """Return the confidential drafts that `page` is, or is below, the nearest first."""
    drafts = ConfidentialDraft.objects.select_related("page").order_by("-page__depth")
    return [draft for draft in drafts if page.path.startswith(draft.page.path)]


def keep_people(users: QuerySet[Any], page: Page) -> QuerySet[Any]:
    """Return those of `users` who may open `page`, if it is a confidential draft or below one."""
    for draft in find_drafts_above(page):
        users = users.filter(pk__in=draft.people.values("pk"))
    return users


def hide_files(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return those of `rows`, documents or images, that are not hidden from `user`."""
    keys = get_hidden_file_keys(user, rows.model)
    return rows.exclude(pk__in=keys) if keys else rows


def get_hidden_file_keys(user: Any, model: type[Model]) -> list[int]:
    """Return the keys of the documents or images that are hidden from `user`."""
    files = _get_hidden(user)[1]
    if not files:
        return []
    content_type = ContentType.objects.get_for_model(model).pk
    return [key for kind, key in files if kind == content_type]


def forget_hidden(user: Any) -> None:
    """Forget what is cached as hidden from `user`, after a change."""
    if hasattr(user, CACHE_NAME):
        delattr(user, CACHE_NAME)


def _get_hidden(user: Any) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """Return the paths of hidden pages, and content type and key of hidden files."""
    if not hasattr(user, CACHE_NAME):
        setattr(user, CACHE_NAME, _find_hidden(user))
    hidden: tuple[tuple[str, ...], list[tuple[int, int]]] = getattr(user, CACHE_NAME)
    return hidden


def _find_hidden(user: Any) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """Return what `_get_hidden` returns, from the database."""
    drafts = ConfidentialDraft.objects.all()
    if user.pk:
        drafts = drafts.exclude(people=user.pk)
    paths = dict(drafts.values_list("pk", "page__path"))
    if not paths:
        return (), []
    files = ConfidentialFile.objects.filter(draft__in=paths)
    return tuple(paths.values()), [*files.values_list("content_type", "object_id")]


def _build_subtree_condition(paths: tuple[str, ...]) -> Q:
    condition = Q()
    for path in paths:
        condition |= Q(path__startswith=path)
    return condition
