"""Configuration of the app for documents and images: policies and receivers."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.signals import page_published


class FilesConfig(AppConfig):
    name = "bhp_site.files"
    verbose_name = "Documents"

    def ready(self) -> None:
        """Connect the receivers, and register checks and the permission policy of images."""
        from wagtail.models import CollectionViewRestriction, ReferenceIndex
        from wagtail.permissions import register_permission_policy

        from bhp_site.core.admin.settings_forms import publishing_collections
        from bhp_site.core.caching import process_cache
        from bhp_site.core.caching.invalidation import invalidate_on_save
        from bhp_site.core.gone import gone_finders
        from bhp_site.core.models import SiteImage, SiteRendition
        from bhp_site.core.monitoring.health_checks import HEALTH_CHECKS
        from bhp_site.core.publishing.checklist import register_check
        from bhp_site.core.publishing.publication import publishing

        from . import checklist, publishing_checks
        from .gone import find_page_of_document
        from .health_checks import check_media
        from .models import SiteDocument
        from .permissions import approval, invalidation_scopes
        from .permissions.file_policies import FilePermissionPolicy
        from .permissions.image_policy import ImagePermissionPolicy
        from .proposals.models import Proposal, delete_proposed_file
        from .versions import publication_records
        from .versions.models import DocumentVersion, touch_stored_file
        from .virus_scan.scanning import follow_image, follow_version
        from .virus_scan.uploads import check_scans

        invalidate_on_save(SiteDocument)
        invalidate_on_save(DocumentVersion)
        invalidate_on_save(CollectionViewRestriction)
        # Of exactly this class, because Wagtail registers its own policy after this app.
        register_permission_policy(
            SiteImage,
            ImagePermissionPolicy(
                SiteImage, auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"
            ),
            exact_class=True,
        )
        register_permission_policy(
            SiteDocument,
            FilePermissionPolicy(
                SiteDocument,
                auth_model="wagtaildocs.Document",
                owner_field_name="uploaded_by_user",
            ),
            exact_class=True,
        )
        process_cache.scope_finders.append(invalidation_scopes.find_scope)
        post_delete.connect(invalidation_scopes.follow_removed_reference, sender=ReferenceIndex)
        post_delete.connect(invalidation_scopes.follow_removed_rendition, sender=SiteRendition)
        post_delete.connect(touch_stored_file, sender=DocumentVersion)
        post_delete.connect(delete_proposed_file, sender=Proposal)
        approval.connect_receivers()
        post_save.connect(follow_version, sender=DocumentVersion)
        pre_save.connect(follow_image, sender=SiteImage)
        HEALTH_CHECKS["media"] = check_media
        gone_finders.append(find_page_of_document)
        register_check(checklist.check_documents)
        register_check(checklist.check_alternative_texts)
        publishing.connect(publishing_checks.check_documents)
        publishing.connect(check_scans)
        publishing_collections.connect(publishing_checks.check_public_collections)
        page_published.connect(publication_records.record_publications)
