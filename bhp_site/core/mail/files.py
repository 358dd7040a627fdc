"""Deletes copies of e-mails: without a mail server each message is a file in a folder."""

from collections.abc import Collection
from pathlib import Path

from django.conf import settings


def delete_mail_files(message_ids: Collection[str]) -> int:
    """Delete the files that hold a message with one of these ids; return how many there were."""
    folder = Path(settings.EMAIL_FILE_PATH)
    wanted = [message_id.encode() for message_id in message_ids if message_id]
    count = 0
    for path in folder.glob("*.log") if wanted else ():
        content = path.read_bytes()
        if any(message_id in content for message_id in wanted):
            path.unlink(missing_ok=True)
            count += 1
    return count
