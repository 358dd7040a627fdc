from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "bhp_site.enquiries"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        """Connect the receivers of accessible copies, index their references, add a metric."""
        from wagtail.models import ReferenceIndex

        from bhp_site.core.caching.invalidation import invalidate_on_save
        from bhp_site.core.monitoring.collectors import row_counts
        from bhp_site.core.personal_data import sources

        from . import copy_approval
        from .models import AccessibleCopy, Enquiry
        from .personal_data import ENQUIRIES

        # A page that offers a document counts as a use of its accessible copies.
        ReferenceIndex.register_model(AccessibleCopy)
        invalidate_on_save(AccessibleCopy)
        copy_approval.connect()
        row_counts["bhp_overdue_enquiries"] = (
            "Open requests and reports whose answer is overdue",
            lambda: Enquiry.objects.overdue().count(),
        )
        sources.append(ENQUIRIES)
