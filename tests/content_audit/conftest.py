from typing import Any

import pytest

from bhp_site.content_audit import link_check_job


@pytest.fixture(autouse=True)
def _reset_jobs(settings: Any) -> None:
    """Reset what the jobs remember in their process, and enable link checks."""
    settings.LINK_CHECKS = True
    link_check_job._checked_hosts.clear()
