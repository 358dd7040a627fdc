from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """Connect the receivers, and register a check and a source of dates and affected places."""
        from bhp_site.core.caching.invalidation import invalidate_on_save
        from bhp_site.core.publishing.checklist import register_check
        from bhp_site.core.publishing.publication import publishing
        from bhp_site.files.versions import publication_dates, review

        from .checklist import check_report
        from .document_links import find_affected_chapters
        from .licence_checks import check_licence
        from .models import ReportDownload, ReportPage
        from .series import ReportSeries

        invalidate_on_save(ReportSeries)
        publishing.connect(check_licence, sender=ReportPage)
        # The date of a report takes precedence over that of an announcement with the same document.
        publication_dates.date_sources.insert(0, ReportDownload)
        review.affected_place_finders.append(find_affected_chapters)
        register_check(check_report)
