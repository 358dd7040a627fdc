from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "bhp_site.files"
    verbose_name = "Files"

    def ready(self) -> None:
        from bhp_site.core.changes import watch

        from .models import SiteDocument

        watch(SiteDocument)
