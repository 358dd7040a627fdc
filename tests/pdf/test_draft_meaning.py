"""What a PDF means stays in its draft, and what is left out or uncertain has a note."""

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from bhp_site.pdf.drafting.superscripts import FRACTION, POWER_OR_NOTE, interpret_raised

from .drafts import (
    FRACTION as SLASH,
)
from .drafts import (
    Node,
    Text,
    draft_blocks,
    draft_chapters,
    draft_notes,
    draft_titles,
    heading,
    line,
    node,
    on_page,
    p,
    set_out,
)
from .pdfs import make_part, make_tagged, with_font

LONG = (
    "Review often means that confidential information is gathered and kept. The committee is to "
    "write agreements for regional teams, and each member signs one before taking part."
)


def draft_html(pdf: Pdf) -> str:
    return "".join(block["html"] for block in draft_blocks(pdf))


# Running heads.


def make_numbered_pages(kind: str, words: str, first: int = 1) -> list[Node]:
    """Return eight pages, each with a line at its head and a paragraph of its own."""
    return [
        on_page(number, one)
        for number in range(1, 9)
        for one in (
            node(kind, Text(words.format(number=number + first - 1), y=800)),
            p(f"Words of page {number}.", y=400),
        )
    ]


def test_numbered_headings_at_the_head_of_pages_are_chapters() -> None:
    pdf = set_out(*make_numbered_pages("H2", "Recommendation {number}"), pages=8)
    assert draft_titles(pdf) == [f"Recommendation {number}" for number in range(1, 9)]
    assert not draft_notes(pdf)


def test_a_running_head_is_left_out_with_a_note() -> None:
    pdf = set_out(*make_numbered_pages("P", "Report of activity | {number}"), pages=8)
    assert "Report" not in draft_html(pdf)
    assert "Report of activity | 1” (pages 1–8)" in draft_notes(pdf)


def test_page_numbers_alone_are_left_out_without_one() -> None:
    pdf = set_out(*make_numbered_pages("P", "{number}", first=5), pages=8)
    assert "<p>5</p>" not in draft_html(pdf)
    assert not draft_notes(pdf)


def test_lines_whose_numbers_do_not_count_pages_stay() -> None:
    steps = [
        on_page(2 * number, one)
        for number in range(1, 6)
        for one in (p(f"Step {number}", y=800), p("Do it.", y=400))
    ]
    assert "Step 5" in draft_html(set_out(*steps, pages=10))


def test_the_only_line_of_pages_stays() -> None:
    pdf = set_out(loose=tuple(Text(f"Divider {n}", y=800, page=n) for n in range(1, 6)), pages=5)
    del pdf.Root.StructTreeRoot
    assert draft_html(pdf).count("Divider") == 5


def test_a_heading_repeated_on_each_page_stays_once() -> None:
    pdf = set_out(*make_numbered_pages("H2", "Annual report"), pages=8)
    assert draft_titles(pdf) == ["Annual report"]
    assert "“Annual report” (pages 2–8)" in draft_notes(pdf)


def test_a_large_heading_that_is_repeated_stays_with_a_note() -> None:
    cases = [
        on_page(number, one)
        for number in range(1, 5)
        for one in (
            heading(2, "Case study", y=790, size=20),
            p(f"The case of page {number} in some words.", y=400),
        )
    ]
    pdf = set_out(*cases, pages=4)
    assert draft_titles(pdf) == ["Case study"] * 4
    assert "repeated at the top or bottom of pages" in draft_notes(pdf)


# Chapters.


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_a_chapter_keeps_its_only_short_paragraph(is_wrapped: bool) -> None:
    first = heading(1, "Complaints")
    pdf = set_out(
        node("Div", first) if is_wrapped else first,
        p("None received", y=760),
        heading(1, "Serious incidents", y=740),
        p("Three incidents were investigated.", y=720),
        heading(1, "Third", y=700),
        p("Words", y=680),
    )
    assert draft_chapters(pdf)[0]["blocks"][0]["html"] == "<p>None received</p>"
    assert len(draft_chapters(pdf)[1]["blocks"]) == 1


