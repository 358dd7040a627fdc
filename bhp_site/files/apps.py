from django.apps import AppConfig
from django.db.models.signals import post_delete


class FilesConfig(AppConfig):
    name = "bhp_site.files"
    verbose_name = "Files"

    def ready(self) -> None:
        from bhp_site.core import background
        from bhp_site.core.changes import watch
        from bhp_site.core.publishing import publishing

        from . import readiness, texts
        from .models import SiteDocument
        from .versions import DocumentVersion, begin_grace

        watch(SiteDocument)
        watch(DocumentVersion)
        post_delete.connect(begin_grace, sender=DocumentVersion)
        publishing.connect(readiness.check)
        background.jobs.append(texts.extract_next)
