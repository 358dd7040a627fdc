"""The card of a page: when it is drawn, who may see it, and when it is deleted."""

import io
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client, TestCase
from PIL import Image
from wagtail.models import Page

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import SiteSettings
from bhp_site.core.storage.errors import StorageUnavailable
from bhp_site.sharing import card_updates
from bhp_site.sharing.card_updates import get_due_pages
from bhp_site.sharing.models import Card
from news.models import NewsPage

from ..factories import NewsPageFactory, QuotePageFactory, SiteImageFactory
from ..page_states import HIDDEN, unpublish
from ..page_states import publish as published
from ..running_tasks import run_tasks

CARD = re.compile(r'<meta property="og:image" content="http://testserver(/cards/[^"]+)">')


def get_card_address(page: Any, client: Client) -> str:
    """Where its page says that its card is; "" for nowhere."""
    cache_version.advance()
    found = CARD.search(client.get(page.get_url()).text)
    return found[1] if found else ""


def draw_all() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        card_updates.enqueue_due_cards()
        run_tasks(card_updates.draw_due_cards)


def draw(*pages: Any) -> None:
    """Draw what is due of these pages alone, which takes less time."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        card_updates.draw(get_due_pages().filter(pk__in=[page.pk for page in pages]))


def publish(page: Any) -> None:
    """Publish, and draw the cards that this makes due, but not those of all other pages."""
    published(page)
    draw(page, *Page.objects.filter(pk__in=Card.objects.exclude(due=None).values("page")))


@pytest.fixture(autouse=True)
def _no_files() -> None:
    shutil.rmtree(Path(settings.MEDIA_ROOT, "cards"), ignore_errors=True)


def list_files(page: Any) -> list[Path]:
    return sorted(Path(settings.MEDIA_ROOT, "cards", str(page.pk)).glob("*"))


@pytest.fixture
def news(site: SimpleNamespace) -> NewsPage:
    """A page whose card has been render_card."""
    draw(site.news)
    found: NewsPage = NewsPage.objects.get(pk=site.news.pk)
    return found


def test_every_page_has_a_card(site: SimpleNamespace, client: Client) -> None:
    draw_all()
    assert not get_due_pages().exists()
    for page in (site.home, site.news, site.report, site.partner, site.quote, site.standard):
        response = client.get(get_card_address(page, client))
        assert response.headers["Content-Type"] == "image/jpeg"
        with Image.open(io.BytesIO(response.getvalue())) as card:
            assert card.size == (1200, 630)


def test_the_page_says_what_is_on_it(news: NewsPage, client: Client) -> None:
    text = client.get(news.get_url()).text
    assert '<meta property="og:image:width" content="1200">' in text
    assert '<meta property="og:image:height" content="630">' in text
    alt = f"{news.kind_label}, {news.title}, {news.published}"
    assert f'<meta property="og:image:alt" content="{alt}">' in text
    assert '<meta name="twitter:card" content="summary_large_image">' in text
    assert text.count('"og:image"') == 1


def test_without_a_card_a_page_keeps_its_picture(site: SimpleNamespace, client: Client) -> None:
    assert get_card_address(site.news, client) == ""
    assert "/static/share.png" in client.get(site.news.get_url()).text


def test_a_card_may_be_cached_for_a_year(news: NewsPage, client: Client) -> None:
    response = client.get(get_card_address(news, client))
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.post(get_card_address(news, client)).status_code == 405


def test_a_task_draws_it_after_publishing(site: SimpleNamespace, client: Client) -> None:
    published(site.news)
    assert get_card_address(site.news, client) == ""
    run_tasks(card_updates.draw_due_cards)
    assert get_card_address(site.news, client)


def test_another_title_has_another_address(news: NewsPage, client: Client) -> None:
    before = get_card_address(news, client)
    news.title = "Something else"
    publish(news)
    after = get_card_address(news, client)
    assert after != before
    # Who kept the old address is led to the new one, and its bytes are gone.
    assert client.get(before).headers["Location"] == after
    assert len(list_files(news)) == 1


def test_a_change_that_the_card_does_not_show_draws_nothing(
    news: NewsPage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = get_card_address(news, client)
    news.summary = "Something else."
    publish(news)
    monkeypatch.setattr(card_updates, "render_card", pytest.fail)
    draw(news)
    assert get_card_address(news, client) == before


def test_another_cover_of_a_report_is_on_its_announcement_too(
    site: SimpleNamespace, client: Client
) -> None:
    draw(site.report, site.news)
    before = get_card_address(site.report, client), get_card_address(site.news, client)
    site.report.cover = SiteImageFactory()
    publish(site.report)
    after = get_card_address(site.report, client), get_card_address(site.news, client)
    assert not {*before} & {*after}


def test_only_a_report_and_a_page_of_unknown_type_are_looked_for_in_announcements(
    site: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    for page in (site.news, site.person, site.standard):
        with django_assert_num_queries(0):
            assert card_updates.get_affected_pages(page) == {page.pk}
    for report in (site.report, Page.objects.get(pk=site.report.pk)):
        assert card_updates.get_affected_pages(report) == {site.report.pk, site.news.pk}


def test_another_portrait_is_on_the_page_of_its_person(
    site: SimpleNamespace, client: Client
) -> None:
    draw(site.person)
    before = get_card_address(site.person, client)
    site.person.person.portrait = SiteImageFactory()
    site.person.person.save()
    draw(site.person)
    assert get_card_address(site.person, client) != before


def test_another_name_of_the_site_is_on_all(news: NewsPage, client: Client) -> None:
    before = get_card_address(news, client)
    words = SiteSettings.for_site(news.get_site())
    words.name = "Another name"
    words.save()
    assert get_due_pages().filter(pk=news.pk).exists()
    draw(news)
    assert get_card_address(news, client) != before


def test_a_page_that_changes_while_its_card_is_drawn_is_drawn_again(
    news: NewsPage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    news.title = "First"
    published(news)
    render_card = card_updates.render_card

    def meanwhile(words: Any, picture: Any) -> bytes:
        monkeypatch.undo()
        later = NewsPage.objects.get(pk=news.pk)
        later.title = "Second"
        published(later)
        return render_card(words, picture)

    monkeypatch.setattr(card_updates, "render_card", meanwhile)
    draw(news)
    draw(news)
    assert "Second" in Card.objects.get(page=news).alt


@pytest.mark.parametrize("state", HIDDEN)
def test_the_card_of_a_hidden_page_is_not_found(
    site: SimpleNamespace, client: Client, state: str
) -> None:
    page = NewsPageFactory(parent=site.news_index, title="Hidden")
    draw(page)
    kept = get_card_address(page, client)
    assert client.get(kept).status_code == 200
    if state in ("draft", "scheduled"):
        page.unpublish()
    HIDDEN[state](page)
    draw(page)
    assert client.get(kept).status_code == 404


def test_a_card_is_deleted_with_its_page(news: NewsPage, client: Client) -> None:
    kept = get_card_address(news, client)
    assert list_files(news)
    with TestCase.captureOnCommitCallbacks(execute=True):
        news.unpublish()
    assert not list_files(news)
    publish(news)
    assert list_files(news)
    with TestCase.captureOnCommitCallbacks(execute=True):
        NewsPage.objects.get(pk=news.pk).delete()
    assert not list_files(news)
    assert client.get(kept).status_code == 404


@pytest.mark.parametrize("title", ["مستشفى برمنغهام", "Łódź", "Z̸͎a̴l̷g̵o"])
def test_characters_without_a_glyph_make_no_card(
    site: SimpleNamespace, client: Client, title: str
) -> None:
    page = NewsPageFactory(parent=site.news_index, title=title, slug="other")
    draw(page)
    assert get_card_address(page, client) == ""
    assert not get_due_pages().filter(pk=page.pk).exists()
    assert client.get(f"/cards/{page.pk}-0.jpg").status_code == 404


def test_a_card_that_fails_does_not_stop_the_others(
    site: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_updates, "render_card", lambda *_: 1 / 0)
    publish(site.news)
    draw(site.news)
    assert client.get(site.news.get_url()).status_code == 200
    assert get_card_address(site.news, client) == ""
    monkeypatch.undo()
    call_command("draw_cards")
    assert get_card_address(site.news, client)


def test_the_command_draws_all_anew(
    news: NewsPage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_all()
    seen = []
    render_card = card_updates.render_card
    monkeypatch.setattr(
        card_updates, "render_card", lambda *args: seen.append(1) or render_card(*args)
    )
    call_command("draw_cards", missing=True)
    assert not seen
    call_command("draw_cards")
    assert len(seen) == Card.objects.count()
    default_storage.delete(Card.objects.get(page=news.pk).path)
    assert client.get(get_card_address(news, client)).status_code == 404
    call_command("draw_cards")
    assert client.get(get_card_address(news, client)).status_code == 200


@pytest.mark.parametrize("wrong", ["99999999-0", f"{'9' * 30}-0", "0-0"])
def test_there_are_no_other_addresses(site: SimpleNamespace, client: Client, wrong: str) -> None:
    assert client.get(f"/cards/{wrong}.jpg").status_code == 404


def test_a_quote_is_whole_or_left_to_its_page(site: SimpleNamespace) -> None:
    short = QuotePageFactory(parent=site.news, words="A few words.", name="Jo Lee")
    assert short.card_text[1] == "“A few words.”"
    long = QuotePageFactory(parent=site.news, words="Many words. " * 60, name="Jo Lee")
    assert long.card_text[1].startswith("Jo Lee")
    assert "…" not in "".join(long.card_text)


def test_a_page_is_withheld_although_its_card_cannot_be_deleted(
    news: NewsPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(name: str) -> None:
        raise StorageUnavailable("The object storage does not answer.")

    monkeypatch.setattr(default_storage, "listdir", fail)
    before = cache_version.current
    with TestCase.captureOnCommitCallbacks(execute=True):
        unpublish(news)
    assert cache_version.minimum_for_pages > before
    assert "The object storage does not answer." in caplog.text
