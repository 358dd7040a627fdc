"""Exceptions of this library."""

from typing import Any

from bhp_site.pdf.messages import REFUSAL_MESSAGES


class Unreadable(Exception):
    """Raised for a file that must not be published, or that cannot be read.

    `reason` is a key of `messages.REFUSAL_MESSAGES`; `detail` is what was found, for example the
    name of an attached program; `values` fill the placeholders of the message.
    """

    def __init__(self, reason: str, detail: str = "", **values: Any) -> None:
        super().__init__(reason)
        self.reason, self.detail, self.values = reason, detail, values

    @property
    def message(self) -> str:
        """Return a sentence in plain English that names the problem and how to correct it."""
        named = f", “{self.detail}”" if self.detail else ""
        return REFUSAL_MESSAGES[self.reason].format(named=named, **self.values)

    def __str__(self) -> str:
        return self.message


class DeadlineExceeded(Exception):
    """Raised when the time for reading a file is over."""
