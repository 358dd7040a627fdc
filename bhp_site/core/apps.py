from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "bhp_site.core"
    verbose_name = "Site"

    def ready(self) -> None:
        """Connect the receivers, and register checks, metrics and form fields."""
        from django.conf import settings
        from django.core.checks import register
        from django.db.backends.signals import connection_created
        from django.db.models import DateTimeField
        from django.db.models.signals import post_save, pre_delete, pre_migrate
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.admin.widgets import AdminDateTimeInput
        from wagtail.models import Page, ReferenceIndex, Revision, get_page_models
        from wagtail.permissions import register_permission_policy
        from wagtail.signals import page_published, post_page_move, pre_page_move

        from bhp_site.tasks.monitoring import QueueCollector

        from .admin.draft_validation import defer_by_thread
        from .admin.exports import escape_exports
        from .admin.page_listings import adapt_search, limit_manual_ordering
        from .admin.page_policy import grant_to_submitters, page_policy
        from .admin.readable import hide_unreadable_titles
        from .admin.uk_times import UKDateTimeField
        from .admin.usage_parts import read_usage_in_parts
        from .admin.widget_init import remove_inline_scripts
        from .caching import invalidation, process_cache
        from .checks import check_page_types
        from .column_hash import simplify_column_hash
        from .confidential.comment_emails import limit_comment_emails
        from .confidential.lists import hide_in_lists
        from .confidential.tracking import end_with_publication, follow_move, follow_revision
        from .database_limits import lift_limits, limit_waits
        from .images import renditions
        from .mail.copies import EMAILS
        from .memory import return_large_blocks
        from .models import PageUpdate, SiteSettings, Unpublishing
        from .monitoring.collectors import SiteCollector
        from .monitoring.error_reports import start_error_reports
        from .monitoring.health_checks import HEALTH_CHECKS
        from .monitoring.metrics import collectors
        from .personal_data import sources
        from .publishing import (
            checklist,
            publication,
            rules,
            second_person,
            unpublishing,
            updates,
        )
        from .storage.health import check_object_storage
        from .text import characters

        return_large_blocks()
        register(check_page_types)
        simplify_column_hash()
        # Objects in the settings are public: Wagtail does not index references of settings.
        ReferenceIndex.register_model(SiteSettings)
        if settings.STORAGE_URL:
            HEALTH_CHECKS["object_storage"] = check_object_storage
        if settings.SENTRY_DSN:
            start_error_reports(settings.SENTRY_DSN)
        collectors.extend((QueueCollector(), SiteCollector()))
        connection_created.connect(limit_waits)
        pre_migrate.connect(lift_limits)
        characters.connect()
        sources.append(EMAILS)
        escape_exports()
        remove_inline_scripts()
        defer_by_thread()
        hide_unreadable_titles()
        hide_in_lists()
        read_usage_in_parts()
        limit_manual_ordering()
        adapt_search()
        limit_comment_emails()
        invalidation.connect()
        invalidation.content_changed.connect(process_cache.advance_cache_version)
        invalidation.invalidate_on_save(SiteSettings)
        invalidation.invalidate_on_save(PageUpdate)
        invalidation.invalidate_on_save(Unpublishing)
        invalidation.invalidate_on_selection(SiteSettings.public_collections)
        renditions.connect()
        register_form_field_override(
            DateTimeField, override={"form_class": UKDateTimeField, "widget": AdminDateTimeInput}
        )
        register_permission_policy(Page, page_policy)
        for model in get_page_models():
            post_save.connect(grant_to_submitters, sender=model)
        publication.connect()
        publication.publishing.connect(rules.check_page)
        publication.publishing.connect(second_person.check_second_person)
        publication.publishing.connect(updates.check_update)
        checklist.register_check(updates.check_note)
        page_published.connect(updates.record_update)
        page_published.connect(end_with_publication)
        post_save.connect(follow_revision, sender=Revision)
        post_page_move.connect(follow_move)
        page_published.connect(unpublishing.end_unpublishing)
        pre_delete.connect(rules.check_deletion, sender=Page)
        pre_page_move.connect(rules.check_move)
