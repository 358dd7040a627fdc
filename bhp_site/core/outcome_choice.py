"""What is missing in the choice of what visitors get instead of pages."""

from collections.abc import Iterator, Sequence
from typing import Any

from .unpublishing import Outcome
from .visibility import get_visible_pages


def can_be_withdrawn(pages: Sequence[Any]) -> bool:
    """Return True if all `pages` are records, which can be marked as withdrawn."""
    return all(getattr(page.specific_class, "is_record", False) for page in pages)


def find_choice_errors(
    outcome: str, reason: str, target: Any, pages: Sequence[Any]
) -> Iterator[tuple[str, str]]:
    """Yield the errors of a choice for `pages` as pairs of the field's name and a message.

    `outcome` is a value of `Outcome`, `reason` the text for visitors, and `target` the page that
    they are sent to, or None. The fields are “outcome”, “reason” and “target”.
    """
    if outcome in (Outcome.GONE, Outcome.WITHDRAWN) and not reason.strip():
        yield "reason", "Give visitors a reason."
    if outcome == Outcome.WITHDRAWN and not can_be_withdrawn(pages):
        yield "outcome", "Only news, reports and quotes can be marked as withdrawn."
    if outcome == Outcome.REDIRECT:
        if target is None:
            yield "target", "Choose the page that visitors are sent to."
        elif any(page.path and target.path.startswith(page.path) for page in pages):
            yield "target", "Choose another page than the one you unpublish."
        elif not get_visible_pages().filter(pk=target.pk).exists():
            yield "target", "Visitors cannot see this page. Choose a public page."
