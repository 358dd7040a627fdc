"""The editor of a StreamField."""

from functools import cache
from typing import Any

from wagtail.blocks import Block
from wagtail.blocks.base import BlockWidget


class SharedBlockWidget(BlockWidget):
    """A widget that, with all its copies, describes its blocks to the editor's scripts once.

    Each form has a copy. Wagtail 8.0 describes the blocks for each, which takes a tenth of the time
    of an editor. Nothing in the description depends on the user or on stored content.
    """

    def __init__(self, block_def: Block, attrs: Any = None) -> None:
        super().__init__(block_def, attrs)
        # Copies have the same function. Threads share the description when it is complete.
        self._describe = cache(lambda: describe(block_def))

    @property
    def js_context(self) -> Any:
        """Return what the description needs, such as scripts."""
        return self._describe().js_context

    @property
    def block_json(self) -> Any:
        """Return the description."""
        return self._describe().block_json


def describe(block: Block) -> BlockWidget:
    """Return a widget that has described `block`."""
    widget = BlockWidget(block)
    widget._build_block_json()
    return widget
