"""Keep recipients of a release informed, and forget people who leave the press list."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from news.models import NewsPage, Release

from .models import PressContact
from .sending.recipients import tell_of_change


def tell_recipients(release: Release, **kwargs: Any) -> None:
    """Tell everybody who has a release that its embargo has changed.

    Receiver of `embargo_changed`.
    """
    tell_of_change(release.announcement)


def tell_of_publication(instance: NewsPage, **kwargs: Any) -> None:
    """Tell those who know another time that the announcement is published.

    Receiver of `page_published`.
    """
    tell_of_change(instance)


def forget_contact(instance: PressContact, **kwargs: Any) -> None:
    """End the links of a person who is deleted, and delete their data there and in the log.

    Receiver of `pre_delete`.
    """
    for recipient in instance.releases.all():
        recipient.forget()
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(PressContact), object_id=str(instance.pk)
    )
    entries.update(label="Deleted person", data={})


def connect() -> None:
    """Connect the receivers."""
    from django.db.models.signals import pre_delete
    from wagtail.signals import page_published

    from news.embargo import embargo_changed

    embargo_changed.connect(tell_recipients)
    page_published.connect(tell_of_publication, sender=NewsPage)
    pre_delete.connect(forget_contact, sender=PressContact)
