"""Copies of e-mails that name an address: stored e-mails, files of messages, and tasks."""

import functools
import json
import re
from collections.abc import Iterable
from itertools import product
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django_tasks import TaskResultStatus

from bhp_site.core.personal_data import PersonalDataSource
from bhp_site.tasks.models import QueuedTask

from .files import delete_mail_files
from .queue import QueuedEmail, get_email_models

TEXT_FIELDS = ("to", "reply_to", "subject", "text", "html")
TASK_FIELDS = ("args", "kwargs", "error", "traceback")


def build_pattern(address: str) -> re.Pattern[str]:
    """Return a pattern that finds an address, but not one that only ends or begins like it."""
    return re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)


def find_emails(model: type[QueuedEmail], address: str) -> list[Any]:
    """Return the stored e-mails of `model` to an address, or that name it."""
    return _find_naming(model.objects.all(), TEXT_FIELDS, address)


def collect_emails(address: str) -> list[dict[str, Any]]:
    """Return the e-mails to an address, or that name it."""
    return [
        {
            "to": email.to,
            "subject": email.subject,
            "text": email.text,
            "written": email.created_at.isoformat(),
            "sent": email.sent_at and email.sent_at.isoformat(),
        }
        for model in get_email_models()
        for email in find_emails(model, address)
    ]


def delete_emails(address: str) -> int:
    """Delete these e-mails, with files of sent messages and tasks that name the address.

    Return the number of e-mails. Files are deleted after the commit.
    """
    message_ids = []
    for model in get_email_models():
        emails = find_emails(model, address)
        message_ids += [email.message_id for email in emails]
        model.objects.filter(pk__in=[email.pk for email in emails]).delete()
    delete_tasks(address)
    pattern = build_pattern(address)
    transaction.on_commit(functools.partial(delete_mail_files, message_ids, pattern))
    return len(message_ids)


def delete_tasks(address: str) -> None:
    """Delete the tasks whose arguments or errors name an address; running ones are left."""
    waiting = QueuedTask.objects.exclude(status=TaskResultStatus.RUNNING)
    tasks = _find_naming(waiting, TASK_FIELDS, address)
    QueuedTask.objects.filter(pk__in=[task.pk for task in tasks]).delete()


def _find_naming(rows: QuerySet[Any], fields: Iterable[str], address: str) -> list[Any]:
    """Return those of `rows` that name an address in one of `fields`."""
    texts = {f"{name}_as_text": Cast(name, TextField()) for name in fields}
    # SQLite stores JSON in ASCII.
    spellings = {address, json.dumps(address)[1:-1]}
    names = Q()
    for name, spelling in product(texts, spellings):
        names |= Q(**{f"{name}__icontains": spelling})
    pattern = build_pattern(address)
    candidates = rows.alias(**texts).filter(names)
    return [
        row for row in candidates if any(pattern.search(str(getattr(row, name))) for name in fields)
    ]


EMAILS = PersonalDataSource("E-mails of the site", collect_emails, delete_emails)
