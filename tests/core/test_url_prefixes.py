"""The URL prefixes that packages share lead to views that exist."""

import pytest
from django.conf import settings
from django.urls import resolve

from bhp_site.core.url_prefixes import ADMIN_PREFIX, UNCACHEABLE_PREFIXES, UNCRAWLED_PREFIXES

EXAMPLES = {
    "/drafts/": "/drafts/a-token/",
    "/sign-off/": "/sign-off/a-token/",
    "/invitation/": "/invitation/a-token/",
    "/alerts/confirm/": "/alerts/confirm/a-token/",
    "/alerts/manage/": "/alerts/manage/a-token/",
    "/alerts/leave/": "/alerts/leave/a-token/",
    "/accessible-copy/": "/accessible-copy/a-report/",
    "/request-sent/": "/request-sent/reference/",
    "/media/": "/media/original_images/a.png",
    "/_util/": "/_util/login/",
}


@pytest.mark.parametrize("prefix", UNCACHEABLE_PREFIXES)
def test_every_prefix_leads_to_a_view_of_its_own(prefix: str) -> None:
    if prefix != settings.STATIC_URL:
        assert resolve(EXAMPLES.get(prefix, prefix)).url_name != "wagtail_serve"


def test_whatever_is_not_crawled_is_not_cached() -> None:
    assert {*UNCRAWLED_PREFIXES} < {*UNCACHEABLE_PREFIXES}
    assert ADMIN_PREFIX in UNCRAWLED_PREFIXES
