"""What becomes of a clipboard's HTML."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from bhp_site.pasting.block_data import build_stored_blocks
from bhp_site.pasting.notes import describe_changes
from bhp_site.pasting.reader import MAX_STYLE_CHARACTERS, get_style, read_clipboard

from . import clipboards

STORY = ("heading", "paragraph", "table")
CHAPTER = (*STORY, "subheading")

GOOGLE = "https://www.google.com/url?q=https://example.org/"


def build_table(columns: list[str], *rows: list[str]) -> tuple[str, Any]:
    return (
        "table",
        {
            "caption": "",
            "table": {
                "columns": [{"type": "text", "heading": heading} for heading in columns],
                "rows": [{"values": row} for row in rows],
                "caption": "",
            },
            "row_headers": False,
        },
    )


FOOTNOTE = (
    "<p>Waiting times fell[1] in all <b>nine</b> hospitals.</p><p>[1] Our own count, March.</p>"
)

CASES: dict[str, tuple[str, list[tuple[str, Any]]]] = {
    "Word: a footnote mark is no link": (clipboards.WORD_FOOTNOTE, [("paragraph", FOOTNOTE)]),
    "Word: headings are blocks": (
        clipboards.WORD_HEADINGS,
        [
            ("heading", "A plan for the region"),
            ("heading", "Why now"),
            ("paragraph", "<p>More people live with several conditions.</p>"),
            ("heading", "What it costs"),
            ("paragraph", "<p>Less than waiting.</p>"),
        ],
    ),
    "Word: its lists are lists": (
        clipboards.WORD_LIST,
        [
            (
                "paragraph",
                "<p>We will:</p><ul><li>train nurses<ul><li>at night</li></ul></li>"
                "<li>share data</li></ul><ol><li>First</li></ol>",
            )
        ],
    ),
    "Word: a table is a table": (
        clipboards.WORD_TABLE,
        [build_table(["Hospital", "Beds"], ["North", "120"], ["South", "95"])],
    ),
    "Word: deletions and comments stay out": (
        clipboards.WORD_CHANGES,
        [("paragraph", "<p>The trial recruited 412 people.</p>")],
    ),
    "Google Docs: only what is bold is bold, and links are direct": (
        clipboards.GOOGLE_LINK,
        [
            (
                "paragraph",
                '<p>Read <a href="https://example.org/plan?a=1&amp;b=2">the plan</a> of the '
                "<b><i>whole</i></b> region.</p>",
            )
        ],
    ),
    "Google Docs: suggestions and comments": (
        clipboards.GOOGLE_SUGGESTION,
        [("heading", "Next steps"), ("paragraph", "<p>We meet in June.</p>")],
    ),
    "Google Docs: merged cells": (
        clipboards.GOOGLE_TABLE,
        [build_table(["Year", "Grants"], ["2024", "3"], ["", "4"])],
    ),
    "Outlook: a layout table is text, Safe Links are direct": (
        clipboards.OUTLOOK,
        [
            (
                "paragraph",
                '<p>Dear colleague,</p><p>see <a href="https://example.org/report">the report</a>'
                ".</p>",
            )
        ],
    ),
    "Pages": (
        clipboards.PAGES,
        [("paragraph", "<p><b>Why research matters</b></p><p>It shortens the way. Always.</p>")],
    ),
    "LibreOffice": (
        clipboards.LIBREOFFICE,
        [
            ("heading", "Findings"),
            (
                "paragraph",
                "<p>Numbers rose[1] by four.</p><ul><li>One<ul><li>Deep</li></ul></li>"
                "<li>Two</li></ul>",
            ),
            build_table(["Year", "Cases"], ["2024", "7"]),
            ("paragraph", "<p>[1] Own count.</p>"),
        ],
    ),
    "two line breaks end a paragraph": (
        "<div>One<br>two<br><br>three</div>",
        [("paragraph", "<p>One<br/>two</p><p>three</p>")],
    ),
    "what looks like a tag stays text": (
        "<p>Is p &lt; 0.05 &amp; n &gt; 3?</p>",
        [("paragraph", "<p>Is p &lt; 0.05 &amp; n &gt; 3?</p>")],
    ),
    "a script is no text": (
        "<script>alert(1)</script><p onclick=x()>Yes</p>",
        [("paragraph", "<p>Yes</p>")],
    ),
    "a link that cannot be read": ('<p><a href="http://[">x</a></p>', [("paragraph", "<p>x</p>")]),
    "a script's address": ('<p><a href="javascript:x()">x</a></p>', [("paragraph", "<p>x</p>")]),
    "a heading in a link": ('<a href="https://example.org/"><h2>A</h2></a>', [("heading", "A")]),
    "a heading without words": ("<h1><br></h1><p>x</p>", [("paragraph", "<p>x</p>")]),
    "nothing": ("<p> \xa0</p><p></p>", []),
    "a table in a table": (
        "<table><tr><td>a</td><td><table><tr><td>b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr>"
        "</table></td></tr><tr><td>f</td><td>g</td></tr></table>",
        [build_table(["a", "b c d e"], ["f", "g"])],
    ),
    "a span that no table has": (
        "<table><tr><td colspan=99999999>a</td></tr>"
        "<tr><td rowspan=x>b</td><td>c</td></tr></table>",
        [("paragraph", "<p>a</p><p>b</p><p>c</p>")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("html, expected", CASES.values(), ids=CASES)
def test_a_paste_becomes_blocks(html: str, expected: list[tuple[str, Any]]) -> None:
    assert build_stored_blocks(read_clipboard(html).blocks, STORY) == expected


def test_a_chapter_has_smaller_headings() -> None:
    blocks = build_stored_blocks(read_clipboard(clipboards.WORD_HEADINGS).blocks, CHAPTER)
    assert [name for name, _ in blocks][3] == "subheading"


def test_a_field_without_blocks_gets_bold_text_and_rows() -> None:
    assert build_stored_blocks(read_clipboard(clipboards.LIBREOFFICE).blocks, ()) == [
        (
            "paragraph",
            "<p><b>Findings</b></p><p>Numbers rose[1] by four.</p><ul><li>One<ul><li>Deep</li></ul>"
            "</li><li>Two</li></ul><p>Year; Cases</p><p>2024; 7</p><p>[1] Own count.</p>",
        )
    ]


def test_a_long_heading_is_bold_text() -> None:
    pasted = read_clipboard(f"<h1>{'a word ' * 30}</h1>")
    ((name, html),) = build_stored_blocks(pasted.blocks, STORY)
    assert name == "paragraph"
    assert html.startswith("<p><b>a word")
    assert "too long" in describe_changes(pasted, STORY)


def test_lists_have_an_end() -> None:
    levels = "".join(f"<p style='mso-list:l0 level{level} lfo1'>x</p>" for level in range(1, 2000))
    ((_, html),) = build_stored_blocks(read_clipboard(levels).blocks, STORY)
    assert html.count("<ul>") == 9


@pytest.mark.parametrize("start, end", [("<div>", "</div>"), ("<table><tr><td>", "</table>")])
def test_deep_nesting_is_read_at_once(start: str, end: str) -> None:
    pasted = read_clipboard(start * 500 + "deep" + end * 500)
    assert build_stored_blocks(pasted.blocks, STORY) == [("paragraph", "<p>deep</p>")]


@pytest.mark.parametrize(
    "html, told",
    [
        (clipboards.WORD_FOOTNOTE, "2 footnote marks are now plain text."),
        (clipboards.WORD_HEADINGS, "3 headings became heading blocks."),
        (clipboards.GOOGLE_SUGGESTION, "1 heading became a heading block."),
        (clipboards.WORD_TABLE, "1 table became a table block. Write a caption"),
        (
            f"<table>{'<tr>' + '<td>1</td>' * 41 + '</tr>'}<tr></tr></table>",
            "1 table was too large",
        ),
        ("<table>" + "<tr><td>1</td><td>2</td></tr>" * 501 + "</table>", "1 table was too large"),
        (clipboards.WORD_CHANGES, "Deleted or struck-out text was left out in 1 place."),
        (clipboards.GOOGLE_LINK, "1 link led through another site. It now leads straight to http"),
        (
            "<p>" + "".join(f'<a href="{GOOGLE}{n}">x</a>' for n in range(5)) + "</p>",
            "5 links led through other sites. They now lead straight to https://example.org/0, "
            "https://example.org/1, https://example.org/2 and 2 more – check them.",
        ),
        (clipboards.OUTLOOK, "1 image was left out"),
        (clipboards.PAGES, "1 line in bold looks like a heading"),
        ('<p><a href="/admin/pages/3/">x</a></p>', "1 link was removed"),
    ],
)
def test_the_editor_is_told(html: str, told: str) -> None:
    assert told in describe_changes(read_clipboard(html), STORY)


@pytest.mark.parametrize(
    "html", ["<p>Only words.</p>", '<p><a href="https://example.org/">x</a></p>']
)
def test_nothing_is_told_of_text_that_is_as_it_was(html: str) -> None:
    assert describe_changes(read_clipboard(html), STORY) == ""


def test_the_editors_script_gets_the_state_of_each_block(editor_client: Client) -> None:
    form = {"html": clipboards.LIBREOFFICE, "kinds": list(STORY)}
    answer = editor_client.post("/admin/pasted/", form).json()
    assert [part["type"] for part in answer["parts"]] == [
        "heading", "paragraph", "table", "paragraph",
    ]  # fmt: skip
    assert answer["parts"][0]["value"] == "Findings"
    assert '"blocks"' in answer["parts"][1]["value"]
    assert answer["parts"][2]["value"]["table"]["columns"][0]["heading"] == "Year"
    assert answer["note"]


def test_only_editors_may_ask(client: Client, db: None, editor_client: Client) -> None:
    assert client.post("/admin/pasted/", {"html": "<p>x</p>"}).status_code in (302, 403)
    assert editor_client.get("/admin/pasted/").status_code == 405


@pytest.mark.parametrize("html", ["x" * 2_000_001, "<b>" * 100_001])
def test_too_much_is_refused(editor_client: Client, html: str) -> None:
    assert editor_client.post("/admin/pasted/", {"html": html}).status_code == 413


def test_what_cannot_be_parsed_is_refused(editor_client: Client) -> None:
    assert editor_client.post("/admin/pasted/", {"html": "<![foo[ x"}).status_code == 400


@pytest.mark.parametrize("rows", [2, 600])
def test_cells_that_nothing_closes_are_read_once(rows: int) -> None:
    stored = build_stored_blocks(read_clipboard("<table>" + "<tr><td>a<td>b" * rows).blocks, STORY)
    text = "".join(value for _, value in stored)
    assert (text.count("a"), text.count("b")) == (rows, rows)


def test_a_style_is_read_up_to_a_length_that_takes_no_time() -> None:
    style = "text-decoration:" * 1000
    tag = BeautifulSoup(f'<p style="{style}">x</p>', "html.parser").p
    assert tag is not None
    assert len(get_style(tag)) == MAX_STYLE_CHARACTERS


def test_only_the_fragment_is_read() -> None:
    html = "a<!-- StartFragment --><p>b</p><!--EndFragment--><p>c</p><!--EndFragment-->d"
    assert build_stored_blocks(read_clipboard(html).blocks, STORY) == [
        ("paragraph", "<p>b</p><p>c</p>")
    ]
    assert read_clipboard("<!--StartFragment-->" * 2 + "<p>b</p>").blocks
