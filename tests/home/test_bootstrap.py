"""The pages every site has, and the address it answers at."""

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from wagtail.models import Page, Site

from bhp_site.home.models import HomePage
from news.models import NewsIndexPage
from partners.models import PartnerIndexPage
from reports.models import ReportIndexPage


def list_pages() -> list[tuple[int, str]]:
    return list(Page.objects.order_by("path").values_list("pk", "url_path"))


def test_it_makes_home_page_and_indexes(db: None) -> None:
    call_command("bootstrap")
    home = HomePage.objects.get()
    published = home.get_children().live()
    slugs = [page.slug for page in published]
    assert slugs == ["partners", "reports", "news", "people", "themes", "quotes"]
    for page in (home, *published):
        assert page.live
    assert Page.objects.filter(depth=2).count() == 1


def test_a_second_time_makes_nothing(db: None) -> None:
    call_command("bootstrap")
    before = list_pages()
    call_command("bootstrap")
    assert list_pages() == before
    assert Site.objects.count() == 1


@pytest.mark.parametrize("model", [NewsIndexPage, PartnerIndexPage, ReportIndexPage])
def test_what_is_missing_is_made_again(db: None, model: type[Page]) -> None:
    call_command("bootstrap")
    model.objects.get().delete()
    call_command("bootstrap")
    assert model.objects.get().live


def test_what_editors_renamed_stays(db: None) -> None:
    call_command("bootstrap")
    index = NewsIndexPage.objects.get()
    index.title, index.slug = "Announcements", "announcements"
    index.save_revision().publish()
    call_command("bootstrap")
    assert NewsIndexPage.objects.get().slug == "announcements"


@pytest.mark.parametrize(
    "url, host, port",
    [
        ("http://127.0.0.1:8000", "127.0.0.1", 8000),
        ("https://www.example.org", "www.example.org", 443),
        ("http://localhost", "localhost", 80),
        ("https://www.example.org:8443", "www.example.org", 8443),
    ],
)
def test_the_site_record_follows_the_address(
    db: None, settings: LazySettings, url: str, host: str, port: int
) -> None:
    call_command("bootstrap")
    settings.SITE_URL = url
    call_command("bootstrap")
    site = Site.objects.get()
    assert (site.hostname, site.port) == (host, port)
    assert site.root_page.specific == HomePage.objects.get()
    assert site.is_default_site


def test_full_addresses_follow_the_address(db: None, settings: LazySettings) -> None:
    settings.SITE_URL = "https://www.example.org"
    call_command("bootstrap")
    assert NewsIndexPage.objects.get().full_url == "https://www.example.org/news/"