def test_a_line_above_a_heading_in_a_section_of_its_own_goes_with_it() -> None:
    sections = [
        node("Sect", p(f"Part {number}", y=y), heading(1, title, y=y - 20), p("Words", y=y - 40))
        for number, title, y in (("one", "Births", 780), ("two", "Deaths", 600))
    ]
    assert "Part two" in draft_chapters(set_out(*sections))[1]["blocks"][0]["html"]


def test_a_chapter_without_text_stays_with_a_note() -> None:
    pdf = set_out(heading(1, "Part one"), heading(1, "Births", y=700), p("Words", y=600))
    assert draft_titles(pdf) == ["Part one", "Births"]
    assert draft_chapters(pdf)[0]["blocks"][0]["kind"] == "note"
    assert "The PDF has no text after this heading" in draft_notes(pdf)


def test_a_tagged_list_of_contents_is_dropped_without_a_note() -> None:
    entries = [
        node("TOCI", node("Reference", Text(f"{title} ........ {number}", y=760 - number)))
        for number, title in enumerate(("Births", "Deaths"), 4)
    ]
    pdf = set_out(
        heading(1, "Contents"),
        node("TOC", *entries, node("TOC", node("TOCI", Text("Inner ... 5", y=740)))),
        heading(1, "Births", y=700),
        p("Words", y=680),
    )
    assert draft_titles(pdf) == ["Births"]
    assert [block["html"] for block in draft_blocks(pdf)] == ["<p>Words</p>"]
    assert not draft_notes(pdf)


@pytest.mark.parametrize("kind", ["P", "H2"])
def test_the_title_of_a_list_of_contents_goes_with_it(kind: str) -> None:
    pdf = set_out(
        heading(1, "Report"),
        node(kind, Text("Contents", y=760)),
        node("TOC", node("TOCI", Text("Births ... 4", y=740))),
        heading(1, "Births", y=700),
        p("Words", y=680),
    )
    assert "Contents" not in str(draft_chapters(pdf))


def test_typed_lines_of_dotted_leaders_are_left_out_with_a_note() -> None:
    lines = [p(f"Chapter {n} {'.' * 20} {n}", y=780 - 15 * n) for n in range(1, 5)]
    pdf = set_out(heading(1, "Contents"), *lines, heading(1, "Births", y=600), p("Words", y=580))
    assert draft_titles(pdf) == ["Births"]
    assert "A table of contents was left out" in draft_notes(pdf)


def test_a_paragraph_tagged_as_a_heading_is_text() -> None:
    pdf = set_out(
        heading(1, "Findings"),
        p("One", y=760),
        heading(1, LONG, y=740),
        p("Two", y=720),
        heading(1, "Third", y=700),
        p("x", y=680),
    )
    assert draft_titles(pdf) == ["Findings", "Third"]
    assert LONG in draft_html(pdf)
    assert "very long for a heading" in draft_notes(pdf)


def chain(*headings: tuple[str, float, float]) -> Pdf:
    """Return a PDF of headings of level 1 as (words, size, height), each with a paragraph."""
    nodes = [
        one
        for words, size, y in headings
        for one in (heading(1, words, y=y, size=size), p("Words of it.", y=y - 20))
    ]
    return set_out(*nodes)


def test_levels_of_headings_that_are_all_alike_come_from_their_size() -> None:
    pdf = chain(("Births", 20, 780), ("At home", 14, 700))
    assert len(draft_titles(pdf)) == 2  # too few to say
    assert not draft_notes(pdf)
    pdf = chain(
        ("Births", 20, 780),
        ("At home", 14, 720),
        ("In hospital", 14.2, 660),
        ("Deaths", 20, 600),
        ("Early", 14, 540),
        ("By week", 12, 480),
    )
    assert draft_titles(pdf) == ["Births", "Deaths"]
    assert "tags all headings in the same way. Their levels were set by their size" in draft_notes(
        pdf
    )
    levels = [one["level"] for one in draft_blocks(pdf) if one["kind"] == "heading"]
    assert levels == [2, 2, 2, 3]


