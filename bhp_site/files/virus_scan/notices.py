"""E-mails to the people whose uploads wait long for the virus scanner, or have a virus."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.confidential.rules import is_object_hidden
from bhp_site.sign_in.account_emails import queue_email

from ..versions.models import DocumentVersion


def tell_of_virus(instances: Iterable[Any], virus: str) -> None:
    """Tell those who uploaded these images or document versions that a virus was found."""
    for user, uploads in _group_by_uploader(instances).items():
        text = render_to_string("admin/scan_virus.txt", {"uploads": uploads, "virus": virus})
        queue_email(user.email, f"A virus was found in “{uploads[0]['title']}”", text)


def tell_of_delay(instances: Iterable[Any]) -> None:
    """Tell those who uploaded these images or document versions that they still wait."""
    for user, uploads in _group_by_uploader(instances).items():
        text = render_to_string("admin/scan_delay.txt", {"uploads": uploads})
        queue_email(user.email, "Your upload waits for the virus scanner", text)


def _group_by_uploader(instances: Iterable[Any]) -> dict[Any, list[dict[str, str]]]:
    """Return title and URL of each upload, by the active user who uploaded it.

    Without those that follow a confidential draft since, which that user may not open.
    """
    uploads: dict[Any, list[dict[str, str]]] = defaultdict(list)
    for instance in instances:
        is_version = isinstance(instance, DocumentVersion)
        user = instance.created_by if is_version else instance.uploaded_by_user
        upload = instance.document if is_version else instance
        if user and user.is_active and not is_object_hidden(upload, user):
            url = get_edit_url(upload, user)
            uploads[user].append(
                {"title": upload.title, "url": url and settings.WAGTAILADMIN_BASE_URL + url}
            )
    return uploads
