"""Admin screens of rows that belong to documents: users see those of documents they may view."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from wagtail.admin.views.generic import DeleteView, EditView, HistoryView, IndexView, UsageView
from wagtail.admin.viewsets.model import ModelViewSet

from bhp_site.core.admin.object_permissions import get_viewable

from ..models import SiteDocument


class _LimitedView:
    """For views of one row: Http404 unless the user may view the documents it belongs to."""

    model: Any
    request: Any

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        """Return the row; raises Http404 if the user may not view one of its documents."""
        row = super().get_object(*args, **kwargs)  # type: ignore[misc]
        if not filter_viewable_rows(
            self.model.objects.filter(pk=row.pk), self.request.user
        ).exists():
            raise Http404
        return row


class LimitedIndexView(IndexView):
    """The list of rows whose documents the user may view."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """Return the rows whose documents the user may view."""
        return filter_viewable_rows(super().get_base_queryset(), self.request.user)


class LimitedEditView(_LimitedView, EditView):
    """Edit a row."""


class LimitedDeleteView(_LimitedView, DeleteView):
    """Delete a row."""


class LimitedHistoryView(_LimitedView, HistoryView):
    """Show the history of a row."""


class LimitedUsageView(_LimitedView, UsageView):
    """Show where a row is used."""


class DocumentRowsViewSet(ModelViewSet):
    """Rows of a model whose `document_fields` name the documents that each belongs to."""

    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = LimitedIndexView
    edit_view_class = LimitedEditView
    delete_view_class = LimitedDeleteView
    history_view_class = LimitedHistoryView
    usage_view_class = LimitedUsageView
    form_class: ClassVar[type]

    def get_form_class(self, for_update: bool = False) -> type:
        """Return the form of the subclass, for adding and editing."""
        return self.form_class


def filter_viewable_rows(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return those of `rows` all of whose documents `user` may view."""
    documents = get_viewable(user, SiteDocument).values("pk")
    for name in rows.model.document_fields:
        rows = rows.filter(**{f"{name}__in": documents})
    return rows
