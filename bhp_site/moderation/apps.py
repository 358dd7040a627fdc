from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "bhp_site.moderation"

    def ready(self) -> None:
        from . import notices

        notices.connect()
