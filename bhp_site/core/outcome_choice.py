"""The choice of what visitors get instead of pages: what is offered, and what it lacks."""

from collections.abc import Iterator, Sequence
from typing import Any

from .unpublishing import Outcome
from .visibility import get_visible_pages


def list_outcomes(pages: Sequence[Any]) -> list[tuple[str, str]]:
    """Return value and label of each `Outcome` that all `pages` can have."""
    may_withdraw = _can_be_withdrawn(pages)
    return [choice for choice in Outcome.choices if may_withdraw or choice[0] != Outcome.WITHDRAWN]


def add_choice_errors(form: Any, pages: Sequence[Any], prefix: str = "") -> None:
    """Add to a cleaned `form` the errors of the choice for `pages`.

    Its fields are called `prefix` and then “outcome”, “reason” and “target”. A field that has an
    error gets no other one.
    """
    outcome, reason, target = (
        form.cleaned_data.get(f"{prefix}{name}") for name in ("outcome", "reason", "target")
    )
    for name, error in find_choice_errors(outcome or "", reason or "", target, pages):
        if f"{prefix}{name}" not in form.errors:
            form.add_error(f"{prefix}{name}", error)


def find_choice_errors(
    outcome: str, reason: str, target: Any, pages: Sequence[Any]
) -> Iterator[tuple[str, str]]:
    """Yield the errors of a choice for `pages` as pairs of the field's name and a message.

    `outcome` is a value of `Outcome`, `reason` the text for visitors, and `target` the page that
    they are sent to, or None. The fields are “outcome”, “reason” and “target”.
    """
    if outcome in (Outcome.GONE, Outcome.WITHDRAWN) and not reason.strip():
        yield "reason", "Give visitors a reason."
    if outcome == Outcome.WITHDRAWN and not _can_be_withdrawn(pages):
        yield "outcome", "Only news, reports and quotes can be marked as withdrawn."
    if outcome == Outcome.REDIRECT:
        if target is None:
            yield "target", "Choose the page that visitors are sent to."
        elif any(page.path and target.path.startswith(page.path) for page in pages):
            yield "target", "Choose another page than the one you unpublish."
        elif not get_visible_pages().filter(pk=target.pk).exists():
            yield "target", "Visitors cannot see this page. Choose a public page."


def _can_be_withdrawn(pages: Sequence[Any]) -> bool:
    """Return True if all `pages` are records, which can be marked as withdrawn."""
    return all(getattr(page.specific_class, "is_record", False) for page in pages)
