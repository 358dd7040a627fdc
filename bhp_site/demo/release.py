"""Load the release in preparation, so that the screens of a release are not empty."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from bhp_site.draft_links.links import create_link
from bhp_site.sign_off.models import SignOff
from bhp_site.sign_off.requests import get_draft, record_answer
from bhp_site.sign_off.subjects import list_quotations
from news.models import NewsIndexPage, NewsPage, Release

from .content.release import EMBARGO_DAYS, LINK_LABEL, RELEASE, SUGGESTED_WORDS


@transaction.atomic
def load_release(build_news: Callable[[Any], NewsPage]) -> None:
    """Create the release as a draft under embargo, with a link to it and an answered sign-off.

    Nobody gets an e-mail.
    """
    parent = NewsIndexPage.objects.get()
    if parent.get_children().filter(slug=RELEASE.slug).exists():
        return
    day = timezone.localdate() + datetime.timedelta(days=EMBARGO_DAYS)
    page = build_news(RELEASE)
    page.live, page.date = False, day
    parent.add_child(instance=page)
    page.save_revision()
    first_minute = datetime.datetime.combine(day, datetime.time(0, 1))
    Release.objects.create(announcement=page, embargo_until=timezone.make_aware(first_minute))
    create_link(page, LINK_LABEL, user=None)
    _add_sign_off(page)


def _add_sign_off(page: NewsPage) -> None:
    """Add a sign-off of the quotation, whose speaker has suggested other words."""
    quotation = list_quotations(get_draft(page))[0]
    sign_off = SignOff(
        page=page,
        kind=SignOff.Kind.QUOTATION,
        block_id=quotation.block_id,
        name=quotation.name,
        email="speaker@example.org",
    )
    sign_off.save()
    record_answer(sign_off, SignOff.State.SUGGESTED, quotation.content_hash, words=SUGGESTED_WORDS)