def test_levels_come_from_numbers_where_all_have_one_size() -> None:
    pdf = chain(
        ("1 Births", 12, 780), ("1.1 Home", 12, 720), ("1.2 Ward", 12, 660), ("2 Deaths", 12, 600)
    )
    assert draft_titles(pdf) == ["1 Births", "2 Deaths"]
    assert "set by their numbers" in draft_notes(pdf)


def test_levels_come_from_the_place_on_the_page_where_nothing_else_tells_them() -> None:
    nodes = [
        on_page(page, one)
        for page in (1, 2)
        for place in range(6)
        for one in (
            heading(1, f"Heading {'abcdef'[place]} of {page}", y=690 - 100 * place),
            p("Words", y=670 - 100 * place),
        )
    ]
    pdf = set_out(*nodes, pages=2)
    assert draft_titles(pdf) == ["Heading a of 1", "Heading a of 2"]
    assert "their place on the page" in draft_notes(pdf)


# Raised and lowered letters.


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["kg/m", ("2", 4), " or more"], "kg/m² or more"),
        (["10", ("9", 4), "/L cells"], "10⁹/L cells"),
        (["5 × 10", ("6", 4), " copies"], "5 × 10⁶ copies"),
        (["on 21", ("st", 4), " May"], "on 21st May"),
        (["Our register", ("3", 4), " says"], "Our register[3] says"),
        (["by 2019.", ("12", 4), " Then"], "by 2019.[12] Then"),
        (["in 2019", ("4", 4), " they"], "in 2019[4] they"),
        (["as found", ("1,2", 4), " twice"], "as found[1],[2] twice"),
        (["CO", ("2", -2), " rises"], "CO₂ rises"),
        (["H", ("2", -2), "O is water"], "H₂O is water"),
        (["Give ", ("1", 4), SLASH, ("4", -2), " tablet"], f"Give 1{SLASH}4 tablet"),
        (["Give 1", ("1", 4), SLASH, ("4", -2), " tablet"], f"Give 1 1{SLASH}4 tablet"),
        (["Give 1", ("1", 4), "/4 tablet"], "Give 1 1/4 tablet"),
        (["for 10", ("1", 4), "/2 hours"], "for 10 1/2 hours"),
        (["a ", ("3", 4), SLASH + "8 inch tube"], f"a 3{SLASH}8 inch tube"),
        (["at 37", ("o", 4), "C"], "at 37°C"),
        (["m s", ("-2", 4), " at sea"], "m s⁻² at sea"),
        (["Acme", ("TM", 4), " ward"], "Acme™ ward"),
        (["Ca", ("2+", 4), " ions"], "Ca²⁺ ions"),
        (["r", ("2", 4), " was"], "r² was"),
        (["in 14", ("a", 4), " cases"], "in 14ᵃ cases"),
    ],
)
def test_raised_and_lowered_letters_keep_their_meaning(
    parts: list[str | tuple[str, float]], text: str
) -> None:
    """Whether they are tagged with the words around them or by themselves."""
    texts = line(*parts)
    assert draft_html(set_out(node("P", *texts))) == f"<p>{text}</p>"
    spans = [node("Span", one) for one in texts]
    assert draft_html(set_out(node("P", *spans))) == f"<p>{text}</p>"
    untagged = set_out(loose=tuple(texts))
    del untagged.Root.StructTreeRoot
    assert draft_html(untagged) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("raised", "before", "after", "note"),
    [
        ("1", "Give 1", "/4 tablet", FRACTION),
        ("3", "of 9,500", " in all", POWER_OR_NOTE),
        ("1", "aged under 10", " were", POWER_OR_NOTE),
        ("2", "hepatitis B", " was", POWER_OR_NOTE),
        ("a", "Total", " of", "A raised letter here may be a footnote mark"),
        ("2", "kg/m", " was", ""),
        ("3", "our register", " was", ""),
    ],
)
def test_what_could_mean_two_things_has_a_note(
    raised: str, before: str, after: str, note: str
) -> None:
    found = interpret_raised(raised, before, after).note
    assert found.startswith(note) if note else not found


