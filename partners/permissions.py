from bhp_site.core.admin.page_policy import SitePagePermissions


class PartnerPermissions(SitePagePermissions):
    """Lets only users who may add partners delete and move them, not their press officers."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Return True if the user may delete the page, and add others like it."""
        may_add = self.user.is_superuser or "add" in getattr(self, "permissions", ())
        return may_add and bool(super().can_delete(ignore_bulk))
