from django.apps import AppConfig
from django.db.models.signals import pre_save


class PastingConfig(AppConfig):
    name = "bhp_site.pasting"
    verbose_name = "Pasting"

    def ready(self) -> None:
        """Connect the receiver that cleans pasted markup."""
        from .saving import clean_saved

        pre_save.connect(clean_saved, dispatch_uid="clean-rich-text")