def test_a_fraction_has_a_note() -> None:
    pdf = set_out(node("P", *line("Give 1", ("1", 4), SLASH, ("4", -2), " tablet")))
    assert "Compare it with page 1" in draft_notes(pdf)


def make_drawn_figures() -> Pdf:
    """Return “11⁄4”, in whose font the second figure is drawn smaller, as for a numerator."""
    pdf = make_tagged(make_part("P", "x"))
    page = pdf.pages[0]
    heights = {"one": 700, "onenumerator": 400, "fraction": 700, "fourdenominator": 400}
    procedures = {
        name: Stream(pdf, b"500 0 0 0 400 %d d1 0 0 400 %d re f" % (height, height))
        for name, height in heights.items()
    }
    codes = b"4 beginbfchar <01> <0031> <02> <0031> <03> <2044> <04> <0034> endbfchar"
    page.Resources.Font.F = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=[0, 0, 500, 700],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        FirstChar=1,
        LastChar=4,
        Widths=[500] * 4,
        CharProcs=Dictionary({f"/{name}": one for name, one in procedures.items()}),
        Encoding=Dictionary(Differences=[1, *(Name(f"/{name}") for name in heights)]),
        ToUnicode=Stream(pdf, codes),
    )
    page.Contents = Stream(
        pdf, b"/P <</MCID 1>> BDC BT /F 12 Tf 50 700 Td (\x01\x02\x03\x04) Tj ET EMC"
    )
    return pdf


def test_a_numerator_is_told_from_a_whole_number_by_its_height() -> None:
    assert draft_html(make_drawn_figures()) == f"<p>1 1{SLASH}4</p>"


def test_figures_before_a_fraction_slash_that_look_alike_have_a_note() -> None:
    pdf = set_out(p(f"Give 11{SLASH}4 tablets"))
    assert "A fraction here" in draft_notes(pdf)


@pytest.mark.parametrize(
    ("before", "text"), [("see page ", "see page 12"), ("as we say ", "as we say [12]")]
)
def test_a_number_that_leads_within_the_file_may_name_a_place(before: str, text: str) -> None:
    pdf = set_out(node("P", Text(before), node("Reference", Text("12", x=150))))
    assert draft_html(pdf).replace("say[", "say [") == f"<p>{text}</p>"


# Parts of a page.


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_a_note_within_a_paragraph_does_not_split_it(is_wrapped: bool) -> None:
    note = node("Note", Text("1 We say so.", y=300))
    note = node("Span", note) if is_wrapped else note
    pdf = set_out(node("P", Text("Some later died,", y=700), note, Text("and others not.", y=685)))
    text, footnote = draft_blocks(pdf)
    assert text["html"] == "<p>Some later died, and others not.</p>"
    assert (footnote["kind"], footnote["text"]) == ("footnote", "[1] We say so.")


def test_a_note_within_an_item_follows_the_list() -> None:
    note = node("Note", Text("1 We say so.", y=300))
    body = node("LBody", Text("Some died,", y=700), note, Text("and others not.", y=685))
    item = node("LI", node("Lbl", Text("-", x=40)), body)
    found = draft_blocks(set_out(node("L", item)))
    assert [(one["kind"], one["html"] or one["text"]) for one in found] == [
        ("paragraph", "<ul><li>Some died, and others not.</li></ul>"),
        ("footnote", "[1] We say so."),
    ]


def test_a_note_between_two_halves_of_a_paragraph_follows_it() -> None:
    pdf = set_out(p("Some later died,"), node("Note", Text("1 So", y=300)), p("and not.", y=685))
    assert [one["kind"] for one in draft_blocks(pdf)] == ["paragraph", "footnote"]
    assert draft_html(pdf) == "<p>Some later died, and not.</p>"


