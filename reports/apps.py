from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from bhp_site.core.caching.invalidation import invalidate_on_save
        from bhp_site.files.versions import publication_dates, review

        from .document_links import find_affected_chapters, get_report_date
        from .series import ReportSeries

        invalidate_on_save(ReportSeries)
        # A report's date counts before that of an announcement which offers the same document.
        publication_dates.date_sources.insert(0, get_report_date)
        review.affected_place_finders.append(find_affected_chapters)
