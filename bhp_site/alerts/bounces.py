"""Read what mail servers report about alerts that they could not deliver (RFC 3464).

Reports arrive in a folder (Maildir) or a file (mbox) on this machine: the mail server delivers into
it, or a program such as getmail fetches them from any mailbox.
"""

import logging
import mailbox
from collections.abc import Iterator
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from pathlib import Path
from typing import Any

from django.conf import settings

from bhp_site.core.mail.refusals import POLICY_STATUS

from .models import AlertEmail

logger = logging.getLogger(__name__)


def read_bounces() -> int:
    """Read the mailbox of the settings, if there is one (a job); return the number of reports."""
    return read_mailbox(Path(settings.ALERTS_BOUNCES)) if settings.ALERTS_BOUNCES else 0


def read_mailbox(path: Path) -> int:
    """Stop the addresses that the reports in a mailbox name; return how many reports there were.

    Reports about our e-mails are deleted. Other messages stay for a person to read.
    """
    box: Any = (
        mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
    )
    box.lock()
    try:
        handled = [key for key in box.iterkeys() if handle_report(box.get_bytes(key))]
        for key in handled:
            box.remove(key)
        box.flush()
    finally:
        box.unlock()
        box.close()
    return len(handled)


def handle_report(content: bytes) -> bool:
    """Stop the address that a report is about; return True if it is about one of our e-mails.

    The Message-ID, which only the recipient's servers and we know, says which e-mail it was: nobody
    else can make up a report.
    """
    report = message_from_bytes(content, policy=policy.compat32)
    if report.get_content_type() != "multipart/report":
        return False
    email = AlertEmail.objects.filter(message_id__in=[*_find_message_ids(report)]).first()
    if email is None:
        return False
    status = _find_permanent_failure(report)
    if status:
        email.handle_bounce(status)
        logger.info("An address was stopped after a report with the status %s", status)
    return True


def _find_message_ids(report: Message) -> Iterator[str]:
    """Yield the Message-IDs of the e-mail that a report returns, whole or its headers alone."""
    for part in report.walk():
        if part.get_content_type() == "text/rfc822-headers":
            payload: Any = part.get_payload(decode=True)
            part = message_from_string(payload.decode("utf-8", "replace"))
        elif part is report:
            continue
        if message_id := part.get("Message-ID"):
            yield "".join(str(message_id).split())


def _find_permanent_failure(report: Message) -> str:
    """Return the status of a delivery that failed for good, such as “5.1.1”; "" if none did.

    A failure that is about the rights of this site does not count: see `core.mail.refusals`.
    """
    for part in report.walk():
        status = str(part.get("Status", "")).split(" ")[0].strip()
        has_failed = str(part.get("Action", "")).strip().lower() == "failed"
        if has_failed and status.startswith("5.") and not POLICY_STATUS.search(status):
            return status
    return ""
