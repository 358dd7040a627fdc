"""Emails about enquiries, stored in the transaction they belong to and sent by a task."""

from typing import Any

from django.db import models

from bhp_site.core.mail.queue import QueuedEmail


class EnquiryEmail(QueuedEmail):
    """An email about an enquiry, to the visitor or to the team."""

    enquiry = models.ForeignKey(
        "enquiries.Enquiry", on_delete=models.CASCADE, related_name="emails"
    )


def post(enquiry: Any, to: str, subject: str, text: str, reply_to: str = "") -> None:
    """Store an email about `enquiry`; it is sent once the current transaction is committed.

    An identical email about the same enquiry is stored and sent once.
    """
    email, is_new = EnquiryEmail.objects.get_or_create(
        enquiry=enquiry, to=to, subject=subject, text=text, defaults={"reply_to": reply_to}
    )
    if is_new:
        email.queue()


def retry_failing(enquiry: Any) -> bool:
    """Try now to send the emails about `enquiry` that failed; return False if one fails again.

    A worker may take one of them first; then it is neither sent nor failed yet.
    """
    for email in enquiry.emails.failing():
        email.try_now()
    return not enquiry.emails.failing().exists()
