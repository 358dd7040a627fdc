from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "bhp_site.sign_in"
    verbose_name = "Signing in"

    def ready(self) -> None:
        """Connect the receivers."""
        from . import receivers

        receivers.connect()
