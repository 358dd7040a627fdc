"""Deletes copies of e-mails: without a mail server each message is a file in a folder."""

import re
from collections.abc import Collection
from pathlib import Path

from django.conf import settings


def delete_mail_files(message_ids: Collection[str], pattern: re.Pattern[str] | None = None) -> int:
    """Delete the files that hold a message with one of these ids, or that match `pattern`.

    Return how many there were.
    """
    folder = Path(settings.EMAIL_FILE_PATH)
    encoded_ids = [message_id.encode() for message_id in message_ids if message_id]
    count = 0
    for path in folder.glob("*.log") if encoded_ids or pattern else ():
        content = path.read_bytes()
        is_matching = pattern and pattern.search(content.decode("utf-8", "replace"))
        if is_matching or any(message_id in content for message_id in encoded_ids):
            path.unlink(missing_ok=True)
            count += 1
    return count
