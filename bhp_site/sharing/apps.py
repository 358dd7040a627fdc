from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "bhp_site.sharing"
    verbose_name = "Sharing"

    def ready(self) -> None:
        from bhp_site.core.changes import changing
        from bhp_site.core.pages import asked_with_page

        from . import keeping
        from .models import of_page

        keeping.connect()
        changing.connect(keeping.mark)
        asked_with_page.update(card_digest=of_page("digest"), card_alt=of_page("alt"))
