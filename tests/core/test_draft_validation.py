"""Drafts and publications that several people save at once."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import get_page_models

from partners.models import Person
from reports.chapters import Chapter

# The block at whose validation the others begin.
INTERRUPTED = "middle"


class InterruptedBlock(blocks.CharBlock):
    """A block that lets another thread run while it is validated."""

    interrupt: Callable[[], None] = staticmethod(lambda: None)

    def clean(self, value: Any) -> Any:
        self.interrupt()
        return super().clean(value)


def make_block() -> blocks.StreamBlock:
    return blocks.StreamBlock(
        [
            ("before", blocks.StructBlock([("name", blocks.CharBlock())])),
            ("figures", blocks.ListBlock(blocks.CharBlock(), min_num=1)),
            (INTERRUPTED, InterruptedBlock(required=False)),
            ("after", blocks.CharBlock()),
        ]
    )


def make_value(block: blocks.StreamBlock) -> blocks.StreamValue:
    """Return a value of `block` without any text."""
    values = {"before": {"name": ""}, "figures": [], INTERRUPTED: "", "after": ""}
    return block.to_python([{"type": name, "value": value} for name, value in values.items()])


def run_in_thread(function: Callable[[], object]) -> None:
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


def find_errors(clean: Callable[[Any], Any], value: blocks.StreamValue) -> set[str]:
    """Return the names of the blocks that `clean` refuses."""
    try:
        clean(value)
    except ValidationError as error:
        return {value[number].block_type for number in error.block_errors}
    return set()


def interrupt_draft(block: blocks.StreamBlock, other: Callable[[], object]) -> set[str]:
    """Save an incomplete draft, and call `other` in another thread meanwhile; return its errors."""
    middle = block.child_blocks[INTERRUPTED]
    begun: list[bool] = []

    def interrupt() -> None:
        if not begun:
            begun.append(True)
            run_in_thread(other)

    middle.interrupt = interrupt
    errors = find_errors(block.clean_deferred, make_value(block))
    assert begun
    return errors


def test_nobody_publishes_without_required_fields_while_a_draft_is_saved() -> None:
    block, found = make_block(), list[set[str]]()
    value = make_value(block)
    assert interrupt_draft(block, lambda: found.append(find_errors(block.clean, value))) == set()
    assert found == [{"before", "figures", "after"}]


def test_a_draft_is_saved_while_another_is_saved() -> None:
    block, found = make_block(), list[set[str]]()
    value = make_value(block)
    save = partial(find_errors, block.clean_deferred, value)
    assert interrupt_draft(block, lambda: found.append(save())) == set()
    assert found == [set()]
    assert find_errors(block.clean, value) == {"before", "figures", "after"}


def test_fields_stay_required_in_the_form_while_a_draft_is_saved() -> None:
    block, found = make_block(), list[bool]()
    after = block.child_blocks["after"]
    assert interrupt_draft(block, lambda: found.append(after.required)) == set()
    assert found == [True]


def test_a_draft_needs_what_is_required_on_save() -> None:
    block = blocks.StreamBlock([("name", blocks.CharBlock(required_on_save=True))])
    value = block.to_python([{"type": "name", "value": ""}])
    assert find_errors(block.clean_deferred, value) == {"name"}


def list_blocks(block: blocks.Block) -> Iterator[blocks.Block]:
    yield block
    children = [*getattr(block, "child_blocks", {}).values()]
    for child in [*children, *filter(None, [getattr(block, "child_block", None)])]:
        yield from list_blocks(child)


def test_no_block_defers_validation_in_a_way_of_its_own() -> None:
    """Such a method is not called."""
    own = {
        type(block).__name__
        for model in [*get_page_models(), Chapter, Person]
        for field in model._meta.get_fields()
        if isinstance(field, StreamField)
        for block in list_blocks(field.stream_block)
        if not type(block).defer_required_validation.__module__.startswith("wagtail.")
    }
    assert own == set()
