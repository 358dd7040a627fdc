from django.apps import AppConfig


class SecondFactorConfig(AppConfig):
    name = "bhp_site.second_factor"
    verbose_name = "Second step of signing in"

    def ready(self) -> None:
        """Keep factors out of Wagtail's list of uses of a user."""
        from allauth.mfa.models import Authenticator

        Authenticator.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]
