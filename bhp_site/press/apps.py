from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "bhp_site.press"
    label = "press"
    verbose_name = "Press"

    def ready(self) -> None:
        """Connect the receivers of embargoes and of the press list."""
        from bhp_site.core.personal_data import sources

        from . import receivers
        from .personal_data import PRESS

        receivers.connect()
        sources.append(PRESS)
