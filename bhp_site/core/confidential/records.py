"""Which drafts are confidential, for whom, and the documents and images that follow them."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from wagtail.models import Page


class ConfidentialDraft(models.Model):
    """A page that has not been published, and the people who may open it.

    The row is deleted when the page is published.
    """

    wagtail_reference_index_ignore = True

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Confidential draft {self.pk}"


class ConfidentialFile(models.Model):
    """A document or image that is used in a confidential draft and nowhere else."""

    wagtail_reference_index_ignore = True

    draft = models.ForeignKey(ConfidentialDraft, on_delete=models.CASCADE, related_name="files")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="one_confidential_draft_of_a_file"
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_id}"
