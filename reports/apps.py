from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from bhp_site.core.changes import watch

        from .series import ReportSeries

        watch(ReportSeries)
