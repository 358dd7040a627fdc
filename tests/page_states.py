"""Functions that bring a page into each state it can be in, as an editor does."""

import datetime
from collections.abc import Callable

from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from bhp_site.core.publishing.scheduled import publish_due

DAY = datetime.timedelta(days=1)


def publish(page: Page) -> None:
    """Publish the current content of `page`."""
    page.save_revision().publish()
    page.refresh_from_db()


def schedule(page: Page) -> None:
    """Schedule `page` for tomorrow."""
    page.go_live_at = timezone.now() + DAY
    page.save_revision().publish()


def expire(page: Page) -> None:
    """Publish `page` and let it expire."""
    publish(page)
    type(page).objects.filter(pk=page.pk).update(expire_at=timezone.now() - DAY)
    publish_due()


def unpublish(page: Page) -> None:
    """Publish `page` and unpublish it again."""
    publish(page)
    page.unpublish()


def restrict(page: Page, kind: str = PageViewRestriction.LOGIN) -> None:
    """Restrict the view of `page` and of all pages below it."""
    PageViewRestriction.objects.create(page=page, restriction_type=kind, password="open sesame")


def publish_and(then: Callable[[Page], None]) -> Callable[[Page], None]:
    """Return a function that publishes a page and then calls `then` with it."""

    def act(page: Page) -> None:
        publish(page)
        then(page)

    return act


# State in which visitors cannot see a page → function that brings a draft into it.
HIDDEN: dict[str, Callable[[Page], None]] = {
    "draft": lambda page: page.save_revision(),
    "scheduled": schedule,
    "expired": expire,
    "unpublished": unpublish,
    "login": publish_and(restrict),
    "password": publish_and(lambda page: restrict(page, PageViewRestriction.PASSWORD)),
    "below a draft": publish_and(lambda page: page.get_parent().specific.unpublish()),
    "below a login": publish_and(lambda page: restrict(page.get_parent())),
}