def test_a_footnote_goes_to_the_chapter_of_its_mark() -> None:
    """Also where the PDF has all notes of a page at its end, below another chapter."""
    pdf = set_out(
        heading(1, "One"),
        node("P", *line("Our register", ("3", 4), " says so", y=760)),
        heading(1, "Two", y=740),
        node("P", *line("Another", ("4", 4), " word", y=720)),
        node("Note", Text("3 Of March", y=60)),
        node("Note", Text("4 Of May", y=50)),
        node("Note", Text("5 Of June", y=40)),
    )
    one, two = draft_chapters(pdf)
    assert [block["text"] for block in one["blocks"]] == ["", "[3] Of March"]
    assert [block["text"] for block in two["blocks"]] == ["", "[4] Of May", "[5] Of June"]
    assert one["blocks"][1]["note"] == (
        "In the PDF this footnote is below the chapter “Two” on page 1. It was moved to the "
        "chapter that refers to it."
    )
    assert not any(block["note"] for block in two["blocks"])


def test_words_moved_from_above_a_heading_have_a_note() -> None:
    pdf = set_out(
        node("Sect", heading(1, "One"), p("Text of one.", y=760)),
        node("Sect", p("Case study", y=740), heading(1, "Two", y=720), p("Text of two.", y=700)),
    )
    one, two = draft_chapters(pdf)
    assert [block["html"] for block in one["blocks"]] == ["<p>Text of one.</p>"]
    kicker, text = two["blocks"]
    assert (kicker["html"], text["html"]) == ("<p>Case study</p>", "<p>Text of two.</p>")
    assert kicker["note"] == (
        "In the PDF this text is above the title of the chapter. Here it comes after the title. "
        "Compare it with page 1."
    )
    assert not text["note"]


def test_braces_in_a_title_are_no_placeholders() -> None:
    pdf = set_out(
        heading(1, "One"),
        node("P", *line("Our register", ("3", 4), " says so", y=760)),
        heading(1, "{0} {page", y=740),
        p("More text.", y=720),
        node("Note", Text("3 Of March", y=60)),
    )
    assert "the chapter “{0} {page” on page 1" in draft_notes(pdf)
    assert draft_titles(pdf) == ["One", "{0} {page"]


@pytest.mark.parametrize(
    ("label", "html"),
    [
        ("•", "<ul><li>We act.</li></ul>"),
        ("o", "<ul><li>We act.</li></ul>"),
        ("1.", "<ol><li>We act.</li></ol>"),
        ("Aim A:", "<ul><li>Aim A: We act.</li></ul>"),
        ("2.1", "<ul><li>2.1 We act.</li></ul>"),
        ("1. First,", "<ol><li>First, We act.</li></ol>"),
        ("• Today", "<ul><li>Today We act.</li></ul>"),
    ],
)
def test_text_in_a_label_is_not_lost(label: str, html: str) -> None:
    item = node("LI", node("Lbl", Text(label, x=50)), node("LBody", Text("We act.", x=150)))
    assert draft_html(set_out(node("L", item))) == html


def test_text_nested_in_labels_alone_is_not_lost() -> None:
    items = [
        node("LI", node("Lbl", node("P", node("Span", Text(f"{number}. Item {number}", y=y)))))
        for number, y in ((1, 700), (2, 685))
    ]
    (block,) = draft_blocks(set_out(node("L", *items)))
    assert block["html"] == "<ol><li>Item 1</li><li>Item 2</li></ol>"
    assert not block["note"]


def test_numbers_that_a_list_skips_have_a_note() -> None:
    items = [
        node("LI", node("Lbl", Text(f"{number}.", y=y)), node("LBody", Text("Act", x=90, y=y)))
        for number, y in ((1, 700), (2, 685), (4, 670))
    ]
    assert "numbers of this list are not consecutive" in draft_notes(set_out(node("L", *items)))


