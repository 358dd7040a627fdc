from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "bhp_site.core"
    verbose_name = "Site"

    def ready(self) -> None:
        from django.db.models import DateTimeField
        from django.db.models.signals import pre_delete
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.admin.widgets import AdminDateTimeInput
        from wagtail.models import Page, ReferenceIndex
        from wagtail.signals import pre_page_move

        from . import (  # noqa: F401 — some register themselves
            caching,
            changes,
            characters,
            checks,
            images,
            publishing,
            publishing_rules,
        )
        from .models import SiteSettings
        from .uk_times import UKDateTimeField

        # What the settings show is public: Wagtail keeps no references of settings by itself.
        ReferenceIndex.register_model(SiteSettings)
        characters.connect()
        changes.connect()
        changes.watch(SiteSettings)
        changes.watch_choices(SiteSettings.public_collections)
        images.connect()
        register_form_field_override(
            DateTimeField, override={"form_class": UKDateTimeField, "widget": AdminDateTimeInput}
        )
        publishing.connect()
        publishing.publishing.connect(publishing_rules.check_page)
        pre_delete.connect(publishing_rules.check_deletion, sender=Page)
        pre_page_move.connect(publishing_rules.check_move)
