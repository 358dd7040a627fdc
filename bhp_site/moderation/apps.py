"""Configuration of the app for reviews."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "bhp_site.moderation"

    def ready(self) -> None:
        from . import emails

        emails.connect_receivers()