@pytest.mark.parametrize("labels", [("a.", "b.", "c."), ("(i)", "(ii)", "(iii)"), ("A)", "B)")])
def test_letters_that_label_a_list_have_a_note(labels: tuple[str, ...]) -> None:
    items = [
        node("LI", node("Lbl", Text(label, y=y)), node("LBody", Text("Act", x=90, y=y)))
        for label, y in zip(labels, (700, 685, 670), strict=False)
    ]
    draft = set_out(node("L", *items))
    assert f"labelled “{labels[0]}” to “{labels[-1]}”. Here they are numbered." in draft_notes(
        draft
    )


def test_a_picture_within_a_paragraph_does_not_split_it_and_has_a_note() -> None:
    figure = node("Figure", Text("*", y=700, x=150), Alt="A star")
    pdf = set_out(node("P", Text("Before", y=700), figure, Text("and after", y=700, x=170)))
    text, picture = draft_blocks(pdf)
    assert text["html"] == "<p>Before and after</p>"
    assert "an image or formula is inside this text" in text["note"]
    assert picture["kind"] == "figure"
    pdf = set_out(node("P", figure, Text("after it", y=680)))
    assert [one["kind"] for one in draft_blocks(pdf)] == ["figure", "paragraph"]
    assert not draft_blocks(pdf)[1]["note"]


def test_typed_bullets_are_a_list() -> None:
    pdf = set_out(
        p("It does:", y=700),
        p("• research <b>", y=685),
        p("– of births", y=670),
        p("• audits.", y=655),
        p("It is small.", y=640),
        p("– a lone dash", y=600),
    )
    assert [block["html"] for block in draft_blocks(pdf)] == [
        "<p>It does:</p>",
        "<ul><li>research &lt;b&gt;<ul><li>of births</li></ul></li><li>audits.</li></ul>",
        "<p>It is small.</p>",
        "<p>– a lone dash</p>",
    ]


def test_bullets_typed_at_the_starts_of_lines_are_a_list() -> None:
    texts = [Text("It does:", y=700), Text("• one", y=685), Text("• two", y=670)]
    expected = ["<p>It does:</p>", "<ul><li>one</li><li>two</li></ul>"]
    assert [block["html"] for block in draft_blocks(set_out(node("P", *texts)))] == expected
    untagged = set_out(loose=tuple(texts))
    del untagged.Root.StructTreeRoot
    assert [block["html"] for block in draft_blocks(untagged)] == expected


def make_table(*rows: list[str], kind: str = "TD") -> Node:
    made = [
        node("TR", *(node(kind, Text(c, x=50 + 90 * x, y=600 - 15 * y)) for x, c in enumerate(row)))
        for y, row in enumerate(rows)
    ]
    return node("Table", *made)


@pytest.mark.parametrize(
    ("captions", "caption"),
    [
        (["Table 1"], "Table 1"),
        (["Table 1", "Births by week"], "Table 1: Births by week"),
        (["Table 1 Births by week"], "Table 1 Births by week"),
        (["Table A2. Births by week"], "Table A2. Births by week"),
        (["Table 1 shows births by week."], ""),
        (["Tables of births"], ""),
    ],
)
@pytest.mark.parametrize("kind", ["P", "H4"])
def test_a_caption_needs_no_sign_after_its_number(
    captions: list[str], caption: str, kind: str
) -> None:
    """Whether it is tagged as a paragraph or as a heading."""
    first, *others = captions
    pdf = set_out(
        node(kind, Text(first, y=650)),
        *(p(words, y=635) for words in others),
        make_table(["Week", "Births"], ["1", "14"]),
    )
    found = next(block for block in draft_blocks(pdf) if block["kind"] == "table")
    assert found["caption"] == caption


def test_a_caption_goes_to_what_it_names() -> None:
    figure = node("Figure", Text("*", y=700), Alt="A star")
    pdf = set_out(figure, p("Table 2 Births", y=650), make_table(["Week", "Births"], ["1", "14"]))
    assert [(one["kind"], one["caption"]) for one in draft_blocks(pdf)] == [
        ("figure", ""),
        ("table", "Table 2 Births"),
    ]


