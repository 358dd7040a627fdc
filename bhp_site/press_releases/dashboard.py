"""The dashboard's group of releases that have not been published."""

from typing import Any

from bhp_site.core.admin.dashboard import WaitingGroup
from news.embargo import get_release_url

from .overview import ReleaseOverview
from .release_views import find_releases

MAX_RELEASES = 5


class ReleasesGroup(WaitingGroup):
    """The latest releases that the user may edit and that are not public."""

    heading = "Releases"
    slug = "releases"
    order = 15
    template_name = "admin/releases_group.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the releases, each with its address."""
        releases = find_releases(self.user).filter(published_at=None, announcement__live=False)
        return {
            "rows": [
                (ReleaseOverview(release), get_release_url(release))
                for release in releases[:MAX_RELEASES]
            ]
        }
