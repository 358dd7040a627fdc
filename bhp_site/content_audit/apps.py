from django.apps import AppConfig


class ContentAuditConfig(AppConfig):
    name = "bhp_site.content_audit"
    verbose_name = "Content health"

    def ready(self) -> None:
        """Register the check of the checklist."""
        from bhp_site.core.publishing.checklist import register_check

        from .checklist import check_links

        register_check(check_links)
