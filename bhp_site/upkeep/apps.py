from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "bhp_site.upkeep"
    verbose_name = "Upkeep"

    def ready(self) -> None:
        from bhp_site.core import background

        from . import gathering, link_checks, reminders

        background.jobs += [gathering.gather_next, link_checks.ask_next, reminders.remind]
