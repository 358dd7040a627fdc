"""The parts of a group's form that give permission to publish in collections."""

from wagtail.admin.forms.collections import collection_member_permission_formset_factory

from bhp_site.core.models import SiteImage

from ..models import SiteDocument

GroupDocumentPublishFormSet = collection_member_permission_formset_factory(
    SiteDocument,
    [("publish_sitedocument", "Publish", "Change documents that are public")],
    "admin/document_publish_permissions.html",
)
GroupImagePublishFormSet = collection_member_permission_formset_factory(
    SiteImage,
    [("publish_siteimage", "Publish", "Change images that are public")],
    "admin/image_publish_permissions.html",
)
