from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "bhp_site.sharing"
    verbose_name = "Sharing"

    def ready(self) -> None:
        from bhp_site.core.caching.invalidation import content_changing
        from bhp_site.core.pages import routing_annotations

        from . import keeping
        from .models import of_page

        keeping.connect()
        content_changing.connect(keeping.mark)
        routing_annotations.update(card_digest=of_page("digest"), card_alt=of_page("alt"))
