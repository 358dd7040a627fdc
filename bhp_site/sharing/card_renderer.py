"""Draw a card: text on a green background, beside an image or the rings of the site's mark."""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from .models import Card
from .text_layout import FittedText, clean_text, fit_text

# As in static/css/site.css.
HERO, HERO_LINE, ON_HERO = "#07332f", "#2c6a60", "#f2f8f5"
MINT, SUN, CORAL, CANAL = "#bfe8d3", "#ffd447", "#ff9c78", "#2f8577"

SIZE = Card.WIDTH, Card.HEIGHT
# All lengths are pixels.
MARGIN = 64
MARK_SIZE = 60
# Between the mark and the name of the site.
MARK_GAP = 20
TEXT_WIDTH = 616
# Left, top, right and bottom of the image next to the text.
IMAGE_BOX = (736, 70, 1120, 544)
SHADOW_OFFSET = 14
# Below the mark, and above the footer.
TEXT_TOP, FOOTER_GAP = 148, 28
# Font sizes to try, the largest first.
TITLE_SIZES = (88, 76, 66, 58, 50, 44, 38, 33, 28, 24)
FOOTER_SIZES = (30, 26, 22, 18, 15)
KIND_SIZES = (28, 24, 20)
NAME_SIZES = (27, 23, 19, 16)
# Circles are drawn larger and scaled down, because Pillow does not smooth them.
SUPERSAMPLING = 2
# Centre, radius and colour of each disc, and the distance of its ring.
DISCS = ((838, 452, 94, SUN), (1020, 302, 190, CANAL), (1232, 368, 134, CORAL))
RING_DISTANCE = 46


@dataclass(frozen=True)
class CardText:
    """The text on a card: name of the site, kind of page, title, and footer."""

    name: str
    kind: str
    title: str
    footer: str


def render_card(text: CardText, image: Any) -> bytes:
    """Return the card as JPEG, with `image` (an open file or None).

    Raises UnrenderableText if the text does not fit or has characters without a glyph.
    """
    name, kind, title, footer = map(clean_text, (text.name, text.kind, text.title, text.footer))
    card = render_background(with_rings=image is None).copy()
    if image is not None:
        draw_image(card, image)
    draw = ImageDraw.Draw(card)
    left = MARGIN + MARK_SIZE + MARK_GAP
    fitted = fit_text(name, TEXT_WIDTH - MARK_SIZE - MARK_GAP, MARK_SIZE + 8, NAME_SIZES, 650)
    draw_text(draw, fitted, left, MARGIN - 8 + (MARK_SIZE - fitted.height) // 2, ON_HERO)
    top = TEXT_TOP
    if kind:
        fitted = fit_text(kind, TEXT_WIDTH, 80, KIND_SIZES, 600)
        draw_text(draw, fitted, MARGIN, top + 8, SUN)
        top += fitted.height + 22
    fitted = fit_text(footer, TEXT_WIDTH, 250, FOOTER_SIZES, 500)
    bottom = Card.HEIGHT - MARGIN - fitted.height
    draw_text(draw, fitted, MARGIN, bottom, MINT)
    height = bottom - top - (FOOTER_GAP if footer else 0)
    fitted = fit_text(title, TEXT_WIDTH, height, TITLE_SIZES, 650)
    draw_text(draw, fitted, MARGIN, top, ON_HERO)
    data = io.BytesIO()
    card.save(data, "JPEG", quality=88, subsampling=0, optimize=True, progressive=True)
    return data.getvalue()


def draw_text(
    draw: ImageDraw.ImageDraw, text: FittedText, left: int, top: int, colour: str
) -> None:
    """Draw the lines of `text` from the top left corner."""
    for number, line in enumerate(text.lines):
        draw.text((left, top + number * text.line_height), line, font=text.font, fill=colour)


def draw_image(card: Image.Image, file: Any) -> None:
    """Draw the whole image in an open file at the right, with a shadow like covers on the site."""
    left, top, right, bottom = IMAGE_BOX
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    scale = min((right - left) / image.width, (bottom - top) / image.height)
    image = image.resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))),
        Image.Resampling.LANCZOS,
    )
    x = left + (right - left - image.width) // 2
    y = top + (bottom - top - image.height) // 2
    shadow_x, shadow_y = x + SHADOW_OFFSET, y + SHADOW_OFFSET
    shadow = shadow_x, shadow_y, shadow_x + image.width - 1, shadow_y + image.height - 1
    ImageDraw.Draw(card).rectangle(shadow, fill=HERO_LINE)
    card.paste(image, (x, y))


@lru_cache(maxsize=2)
def render_background(with_rings: bool) -> Image.Image:
    """Return the background with the mark; it is the same for all cards and must not be changed."""
    card = Image.new("RGB", (SIZE[0] * SUPERSAMPLING, SIZE[1] * SUPERSAMPLING), HERO)
    if with_rings:
        draw_rings(card)
    draw_mark(card)
    return card.resize(SIZE, Image.Resampling.LANCZOS)


def draw_rings(card: Image.Image) -> None:
    """Draw three discs, lighter where they overlap, and the rings around them."""
    light, mask = Image.new("RGB", card.size), Image.new("L", card.size)
    for x, y, radius, colour in DISCS:
        disc = Image.new("RGB", card.size)
        ImageDraw.Draw(disc).ellipse(get_circle_box(x, y, radius), fill=colour)
        ImageDraw.Draw(mask).ellipse(get_circle_box(x, y, radius), fill=255)
        light = ImageChops.screen(light, disc)
    card.paste(light, mask=mask)
    draw = ImageDraw.Draw(card)
    for x, y, radius, _ in DISCS:
        draw.ellipse(
            get_circle_box(x, y, radius + RING_DISTANCE), outline=MINT, width=3 * SUPERSAMPLING
        )


def draw_mark(card: Image.Image) -> None:
    """Draw the site's mark, two rings that share a core, as in static/icon.svg."""
    draw = ImageDraw.Draw(card)
    unit, middle = MARK_SIZE / 50, MARGIN - 8 + MARK_SIZE / 2
    for x in (16, 34):
        box = get_circle_box(MARGIN + x * unit, middle, 18.5 * unit)
        draw.ellipse(box, outline=MINT, width=round(5 * unit * SUPERSAMPLING))
    draw.ellipse(get_circle_box(MARGIN + 25 * unit, middle, 6 * unit), fill=SUN)


def get_circle_box(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    """Return the bounding box of a circle, in pixels before scaling down."""
    return tuple(SUPERSAMPLING * n for n in (x - radius, y - radius, x + radius, y + radius))  # type: ignore[return-value]
