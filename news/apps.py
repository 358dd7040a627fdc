from django.apps import AppConfig
from wagtail.signals import page_published, page_unpublished


class NewsConfig(AppConfig):
    name = "news"

    def ready(self) -> None:
        from bhp_site.core.publishing.publication import publishing
        from bhp_site.files.versions import publication_dates

        from . import quote_checks, quote_updates, release
        from .document_dates import get_announcement_date
        from .models import NewsPage, QuotePage

        publishing.connect(quote_checks.check, sender=NewsPage)
        publishing.connect(release.check, sender=NewsPage)
        page_published.connect(release.published, sender=NewsPage)
        publication_dates.date_sources.append(get_announcement_date)
        page_unpublished.connect(release.unpublished, sender=NewsPage)
        page_published.connect(quote_updates.end_withdrawal, sender=QuotePage)
        page_unpublished.connect(quote_updates.note_withdrawal, sender=QuotePage)
