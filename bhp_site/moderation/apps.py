"""Configuration of the app for reviews."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "bhp_site.moderation"

    def ready(self) -> None:
        """Replace the receivers of Wagtail that send e-mails about reviews."""
        from . import emails

        emails.connect_receivers()
