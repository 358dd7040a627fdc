from django.apps import AppConfig


class AccessibilityConfig(AppConfig):
    name = "bhp_site.accessibility"
    verbose_name = "Accessibility"

    def ready(self) -> None:
        from bhp_site.core.changes import watch

        from .confirmation import Confirmation

        watch(Confirmation)
