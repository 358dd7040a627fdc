from django.apps import AppConfig
from django.db.models.signals import post_delete
from wagtail.signals import page_published


class FilesConfig(AppConfig):
    name = "bhp_site.files"
    verbose_name = "Files"

    def ready(self) -> None:
        from bhp_site.core import background
        from bhp_site.core.changes import watch
        from bhp_site.core.publishing import publishing

        from . import approval, publication_records, readiness, texts
        from .models import SiteDocument
        from .proposals import Proposal, delete_file
        from .versions import DocumentVersion, begin_grace

        watch(SiteDocument)
        watch(DocumentVersion)
        post_delete.connect(begin_grace, sender=DocumentVersion)
        post_delete.connect(delete_file, sender=Proposal)
        approval.connect()
        publishing.connect(readiness.check)
        page_published.connect(publication_records.record_publications)
        background.jobs.append(texts.extract_next)
        # For what became public otherwise, for example with a collection.
        background.jobs.append(background.once_a_day(publication_records.record_publications))
