"""Validation of blocks that drafts need not pass, for one thread at a time.

Wagtail 8.0 defers it by changing the definitions of the blocks, of which a process has one: while
somebody saved a draft, others could publish without required fields. Two drafts at once could make
a field optional until the process ended, or be refused.
"""

from contextvars import ContextVar
from copy import copy
from typing import Any

from wagtail.blocks import Block, FieldBlock

_is_deferred: ContextVar[bool] = ContextVar("is_deferred", default=False)


def is_deferred(block: Block) -> bool:
    """Return True while this thread validates a draft."""
    return _is_deferred.get()


def ignore(block: Block, value: bool) -> None:
    """Do nothing: Wagtail sets `is_deferred_validation` when it makes a block."""


def clean_deferred(block: Block, value: Any) -> Any:
    """Return the cleaned value of a draft, without the validation that only publishing needs.

    Raises ValidationError.
    """
    token = _is_deferred.set(True)
    try:
        return block.clean(value)
    finally:
        _is_deferred.reset(token)


def clean_field(block: FieldBlock, value: Any) -> Any:
    """Return the cleaned value of a field; in a draft it may be empty. Raises ValidationError."""
    field = block.field
    if block.is_deferred_validation:
        field = copy(field)
        field.required = getattr(block.meta, "required_on_save", False)
    return block.value_from_form(field.clean(block.value_for_form(value)))


def defer_by_thread() -> None:
    """Let blocks defer validation for the thread that saves a draft, and for no other."""
    Block.is_deferred_validation = property(is_deferred, ignore)
    Block.clean_deferred = clean_deferred
    FieldBlock.clean = clean_field
