from django.apps import AppConfig


class HouseStyleConfig(AppConfig):
    name = "bhp_site.house_style"
    verbose_name = "House style"

    def ready(self) -> None:
        """Register the check of the checklist."""
        from bhp_site.core.publishing.checklist import register_check

        from .checklist import check_house_style

        register_check(check_house_style)
