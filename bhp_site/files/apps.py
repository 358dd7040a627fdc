from django.apps import AppConfig
from wagtail.signals import page_published


class FilesConfig(AppConfig):
    name = "bhp_site.files"
    verbose_name = "Files"

    def ready(self) -> None:
        from bhp_site.core.changes import watch

        from .models import SiteDocument, remember_published

        watch(SiteDocument)
        page_published.connect(remember_published)
