from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "bhp_site.core"
    label = "core"
    verbose_name = "Site"

    def ready(self) -> None:
        from . import caching, changes, checks, images  # noqa: F401 — receivers and checks register themselves

        changes.connect()
        images.connect()
