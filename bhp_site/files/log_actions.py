"""Actions in the history of documents and images, and the sentences that describe them."""

from collections.abc import Callable
from typing import Any

from wagtail.log_actions import LogFormatter

# What is stored with an entry.
Data = dict[str, Any]


def _describe_acceptance(data: Data) -> str:
    return f"Accepted changes proposed by {data['by'] or 'a former user'}"


def _describe_refusal(data: Data) -> str:
    return f"Declined changes proposed by {data['by'] or 'a former user'}: {data['comment']}"


def _describe_reason(data: Data) -> str:
    if data["reason"]:
        return f"Entered the reason for publishing it with accessibility problems: {data['reason']}"
    return "Removed the reason for publishing it with accessibility problems"


# Action → its label in filters, and the function that describes an entry.
LOG_ACTIONS: dict[str, tuple[str, Callable[[Data], str]]] = {
    "files.propose": ("Propose changes", lambda data: "Proposed changes to publishers"),
    "files.accept_proposal": ("Accept proposed changes", _describe_acceptance),
    "files.decline_proposal": ("Decline proposed changes", _describe_refusal),
    "files.withdraw": (
        "Withdraw a version",
        lambda data: f"Withdrew version {data['version']}: {data['reason']}",
    ),
    "files.date": (
        "Change the publication date of a version",
        lambda data: f"Version {data['version']}: {data['done']}",
    ),
    "files.accept": ("Give the reason for publishing an inaccessible document", _describe_reason),
}


def make_formatter(label: str, describe: Callable[[Data], str]) -> type[LogFormatter]:
    """Return a Wagtail log formatter class with `label`.

    `describe` is called with the data of an entry and returns its message.
    """

    class Formatter(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            return describe(log_entry.data)

    Formatter.label = label
    return Formatter
