from bhp_site.core.admin.page_policy import SitePagePermissions


class NewsPermissions(SitePagePermissions):
    """Lets users who may delete an announcement delete its quotes with it.

    Wagtail asks for a permission of its own before a page with pages below it is deleted; quotes
    are part of their announcement.
    """

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Return True if the user may delete the announcement with its quotes."""
        return bool(super().can_delete(ignore_bulk=True))
