from django.apps import AppConfig


class DraftLinksConfig(AppConfig):
    name = "bhp_site.draft_links"
    label = "draft_links"

    def ready(self) -> None:
        """Connect the receiver."""
        from bhp_site.core.personal_data import sources
        from bhp_site.sign_in.receivers import account_deactivated

        from .links import end_links_of_user
        from .personal_data import READERS

        account_deactivated.connect(end_links_of_user)
        sources.append(READERS)
