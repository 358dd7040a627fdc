"""Keep titles of pages, documents and images from users of the admin who may not reach them.

Wagtail's page chooser lists every page, drafts too, and its bulk actions name the objects that they
refuse. Here users read the title of a page that they may explore, or that is public; and of other
objects those that they may view.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.models import Page

from ..references import PRIMARY_KEY
from .object_permissions import get_viewable
from .readable_pages import filter_readable_pages

get_all_actionable_objects = BulkAction.get_actionable_objects
get_all_chosen_pages = ChosenMultipleView.get
decorate_all_page_types = PageTypesUsageReportView.decorate_paginated_queryset


def limit_page_chooser(pages: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Return the pages that the chooser may list; raise PermissionDenied for a hidden parent."""
    match = request.resolver_match
    if key := match and match.kwargs.get("parent_page_id"):
        parent = Page.objects.filter(pk=key)
        if not filter_readable_pages(parent, request.user).exists():
            raise PermissionDenied
    return filter_readable_pages(pages, request.user)


def get_chosen_pages(view: Any, request: HttpRequest) -> HttpResponse:
    """Return the response to the choice of several pages, which names the readable ones."""
    keys = [key for key in request.GET.getlist("id") if PRIMARY_KEY.fullmatch(key)]
    readable = filter_readable_pages(Page.objects.filter(pk__in=keys), request.user)
    query = request.GET.copy()
    query.setlist("id", [str(pk) for pk in readable.values_list("pk", flat=True)])
    request.GET = query  # type: ignore[assignment]
    response: HttpResponse = get_all_chosen_pages(view, request)
    return response


def decorate_page_types(view: Any, page_types: Any) -> Any:
    """Return the rows of the report of page types without pages that are hidden from the user."""
    keys = [row.last_edited_page_id for row in page_types if row.last_edited_page_id]
    readable = filter_readable_pages(Page.objects.filter(pk__in=keys), view.request.user)
    readable_keys = {*readable.values_list("pk", flat=True)}
    for page_type in page_types:
        if page_type.last_edited_page_id not in readable_keys:
            page_type.last_edited_page_id = None
    return decorate_all_page_types(view, page_types)


def get_actionable_objects(action: Any) -> tuple[list[Any], dict[str, list[Any]]]:
    """Return the objects of a bulk action, and the refused ones that its user may read."""
    objects, refused = get_all_actionable_objects(action)
    readable = {name: _filter_readable(rows, action.request.user) for name, rows in refused.items()}
    return objects, readable


def _filter_readable(rows: list[Any], user: Any) -> list[Any]:
    if not rows:
        return rows
    model: type[Model] = type(rows[0])
    keys = [row.pk for row in rows]
    if isinstance(rows[0], Page):
        objects = filter_readable_pages(Page.objects.filter(pk__in=keys), user)
    else:
        objects = get_viewable(user, model)
    readable = {*objects.filter(pk__in=keys).values_list("pk", flat=True)}
    return [row for row in rows if row.pk in readable]


def hide_unreadable_titles() -> None:
    """Have Wagtail's own views name only what their users may read.

    Their URLs come before those of hooks, so methods are replaced instead of views.
    """
    BulkAction.get_actionable_objects = get_actionable_objects
    ChosenMultipleView.get = get_chosen_pages
    PageTypesUsageReportView.decorate_paginated_queryset = decorate_page_types
