"""Configuration of the app for scheduled releases."""

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "bhp_site.scheduling"

    def ready(self) -> None:
        """Connect the receivers, and register blocked releases with the health check."""
        from bhp_site.core.monitoring import health_checks
        from bhp_site.core.publishing.scheduled import release_blocked, release_published
        from bhp_site.files.signals import document_edited

        from . import blocked_releases
        from .release_warnings import warn_of_document

        health_checks.blocked_revision_keys.append(blocked_releases.get_blocked_revision_keys)
        document_edited.connect(warn_of_document)
        release_blocked.connect(blocked_releases.record_blocked_release)
        release_published.connect(blocked_releases.delete_blocked_release)
