from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from bhp_site.core import background
        from bhp_site.core.changes import watch

        from .drafting import run_next_job
        from .series import ReportSeries

        watch(ReportSeries)
        background.jobs.append(run_next_job)
