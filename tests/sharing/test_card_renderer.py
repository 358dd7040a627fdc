"""Words on a card are whole, whatever they are."""

import io

import pytest
from PIL import Image, ImageChops

from bhp_site.sharing import card_renderer
from bhp_site.sharing.card_renderer import TEXT_WIDTH, TITLE_SIZES, CardText, render_card
from bhp_site.sharing.text_layout import UnrenderableText, clean_text, fit_text, has_glyph

from ..hostile_strings import HOSTILE_STRINGS

NAME = "Birmingham Health Partners"


@pytest.mark.parametrize(
    "text",
    [
        "Genomics",
        "Report of Activity 2020 to 2022",
        "New partnership with ABHI places Birmingham at the forefront of healthtech innovation",
        "word " * 51,
        "W" * 255,
        "Pneumonoultramicroscopicsilicovolcanoconiosis and other long words",
    ],
)
def test_every_letter_is_there_and_in_its_place(text: str) -> None:
    block = fit_text(text, TEXT_WIDTH, 340, TITLE_SIZES, 650)
    assert "".join(block.lines).replace(" ", "") == text.replace(" ", "")
    assert block.height <= 340
    assert all(block.font.getlength(line) <= TEXT_WIDTH for line in block.lines)


def test_short_titles_are_large_and_no_word_is_broken_in_vain() -> None:
    assert fit_text("Genomics", TEXT_WIDTH, 340, TITLE_SIZES, 650).size == TITLE_SIZES[0]
    block = fit_text("Otorhinolaryngological research", TEXT_WIDTH, 340, TITLE_SIZES, 650)
    assert block.lines == ("Otorhinolaryngological", "research")
    assert block.size < TITLE_SIZES[0]


def test_text_that_does_not_fit_is_refused() -> None:
    with pytest.raises(UnrenderableText):
        fit_text("W" * 2000, TEXT_WIDTH, 340, TITLE_SIZES, 650)
    with pytest.raises(UnrenderableText):
        render_card(CardText(NAME, "", "W" * 255, "W" * 600), None)


@pytest.mark.parametrize(
    "text, written",
    [
        ("🎉 We won 🏆!", "We won !"),
        ("A\u202eB\u200bC\ufeff", "ABC"),
        ("Line\nafter\tline\r\n", "Line after line"),
        ("“Zoë’s café” – 50 % of £5 ½", "“Zoë’s café” – 50 % of £5 ½"),
        ("Zoe\u0308", "Zoë"),
        ("", ""),
        ("👩🏽‍⚕️", ""),
    ],
)
def test_optional_characters_without_a_glyph_are_left_out(text: str, written: str) -> None:
    assert clean_text(text) == written


def test_it_knows_which_glyphs_the_typeface_has() -> None:
    assert all(has_glyph(sign) for sign in "Aaéßœ“”–…€0")
    assert not any(has_glyph(sign) for sign in "ŁŵعШ字")


def test_no_string_breaks_a_card() -> None:
    made = 0
    for text in HOSTILE_STRINGS:
        try:
            card = render_card(CardText(NAME, text[:50], text[:255], text[:255]), None)
        except UnrenderableText:
            continue
        with Image.open(io.BytesIO(card)) as opened:
            assert opened.size == (1200, 630)
        made += 1
    assert made > len(HOSTILE_STRINGS) // 3


@pytest.mark.parametrize("size", [(40, 900), (900, 40), (1, 1), (640, 480)])
def test_a_picture_is_shown_whole(size: tuple[int, int]) -> None:
    picture = io.BytesIO()
    Image.new("RGB", size, "#ff0000").save(picture, "PNG")
    words = CardText(NAME, "Report", "A title", "2022")
    with Image.open(io.BytesIO(render_card(words, picture))) as card:
        red, green, _ = card.convert("RGB").split()
    shown = ImageChops.multiply(
        red.point(lambda value: 255 * (value > 200)), green.point(lambda value: 255 * (value < 90))
    )
    left, top, right, bottom = shown.getbbox() or (0, 0, 0, 0)
    frame = card_renderer.IMAGE_BOX
    assert frame[0] - 2 <= left < right <= frame[2] + 2
    assert frame[1] - 2 <= top < bottom <= frame[3] + 2
    assert abs((right - left) / (bottom - top) - size[0] / size[1]) < 0.2 * size[0] / size[1]
