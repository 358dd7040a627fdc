"""Signals of documents."""

from django.dispatch import Signal

# Sent when a user of the admin has saved a document. Arguments: `request` and `document`.
document_edited = Signal()
