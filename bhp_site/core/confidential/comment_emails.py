"""Tell of comments on a confidential draft only those who may open it."""

from typing import Any

from wagtail.admin.views.pages import edit

from .rules import is_hidden

send_to_all = edit.send_notification


def send_comment_emails(recipients: list[Any], notification: str, context: dict[str, Any]) -> bool:
    """Send Wagtail's e-mail about comments on a page; return False if one was not sent.

    Wagtail also writes to those who commented earlier, and may not open the page now.
    """
    users = [user for user in recipients if not is_hidden(context["page"], user)]
    is_sent: bool = send_to_all(users, notification, context)
    return is_sent


def limit_comment_emails() -> None:
    """Replace the function that Wagtail's page editor calls."""
    edit.send_notification = send_comment_emails
