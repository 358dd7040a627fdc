"""The text for the press says what the page says, as HTML and as plain text."""

from typing import Any

from bs4 import BeautifulSoup

from bhp_site.press.release_text import BlockRenderer, build_release_text, render_rich_text
from news.blocks import NewsStoryBlock
from news.models import NewsPage

from ..factories import SiteImageFactory


def read(page: NewsPage, *blocks: tuple[str, Any], **options: Any) -> str:
    page.body = list(blocks)
    return build_release_text(page, **options).as_text


def test_every_block_has_a_form_for_the_press(site: Any) -> None:
    news = site.news
    blocks = {
        name: block.get_preview_value() for name, block in NewsStoryBlock().child_blocks.items()
    }
    blocks["quote"] = {"speaker": site.person.person, "words": "We did.", "name": "A"}
    blocks["figure"] = {"image": SiteImageFactory(), "caption": "Two hospitals."}
    blocks["download"] = {"document": site.document, "label": "Summary"}
    blocks["chosen_quote"] = site.quote
    news.body = list(blocks.items())
    for block in news.body:
        piece = BlockRenderer(news).render(block)
        assert piece is not None, block.block_type
        assert piece.text.strip()
        html = BeautifulSoup(piece.html, "html.parser")
        for part in html.stripped_strings:
            first_word = part.split()[0]
            assert first_word in piece.text


def test_rich_text_keeps_lists_and_the_addresses_of_links(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://example.org"
    source = (
        '<p>See <a href="https://example.org/a?b=1&amp;c=2">the site</a> and '
        '<a href="/reports/">reports</a>.<br/>A line.</p><p></p>'
        "<ol><li>First</li><li>Second<ul><li>Deep</li></ul></li></ol><ul><li>Item</li></ul>"
        '<p>Write to <a href="mailto:press@example.org">press@example.org</a> &lt;now&gt;.</p>'
    )
    piece = render_rich_text(source)
    assert piece.text == (
        "See the site (https://example.org/a?b=1&c=2) and reports (https://example.org/reports/).\n"
        "A line.\n\n1. First\n2. Second\n- Deep\n\n- Item\n\n"
        "Write to press@example.org <now>."
    )
    assert 'href="https://example.org/reports/"' in piece.html
    assert "&lt;now&gt;" in piece.html


def test_rich_text_keeps_nothing_that_runs() -> None:
    piece = render_rich_text('<p onclick="x()">A<script>alert(1)</script><embed src="x">B</p>')
    assert "onclick" not in piece.html
    assert "<script" not in piece.html
    assert "<embed" not in piece.html


def test_the_embargo_comes_first_and_the_address_only_after_it(site: Any) -> None:
    text = read(site.news, ("paragraph", "<p>It is out.</p>"), embargo="Under embargo until noon.")
    assert text.startswith(f"Under embargo until noon.\n\n{site.news.title}\n\n")
    assert site.news.get_url() not in text
    assert read(site.news).endswith(f"{site.news.full_url}\n")


def test_an_unpublished_quote_and_an_unfinished_chart_are_left_out(site: Any) -> None:
    site.quote.unpublish()
    chart = {"title": "T", "kind": "bar", "figures": "nothing", "unit": ""}
    text = read(site.news, ("chosen_quote", site.quote), ("chart", chart))
    assert site.quote.name not in text
    assert "nothing" not in text
