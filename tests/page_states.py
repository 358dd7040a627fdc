"""The states a page can be in, by what an editor does to bring it there."""

import datetime
from collections.abc import Callable

from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from bhp_site.core.publishing.scheduled import publish_due

DAY = datetime.timedelta(days=1)


def publish(page: Page) -> None:
    page.save_revision().publish()
    page.refresh_from_db()


def schedule(page: Page) -> None:
    page.go_live_at = timezone.now() + DAY
    page.save_revision().publish()


def expire(page: Page) -> None:
    publish(page)
    type(page).objects.filter(pk=page.pk).update(expire_at=timezone.now() - DAY)
    publish_due()


def unpublish(page: Page) -> None:
    publish(page)
    page.unpublish()


def restrict(page: Page, kind: str = PageViewRestriction.LOGIN) -> None:
    """Put `page`, and with it all below, under a view restriction."""
    PageViewRestriction.objects.create(page=page, restriction_type=kind, password="open sesame")


def published_and(then: Callable[[Page], None]) -> Callable[[Page], None]:
    """Publishes the page, then does something else to it."""

    def act(page: Page) -> None:
        publish(page)
        then(page)

    return act


# What keeps a page from visitors: name → what brings a draft there.
HIDDEN: dict[str, Callable[[Page], None]] = {
    "draft": lambda page: page.save_revision(),
    "scheduled": schedule,
    "expired": expire,
    "unpublished": unpublish,
    "login": published_and(restrict),
    "password": published_and(lambda page: restrict(page, PageViewRestriction.PASSWORD)),
    "below a draft": published_and(lambda page: page.get_parent().specific.unpublish()),
    "below a login": published_and(lambda page: restrict(page.get_parent())),
}
