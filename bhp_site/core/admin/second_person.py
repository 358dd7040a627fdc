"""How a reason for publishing without a second person is shown in the admin."""

from typing import Any

from wagtail.log_actions import LogFormatter


class GoAheadFormatter(LogFormatter):
    """Shows the reason for going ahead in the history."""

    label = "Publish without a second person"

    def format_message(self, log_entry: Any) -> str:
        """Return a sentence with the reason."""
        return f"Published without a second person. Reason: {log_entry.data['reason']}"
