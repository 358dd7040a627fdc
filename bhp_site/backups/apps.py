from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "bhp_site.backups"
    verbose_name = "Backups"

    def ready(self) -> None:
        """Hold the e-mail of a restored site, and register the check of the reference index."""
        from django.core.checks import Tags, register

        from bhp_site.core import mail

        from .mail_hold import is_mail_held
        from .reference_index import check_reference_index

        mail.hold_checks.append(is_mail_held)
        register(check_reference_index, Tags.database)
