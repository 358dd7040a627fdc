from django.apps import AppConfig


class AccessibilityConfig(AppConfig):
    name = "bhp_site.accessibility"
    verbose_name = "Accessibility"

    def ready(self) -> None:
        """Invalidate caches when a confirmation is saved."""
        from bhp_site.core.caching.invalidation import invalidate_on_save

        from .confirmation import Confirmation

        invalidate_on_save(Confirmation)
