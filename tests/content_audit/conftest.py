from collections.abc import Iterator
from typing import Any

import pytest

from bhp_site.content_audit import link_check_job, link_collector, reminders


@pytest.fixture(autouse=True)
def _reset_jobs(settings: Any) -> Iterator[None]:
    """Reset what the jobs remember in their process, and enable link checks."""
    settings.LINK_CHECKS = True
    link_collector._collected_on, link_check_job._running_check, reminders._next_run = None, None, 0
    link_collector._pending_pages.clear()
    link_check_job._checked_hosts.clear()
    yield
    link_collector._collected_on, link_check_job._running_check, reminders._next_run = None, None, 0
