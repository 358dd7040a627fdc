from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "bhp_site.backups"
    verbose_name = "Backups"

    def ready(self) -> None:
        """Let a restored site send no e-mail until somebody allows it."""
        from bhp_site.core import mail

        from .mail_hold import is_mail_held

        mail.hold_checks.append(is_mail_held)
