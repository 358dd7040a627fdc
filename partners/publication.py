"""Receivers of the publication of people and their pages."""

from typing import Any

from django.urls import reverse
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import get_active_log_context

from bhp_site.core.publishing.publication import PublishingRefused

from .people import Person, PersonPage


def unpublish_person_page(instance: Person, **kwargs: Any) -> None:
    """Unpublish the page of a person who is unpublished.

    The page shows the person's name, roles and portrait, so it cannot stay public without them.

    Receiver of `unpublished`.
    """
    page = PersonPage.objects.filter(person=instance.pk, live=True).first()
    if page:
        user = get_active_log_context().user
        UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)


def check_person(instance: PersonPage, **kwargs: Any) -> None:
    """Raise PublishingRefused for the page of a person who is not published.

    Receiver of `publishing`.
    """
    person = instance.person
    if not person.live:
        url = reverse("wagtailsnippets_partners_person:edit", args=[person.pk])
        raise PublishingRefused(
            f"{person} is not published yet. Publish the person under “People” first.",
            [(url, "Open the person")],
        )
