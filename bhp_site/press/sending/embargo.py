"""Whether an announcement is under embargo, and the words that its recipients must read."""

import datetime
from dataclasses import dataclass
from enum import Enum

from django.utils import timezone

from bhp_site.core.visibility import get_live_pages
from news.models import NewsPage, Release


class EmbargoState(Enum):
    """The state of an embargo, which decides when recipients may publish."""

    # Not before a time.
    UNDER_EMBARGO = "embargo"
    # Not before they hear from us: the time was removed.
    ON_HOLD = "hold"
    # The time has passed, and the announcement is not public: it is being published, or blocked.
    OVERDUE = "overdue"
    PUBLISHED = "published"


@dataclass(frozen=True)
class ReleaseEmbargo:
    """The state of an announcement's embargo now; `until` is its time if it has one."""

    state: EmbargoState
    until: datetime.datetime | None = None

    @property
    def key(self) -> str:
        """Return a text that changes whenever recipients must be told something else."""
        return self.until.isoformat() if self.until else self.state.value


def get_embargo(page: NewsPage) -> ReleaseEmbargo:
    """Return the embargo of `page` as it is now."""
    if get_live_pages().filter(pk=page.pk).exists():
        return ReleaseEmbargo(EmbargoState.PUBLISHED)
    release = Release.objects.filter(announcement=page.pk).first()
    until = release.embargo_until if release else None
    if until is None:
        return ReleaseEmbargo(EmbargoState.ON_HOLD)
    is_over = until <= timezone.now()
    return ReleaseEmbargo(EmbargoState.OVERDUE if is_over else EmbargoState.UNDER_EMBARGO, until)