def test_the_labels_of_a_chart_are_one_paragraph_with_a_note() -> None:
    axis = [p(str(10 * n), y=500 + 20 * n, x=50) for n in range(5)]
    weeks = [p(f"Week {n}", y=480, x=70 + 50 * n) for n in range(5)]
    found = draft_blocks(set_out(p("A text.", y=700), *axis, *weeks, p("Another text.", y=300)))
    assert len(found) == 3
    assert found[1]["html"].startswith("<p>0; 10; 20;")
    assert "labels of a chart" in found[1]["note"]


def test_a_list_of_names_is_left_as_it_is() -> None:
    names = [p(f"Person {letter}", y=700 - 15 * n) for n, letter in enumerate("abcdefgh")]
    assert len(draft_blocks(set_out(*names))) == 8


def test_a_table_of_one_column_is_a_frame_around_words() -> None:
    pdf = set_out(p("Before", y=700), make_table(["First"], ["Second"]))
    assert [block["kind"] for block in draft_blocks(pdf)] == ["paragraph"] * 3
    assert "a table with one column" in draft_notes(pdf)
    roomy = make_table(["", "First"], ["", "Second"])
    assert {block["kind"] for block in draft_blocks(set_out(roomy))} == {"paragraph"}


def test_the_caption_of_a_frame_is_kept() -> None:
    framed = make_table(["First"], ["Second"])
    captioned = node("Table", node("Caption", Text("In short", y=650)), *framed.kids)
    assert draft_html(set_out(captioned)).startswith("<p>In short</p>")


def test_words_outside_of_cells_and_items_are_kept_with_a_note() -> None:
    cells = make_table(["Week", "Births"], ["1", "14"])
    row = node("TR", Text("beside a cell", y=500))
    loose = node("Table", Text("in a table", y=620), *cells.kids, row)
    items = node("L", Text("in a list", y=300), node("LI", node("LBody", Text("An item", y=280))))
    found = draft_blocks(set_out(loose, items, node("Table", Text("in nothing", y=200))))
    words = {one["html"] for one in found if "not to a cell or item" in one["note"]}
    assert words == {"<p>in a table beside a cell</p>", "<p>in a list</p>", "<p>in nothing</p>"}


# Words that are set aside.


def test_a_file_whose_words_are_all_set_aside_gives_its_text_with_a_note() -> None:
    aside = Text("The words of page 1."), Text("Other words.", page=2)
    pdf = set_out(node("P"), pages=2, aside=aside)
    assert draft_html(pdf) == "<p>The words of page 1.</p><p>Other words.</p>"
    assert "marks all its text as decoration" in draft_notes(pdf)


def test_a_page_whose_words_are_all_set_aside_is_kept_with_a_note() -> None:
    aside = tuple(Text(LONG, page=2, y=700 - at) for at in (0, 15))
    pdf = set_out(p("Tagged words."), pages=2, aside=aside)
    first, second = draft_blocks(pdf)
    assert first["html"] == "<p>Tagged words.</p>"
    assert "Review often means" in second["html"]
    assert "not in the reading order" in second["note"]


def test_a_running_head_that_is_set_aside_is_no_text() -> None:
    pdf = set_out(p("Tagged words."), pages=2, aside=(Text("Annual report", page=2, y=820),))
    assert draft_html(pdf) == "<p>Tagged words.</p>"
    assert not draft_notes(pdf)


def test_words_of_a_form_are_kept() -> None:
    assert draft_html(set_out(p("Sign here:"), node("Form", Text("Name", y=600)))) == (
        "<p>Sign here:</p><p>Name</p>"
    )


def test_a_font_without_positions_is_no_failure() -> None:
    """A font whose program is of no use has letters of no size."""
    assert isinstance(draft_chapters(with_font(b"none")), list)


def test_an_array_in_the_place_of_a_page_is_no_failure() -> None:
    pdf = set_out(p("Words"))
    pdf.Root.StructTreeRoot.K.K.append(Array([1, 2]))
    assert draft_html(pdf) == "<p>Words</p>"
