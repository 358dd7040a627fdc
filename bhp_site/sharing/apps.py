from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "bhp_site.sharing"
    verbose_name = "Sharing"

    def ready(self) -> None:
        """Connect the receivers, and register a check and the annotations of cards."""
        from bhp_site.core.caching.invalidation import content_changing
        from bhp_site.core.pages import routing_annotations
        from bhp_site.core.publishing.checklist import register_check

        from . import card_updates
        from .checklist import check_card
        from .models import CardColumn

        card_updates.connect()
        register_check(check_card)
        content_changing.connect(card_updates.mark_cards_due)
        routing_annotations.update(card_digest=CardColumn("digest"), card_alt=CardColumn("alt"))
