from django.apps import AppConfig
from wagtail.signals import page_published, page_unpublished


class NewsConfig(AppConfig):
    name = "news"

    def ready(self) -> None:
        """Connect receivers of releases and quotes, and register what other apps ask for."""
        from django.db.models import BooleanField, Func

        from bhp_site.core.admin.page_policy import submission_finders
        from bhp_site.core.caching.timed_changes import timed_change_sources
        from bhp_site.core.pages import routing_annotations
        from bhp_site.core.publishing.checklist import register_check
        from bhp_site.core.publishing.publication import publishing
        from bhp_site.files.signals import publishing_documents
        from bhp_site.files.versions import publication_dates

        from . import checklist, embargo, embargoed_documents, quote_checks, quote_updates, release
        from .calls import read_call_times
        from .models import NewsDownload, NewsPage, QuotePage
        from .submissions import find_submissions

        for check in (
            checklist.check_quotes,
            checklist.check_partners,
            checklist.check_call_times,
            checklist.check_press_contact,
            checklist.check_schedule,
        ):
            register_check(check)
        submission_finders.append(find_submissions)
        timed_change_sources.append(read_call_times)
        publishing.connect(embargo.check_embargo)
        publishing.connect(embargoed_documents.check_documents)
        publishing_documents.connect(embargoed_documents.get_refusal)
        publishing.connect(quote_checks.check_quotes, sender=NewsPage)
        publishing.connect(release.check_release, sender=NewsPage)
        page_published.connect(release.publish_release, sender=NewsPage)
        publication_dates.date_sources.append(NewsDownload)
        own_downloads = (
            f"SELECT 1 FROM {NewsDownload._meta.db_table} WHERE page_id = %(expressions)s"  # noqa: S608
        )
        routing_annotations["has_own_downloads"] = Func(
            "pk", template=f"EXISTS({own_downloads})", output_field=BooleanField()
        )
        page_unpublished.connect(release.unpublish_release, sender=NewsPage)
        page_published.connect(quote_updates.clear_unpublished, sender=QuotePage)
        page_unpublished.connect(quote_updates.mark_unpublished, sender=QuotePage)
