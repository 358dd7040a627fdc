"""The checklist of a page: what must, and what should, be done before it is published.

Apps register checks. An entry repeats what a receiver of `publishing` decides, or gives advice; it
never stops a publication by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ChecklistEntry:
    """One thing to do, such as “Give the role of Ada Chair”.

    `url` leads to the field or form where it is done. `note` says what is wrong, in sentences. An
    entry that is not required is a recommendation.
    """

    label: str
    is_required: bool
    is_done: bool
    url: str = ""
    note: str = ""
    # True if somebody else has to act: a person who was asked to sign off words or a page.
    is_sign_off: bool = False


@dataclass(frozen=True)
class Checklist:
    """The entries of a page, or of all pages of a release."""

    entries: list[ChecklistEntry]

    @property
    def required(self) -> list[ChecklistEntry]:
        """Return what must be done before the page is published."""
        return [entry for entry in self.entries if entry.is_required and not entry.is_done]

    @property
    def recommended(self) -> list[ChecklistEntry]:
        """Return what should be done."""
        return [entry for entry in self.entries if not entry.is_required and not entry.is_done]

    @property
    def done(self) -> list[ChecklistEntry]:
        """Return what is done."""
        return [entry for entry in self.entries if entry.is_done]


# Takes a draft, an instance of its specific class, and returns entries about it.
Check = Callable[[Any], Iterable[ChecklistEntry]]

_checks: list[Check] = []


def register_check(check: Check) -> None:
    """Add `check` to the checklist of every page; called when an app is ready."""
    if check not in _checks:
        _checks.append(check)


def build_checklist(draft: Any) -> Checklist:
    """Return the checklist of `draft`, a saved page as its latest draft or a draft of a person."""
    return Checklist([entry for check in _checks for entry in check(draft)])
