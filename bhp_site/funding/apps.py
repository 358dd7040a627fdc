from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "bhp_site.funding"
    verbose_name = "Funding"

    def ready(self) -> None:
        """Connect the receivers that make cached pages stale."""
        from bhp_site.core.caching.invalidation import invalidate_on_save

        from .models import Award, Funder

        invalidate_on_save(Funder)
        invalidate_on_save(Award)
