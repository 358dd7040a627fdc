"""Rich text that several people open in the editor at once."""

import json
from collections.abc import Callable

import pytest
from django.forms import Widget
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.rich_text.converters.html_to_contentstate import HtmlToContentStateHandler

from bhp_site.core.blocks import RICH_TEXT, ParagraphBlock
from reports.drafts import clean_html

MINE = "<p>Mine</p><p>begins <b>here</b> and ends here.</p>"
THEIRS = "<p>Theirs</p>"


def get_texts(widget: Widget, html: str) -> list[str]:
    """Return the paragraphs that `widget` gives Draftail for `html`."""
    return [block["text"] for block in json.loads(widget.format_value(html))["blocks"]]


def interrupt(monkeypatch: pytest.MonkeyPatch, other: Callable[[], object]) -> list[object]:
    """Call `other` when half a text has been parsed, as another thread may; return its result."""
    results: list[object] = []
    parse_data = HtmlToContentStateHandler.handle_data

    def handle_data(self: HtmlToContentStateHandler, data: str) -> None:
        parse_data(self, data)
        if "begins" in data:
            results.append(other())

    monkeypatch.setattr(HtmlToContentStateHandler, "handle_data", handle_data)
    return results


@pytest.mark.parametrize(
    "widget",
    [
        pytest.param(get_rich_text_editor_widget("default", RICH_TEXT), id="field"),
        pytest.param(ParagraphBlock().field.widget, id="block"),
    ],
)
def test_an_editor_sees_the_words_of_their_page_alone(
    widget: Widget, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = get_texts(widget, MINE)
    others = interrupt(monkeypatch, lambda: get_texts(widget, THEIRS))
    assert get_texts(widget, MINE) == expected == ["Mine", "begins here and ends here."]
    assert others == [["Theirs"]]


def test_drafts_made_at_once_have_their_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = clean_html(MINE)
    others = interrupt(monkeypatch, lambda: "Theirs" in clean_html(THEIRS))
    # The keys of the paragraphs are new each time.
    assert len(clean_html(MINE)) == len(expected)
    assert others == [True]
