from django.apps import AppConfig


class SignOffConfig(AppConfig):
    name = "bhp_site.sign_off"
    label = "sign_off"

    def ready(self) -> None:
        """Connect the receiver that refuses to publish, and add to the checklist."""
        from wagtail.signals import page_published

        from bhp_site.core.personal_data import sources
        from bhp_site.core.publishing.checklist import register_check
        from bhp_site.core.publishing.publication import publishing

        from .personal_data import SIGN_OFFS
        from .statuses import check_sign_offs, list_checklist_entries, record_publication

        publishing.connect(check_sign_offs)
        # After the app “core”, which sends “publishing” when a page is published.
        page_published.connect(record_publication)
        register_check(list_checklist_entries)
        sources.append(SIGN_OFFS)
