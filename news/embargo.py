"""The embargo of a release: nothing of it is published before it ends.

A publisher can move or lift it with a reason; see `bhp_site.press_releases`.
"""

from typing import Any

from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone

from bhp_site.core.publishing.publication import Publication, PublishingRefused

from .release_models import Release, get_release

# Sent in the transaction that changes the embargo of a release. Arguments: `release`, as it is
# now, `before`, the time at which the embargo would have ended or None, and `is_lifted`, True if
# the release is published with it.
embargo_changed = Signal()


def get_release_url(release: Release) -> str:
    """Return the path of the screen of `release`, which is in `bhp_site.press_releases`."""
    return reverse("release", args=[release.pk])


def check_embargo(instance: Any, publication: Publication, **kwargs: Any) -> None:
    """Raise PublishingRefused if `instance` would be public before the end of its embargo.

    Receiver of `publishing`.
    """
    release = get_release(instance, is_being_published=True)
    moment = publication.go_live_at or timezone.now()
    if release is None or not release.is_under_embargo_at(moment):
        return
    raise PublishingRefused(
        f"“{instance}” is under embargo until {release.end_of_embargo}. "
        "Schedule the release for then, or lift or change the embargo with a reason on its screen.",
        [(get_release_url(release), "Open the release")],
    )
