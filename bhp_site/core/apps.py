from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "bhp_site.core"
    verbose_name = "Site"

    def ready(self) -> None:
        from wagtail.models import ReferenceIndex

        from . import caching, changes, checks, images, publishing, publishing_rules  # noqa: F401 — some register themselves
        from .models import SiteSettings

        # What the settings show is public: Wagtail keeps no references of settings by itself.
        ReferenceIndex.register_model(SiteSettings)
        changes.connect()
        changes.watch(SiteSettings)
        changes.watch_choices(SiteSettings.public_collections)
        images.connect()
        publishing.connect()
        publishing.publishing.connect(publishing_rules.check_page)
