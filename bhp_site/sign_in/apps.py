from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "bhp_site.sign_in"
    verbose_name = "Signing in"

    def ready(self) -> None:
        """Connect the receivers, and add a metric."""
        from bhp_site.core.monitoring.collectors import row_counts
        from bhp_site.core.personal_data import sources

        from . import receivers
        from .events import count_recent_failures
        from .personal_data import ACCOUNT_LOG, ACCOUNTS

        receivers.connect()
        row_counts["bhp_sign_in_failures_last_hour"] = (
            "Passwords and codes that were refused in the last hour",
            count_recent_failures,
        )
        sources.extend((ACCOUNTS, ACCOUNT_LOG))
