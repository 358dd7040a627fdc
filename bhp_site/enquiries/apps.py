from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "bhp_site.enquiries"
    verbose_name = "Requests"

    def ready(self) -> None:
        from wagtail.models import ReferenceIndex

        from bhp_site.core.changes import watch

        from . import copy_approval
        from .models import AccessibleCopy

        # A page that offers a document counts as a use of its accessible copies.
        ReferenceIndex.register_model(AccessibleCopy)
        watch(AccessibleCopy)
        copy_approval.connect()
