"""What the body of a page can be made of, as visitors read it and search finds it."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.html import strip_tags
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError
from wagtail.models import Page

from bhp_site.core.blocks import HighlightsBlock, StoryBlock, VideoBlock, get_plain_text
from bhp_site.home.models import StandardPage
from news.blocks import NewsStoryBlock
from news.models import NewsPage

from ..factories import (
    SiteDocumentFactory,
    SiteImageFactory,
    StandardPageFactory,
    png_bytes,
)
from ..images import get_image_url
from ..pages import get_html

TABLE = {
    "caption": "Members by kind",
    "table": {
        "columns": [{"type": "text", "heading": "Kind"}, {"type": "number", "heading": "Members"}],
        "rows": [{"values": ["NHS trusts", "6"]}, {"values": ["Universities", "2"]}],
        "caption": "",
    },
    "row_headers": True,
}
FIGURES = [
    {
        "type": "item",
        "value": {"number": "573", "text": "trials", "source": "NIHR, 2025"},
        "id": "f",
    },
]
VIDEO = {"title": "How a trial starts", "url": "https://www.video.example/1", "text": "Captioned."}


def make_page_with(home: Page, *blocks: tuple[str, Any]) -> StandardPage:
    body = [{"type": kind, "value": value} for kind, value in blocks]
    page: StandardPage = StandardPageFactory(parent=home, title="Every block", body=body)
    return page


def build_figure(image: Any, **more: Any) -> tuple[str, Any]:
    picture = {"image": image.pk, "alt_text": "Discs overlap", "decorative": False}
    return "figure", {"image": picture | more, "caption": "The partnership"}


def get_one_line(client: Client, page: Page) -> str:
    return " ".join(get_html(client, page).split())


def test_a_heading_can_be_linked_to(home: Page, client: Client) -> None:
    page = make_page_with(home, ("heading", "Health inequalities"))
    assert '<h2 id="health-inequalities">Health inequalities</h2>' in get_one_line(client, page)


def test_text_keeps_its_emphasis(home: Page, client: Client) -> None:
    page = make_page_with(home, ("paragraph", "<p>Planned <b>together</b>.</p>"))
    assert "<p>Planned <b>together</b>.</p>" in get_one_line(client, page)


def test_a_figure_has_caption_credit_and_description(home: Page, client: Client) -> None:
    text = get_one_line(
        client, make_page_with(home, build_figure(SiteImageFactory(credit="Drawn by us")))
    )
    assert 'alt="Discs overlap"' in text
    assert "The partnership" in text
    assert "Drawn by us" in text


def test_a_figure_for_decoration_is_passed_over(home: Page, client: Client) -> None:
    text = get_one_line(
        client, make_page_with(home, build_figure(SiteImageFactory(), alt_text="", decorative=True))
    )
    assert 'alt=""' in text


def test_a_figure_whose_picture_is_gone_leaves_no_hole(home: Page, client: Client) -> None:
    image = SiteImageFactory()
    page = make_page_with(home, build_figure(image), ("heading", "What follows"))
    image.delete()
    text = get_one_line(client, page)
    assert "<figure" not in text
    assert "What follows" in text


@pytest.mark.parametrize(
    "more, name",
    [
        ({}, "Enlarge image: Discs overlap"),
        ({"alt_text": "", "decorative": True}, "Enlarge image"),
    ],
)
def test_a_large_figure_can_be_enlarged(
    home: Page, client: Client, more: dict[str, Any], name: str
) -> None:
    image = SiteImageFactory(file=ContentFile(png_bytes(size=(900, 600)), name="large.png"))
    text = get_one_line(client, make_page_with(home, build_figure(image, **more)))
    found = re.findall(r'<a class="enlarge" href="([^"]+)">(.*?)</a>', text)
    assert [(address, strip_tags(words)) for address, words in found] == [
        (get_image_url(image), name)
    ]
    assert client.get(get_image_url(image)).status_code == 200


def test_a_small_figure_cannot(home: Page, client: Client) -> None:
    image = SiteImageFactory(file=ContentFile(png_bytes(size=(700, 400)), name="small.png"))
    assert 'class="enlarge"' not in get_html(client, make_page_with(home, build_figure(image)))


def test_a_download_says_format_and_size(home: Page, client: Client) -> None:
    document = SiteDocumentFactory(title="Plan")
    page = make_page_with(home, ("download", {"document": document.pk, "label": "the plan"}))
    text = get_one_line(client, page)
    assert '<a href="/documents/plan.pdf">Download the plan <span class="nb">(PDF, 1 KB)' in text
    assert "1 page" in text


def test_a_download_whose_file_is_gone_leaves_no_hole(home: Page, client: Client) -> None:
    document = SiteDocumentFactory()
    page = make_page_with(home, ("download", {"document": document.pk, "label": "the plan"}))
    document.delete()
    assert "the plan" not in get_one_line(client, page)


def test_key_figures_have_their_source(home: Page, client: Client) -> None:
    text = get_one_line(client, make_page_with(home, ("key_figures", FIGURES)))
    assert "573" in text
    assert "Source: NIHR, 2025" in text


def test_a_table_names_its_rows_and_columns(home: Page, client: Client) -> None:
    text = get_one_line(client, make_page_with(home, ("table", TABLE)))
    assert "Members by kind</caption>" in text
    assert '<th scope="col">Kind</th><th scope="col" class="number">Members</th>' in text
    assert '<th scope="row">NHS trusts</th>' in text
    assert '<td class="number">6</td>' in text


@pytest.mark.parametrize("count, css", [(2, "columns-2"), (5, "columns-5"), (6, "columns-many")])
def test_a_table_says_that_it_scrolls(home: Page, client: Client, count: int, css: str) -> None:
    columns = [{"type": "text", "heading": f"Column {number}"} for number in range(count)]
    rows = [{"values": ["Cell"] * count}]
    table = TABLE | {"table": {"columns": columns, "rows": rows, "caption": ""}}
    text = get_one_line(client, make_page_with(home, ("table", table)))
    assert (
        f'<div class="table {css}"> <p class="scroll-hint" aria-hidden="true">Scroll sideways'
        in text
    )
    region = re.search(r'<div class="data-table" role="region" aria-labelledby="([^"]+)"', text)
    assert region is not None
    assert f'<caption id="{region[1]}">Members by kind</caption>' in text
    styles = (settings.BASE_DIR / "static/css/site.css").read_text()
    if count > 2:
        assert f".{css} .scroll-hint {{ display: block; }}" in styles


def test_a_table_may_have_no_row_names(home: Page, client: Client) -> None:
    text = get_one_line(client, make_page_with(home, ("table", TABLE | {"row_headers": False})))
    assert 'scope="row"' not in text


def test_a_video_loads_nothing_from_elsewhere(home: Page, client: Client) -> None:
    text = get_one_line(client, make_page_with(home, ("video", VIDEO)))
    assert "Watch How a trial starts (video on video.example)" in text
    assert "<iframe" not in text
    assert "<video" not in text


def test_a_video_is_linked_to_safely_or_not_at_all() -> None:
    block = VideoBlock()
    assert block.clean(block.to_python(VIDEO))["url"] == VIDEO["url"]
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(VIDEO | {"url": "http://video.example/1"}))
    assert "url" in refused.value.block_errors


def test_six_highlights_are_enough() -> None:
    block = HighlightsBlock()
    seven = [{"type": "highlight", "value": {"heading": "Aim", "text": "Words."}}] * 7
    assert len(block.clean(block.to_python(seven[:6]))) == 6
    with pytest.raises(StreamBlockValidationError):
        block.clean(block.to_python(seven))


@pytest.mark.parametrize("name", NewsStoryBlock().child_blocks)
def test_every_block_can_be_previewed(admin_client: Client, name: str) -> None:
    block = NewsPage.body.field.stream_block.child_blocks[name]
    response = admin_client.get(f"/admin/block-preview/?id={block.definition_prefix}")
    assert response.status_code == 200
    words = strip_tags(response.text.partition('class="prose preview"')[2])
    assert len(words.split()) > 1


def test_search_reads_the_words_alone(db: None) -> None:
    body = StoryBlock().to_python(
        [
            {"type": "heading", "value": "Aims", "id": "hidden-id"},
            {"type": "paragraph", "value": "<p>One &amp; <b>two</b></p>"},
            {"type": "table", "value": TABLE},
            {"type": "key_figures", "value": FIGURES},
            {"type": "video", "value": VIDEO},
        ]
    )
    words = get_plain_text(body)
    for found in ("Aims", "One & two", "NHS trusts", "NIHR, 2025", "Captioned."):
        assert found in words
    for hidden in ("hidden-id", "https://", "paragraph", "<"):
        assert hidden not in words
