from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "bhp_site.scheduling"

    def ready(self) -> None:
        from bhp_site.core import readiness
        from bhp_site.core.publishing import release_blocked, release_published

        from . import notices

        readiness.blocked_revision_keys.append(notices.get_blocked_revision_keys)
        release_blocked.connect(notices.record_blocked_release)
        release_published.connect(notices.forget_blocked_release)
