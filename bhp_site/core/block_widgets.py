"""The editor of a StreamField."""

import threading
from typing import Any

from wagtail.blocks.base import BlockWidget


class SharedBlockWidget(BlockWidget):
    """A widget that describes its blocks to the editor's scripts once a process.

    Wagtail 8.0 describes them for each form, which takes a tenth of the time of an editor. Nothing
    in the description depends on the user or on stored content.
    """

    _lock = threading.Lock()

    def __deepcopy__(self, memo: dict[int, Any]) -> BlockWidget:
        """Return the widget of a form, with the description that this one keeps."""
        if self._block_json is None:
            with self._lock:
                # Another thread may have set it; one that saw half of it would lack scripts.
                if self._block_json is None:
                    self._build_block_json()
        return super().__deepcopy__(memo)
