from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "bhp_site.alerts"
    verbose_name = "E-mail alerts"

    def ready(self) -> None:
        """Connect the receivers that announce published pages and their major updates."""
        from wagtail.signals import page_published

        from bhp_site.core.personal_data import sources
        from bhp_site.core.publishing.updates import major_update_published

        from . import announcing
        from .personal_data import ALERTS

        page_published.connect(announcing.announce_first_publication)
        major_update_published.connect(announcing.announce_major_update)
        sources.append(ALERTS)
