from collections.abc import Iterator
from typing import Any

import pytest

from bhp_site.upkeep import gathering, link_checks, reminders


@pytest.fixture(autouse=True)
def _anew(settings: Any) -> Iterator[None]:
    """Jobs remember in their process what they have done today; links are asked."""
    settings.LINK_CHECKS = True
    gathering._day, link_checks._errand, reminders._next_look = None, None, 0
    gathering._left.clear()
    link_checks._asked.clear()
    yield
    gathering._day, link_checks._errand, reminders._next_look = None, None, 0
