"""News, reports and quotes look the same on pages of partners, people and themes as in lists."""

import json
from types import SimpleNamespace

import pytest
from django.test import Client

from bhp_site.core.images.renditions import FORMATS, get_rendition_files
from bhp_site.core.models import SiteImage
from tests.factories import QuotePageFactory, SiteImageFactory
from tests.page_states import publish


def count_pictures(text: str, image: SiteImage) -> int:
    """Return the number of `picture` elements of `image` in the HTML `text`."""
    names = [file.name for kind in FORMATS for file in get_rendition_files(image, kind)]
    pictures = text.split("<picture>")[1:]
    return sum(any(name in picture for name in names) for picture in pictures)


@pytest.fixture
def quoted(site: SimpleNamespace) -> SimpleNamespace:
    """The small site: its person is quoted for its partner, all of it is about its theme."""
    site.image, site.cover = SiteImageFactory(), SiteImageFactory()
    picture = {"image": site.image.pk, "alt_text": "", "decorative": True}
    figure = {"type": "figure", "value": {"image": picture, "caption": ""}, "id": "f"}
    site.news.body = json.dumps([figure])
    site.report.cover = site.cover
    for page in (site.news, site.report):
        page.partners, page.themes = [site.partner], [site.theme]
        publish(page)
    QuotePageFactory(parent=site.news, speaker=site.person.person, partner=site.partner)
    return site


@pytest.mark.parametrize(("kind", "reports"), [("partner", 1), ("theme", 1), ("person", 0)])
def test_news_and_reports_have_their_images(
    quoted: SimpleNamespace, client: Client, kind: str, reports: int
) -> None:
    text = client.get(getattr(quoted, kind).url).text
    assert count_pictures(text, quoted.image) == 1
    assert count_pictures(text, quoted.cover) == reports


@pytest.mark.parametrize("kind", ["partner", "person"])
def test_quotes_name_their_announcement(quoted: SimpleNamespace, client: Client, kind: str) -> None:
    quotes = client.get(getattr(quoted, kind).url).text.partition('id="quotes"')[2]
    assert f'<cite><a href="{quoted.news.url}">{quoted.news.title}</a></cite>' in quotes


def test_an_empty_theme_shows_the_images_of_the_latest(
    quoted: SimpleNamespace, client: Client
) -> None:
    for page in (quoted.news, quoted.report):
        page.themes.clear()
        publish(page)
    text = client.get(quoted.theme.url).text
    assert count_pictures(text, quoted.image) == count_pictures(text, quoted.cover) == 1


@pytest.mark.parametrize("kind", ["partner", "theme"])
def test_a_page_with_three_lists_has_a_contents_list(
    quoted: SimpleNamespace, client: Client, kind: str
) -> None:
    page = getattr(quoted, kind)
    page.story = [("heading", "Why it matters")]
    publish(page)
    contents = client.get(page.url).text.partition('id="on-this-page"')[2].partition("</nav>")[0]
    for anchor in ("why-it-matters", "reports", "news"):
        assert f'<a href="#{anchor}">' in contents
