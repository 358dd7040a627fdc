from django.apps import AppConfig


class ContentAuditConfig(AppConfig):
    name = "bhp_site.content_audit"
    verbose_name = "Content health"

    def ready(self) -> None:
        from bhp_site.core import background

        from . import link_check_job, link_collector, reminders

        background.jobs += [
            link_collector.collect_next,
            link_check_job.check_next_link,
            reminders.send_reminders_hourly,
        ]
