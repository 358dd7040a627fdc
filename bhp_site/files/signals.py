"""Signals of documents."""

from collections.abc import Iterable
from typing import Any

from django.dispatch import Signal

# Sent when a user of the admin has saved a document. Arguments: `request` and `document`.
document_edited = Signal()

# Sent before documents become public, or public ones get a new version. Argument: `documents`.
# Receivers return why that may not be, as sentences; "" if it may.
publishing_documents = Signal()


def get_documents_refusal(documents: Iterable[Any]) -> str:
    """Return why `documents` may not be published as they are, in sentences; "" if they may."""
    responses = publishing_documents.send(sender=None, documents=list(documents))
    return " ".join(refusal for _, refusal in responses if refusal)
