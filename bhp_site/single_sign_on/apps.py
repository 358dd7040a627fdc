from django.apps import AppConfig


class SingleSignOnConfig(AppConfig):
    name = "bhp_site.single_sign_on"
    verbose_name = "Single sign-on"

    def ready(self) -> None:
        """Register the check; keep identities out of Wagtail's list of uses of a user."""
        from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
        from django.core.checks import register

        from .checks import check_single_sign_on

        register(check_single_sign_on)
        for model in (SocialAccount, SocialApp, SocialToken):
            model.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]
