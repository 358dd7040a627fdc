"""Leave confidential drafts out of lists of Wagtail that ask no permission policy."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.contrib.redirects.views import IndexView
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models.audit_log import BaseLogEntryManager

from .rules import get_hidden_file_keys, get_hidden_page_keys

get_all_entries = BaseLogEntryManager.viewable_by_user
get_all_redirects = IndexView.get_base_queryset


def get_entries(manager: Any, user: Any) -> QuerySet[Any]:
    """Return the log entries that `user` may see, without those of hidden files."""
    entries: QuerySet[Any] = get_all_entries(manager, user)
    for model in (get_document_model(), get_image_model()):
        if keys := get_hidden_file_keys(user, model):
            kind = ContentType.objects.get_for_model(model)
            entries = entries.exclude(content_type=kind, object_id__in=[str(key) for key in keys])
    return entries


def get_redirects(view: Any) -> QuerySet[Any]:
    """Return the redirects, without those to hidden pages."""
    redirects: QuerySet[Any] = get_all_redirects(view)
    keys = get_hidden_page_keys(view.request.user)
    return redirects.exclude(redirect_page__in=keys) if keys else redirects


def hide_in_lists() -> None:
    """Replace the methods of Wagtail's views and managers."""
    BaseLogEntryManager.viewable_by_user = get_entries
    IndexView.get_base_queryset = get_redirects
