"""How a card looks: words on canal green, beside a picture or the rings."""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from .lettering import Block, fitted, writable
from .models import Card

# As in static/css/site.css.
HERO, HERO_LINE, ON_HERO = "#07332f", "#2c6a60", "#f2f8f5"
MINT, SUN, CORAL, CANAL = "#bfe8d3", "#ffd447", "#ff9c78", "#2f8577"

SIZE = Card.WIDTH, Card.HEIGHT
EDGE = 64
MARK = 60
# The place of the words, and of the picture beside them.
COLUMN = 616
PICTURE = (736, 70, 1120, 544)
SHADE = 14
# Below the mark, and above the foot.
TOP, GAP = 148, 28
TITLE = (88, 76, 66, 58, 50, 44, 38, 33, 28, 24)
FOOT = (30, 26, 22, 18, 15)
KIND = (28, 24, 20)
NAME = (27, 23, 19, 16)
# Drawn so much larger first: Pillow's circles have steps.
FINER = 2
# Centre and radius of the discs, and how far each ring is around its disc.
DISCS = ((838, 452, 94, SUN), (1020, 302, 190, CANAL), (1232, 368, 134, CORAL))
AROUND = 46


@dataclass(frozen=True)
class Words:
    """What a card says: who, of which kind, the title, and what is below it."""

    name: str
    kind: str
    title: str
    foot: str


def drawn(words: Words, picture: Any) -> bytes:
    """The card as JPEG; `picture` is an open file or None. NotWritable where words do not fit."""
    name, kind, title, foot = map(writable, (words.name, words.kind, words.title, words.foot))
    card = ground(with_rings=picture is None).copy()
    if picture is not None:
        place_picture(card, picture)
    draw = ImageDraw.Draw(card)
    beside = EDGE + MARK + 20
    who = fitted(name, COLUMN - MARK - 20, MARK + 8, NAME, 650)
    write(draw, who, beside, EDGE - 8 + (MARK - who.height) // 2, ON_HERO)
    top = TOP
    if kind:
        label = fitted(kind, COLUMN, 80, KIND, 600)
        write(draw, label, EDGE, top + 8, SUN)
        top += label.height + 22
    below = fitted(foot, COLUMN, 250, FOOT, 500)
    bottom = Card.HEIGHT - EDGE - below.height
    write(draw, below, EDGE, bottom, MINT)
    room = bottom - top - (GAP if foot else 0)
    write(draw, fitted(title, COLUMN, room, TITLE, 650), EDGE, top, ON_HERO)
    made = io.BytesIO()
    card.save(made, "JPEG", quality=88, subsampling=0, optimize=True, progressive=True)
    return made.getvalue()


def write(draw: ImageDraw.ImageDraw, block: Block, left: int, top: int, colour: str) -> None:
    for number, line in enumerate(block.lines):
        draw.text((left, top + number * block.step), line, font=block.font, fill=colour)


def place_picture(card: Image.Image, picture: Any) -> None:
    """The whole `picture` at the right, before a plain shade, as covers stand on the site."""
    left, top, right, bottom = PICTURE
    with Image.open(picture) as opened:
        shown = opened.convert("RGB")
    scale = min((right - left) / shown.width, (bottom - top) / shown.height)
    shown = shown.resize(
        (max(1, round(shown.width * scale)), max(1, round(shown.height * scale))),
        Image.Resampling.LANCZOS,
    )
    x = left + (right - left - shown.width) // 2
    y = top + (bottom - top - shown.height) // 2
    corner = x + SHADE, y + SHADE
    far = corner[0] + shown.width - 1, corner[1] + shown.height - 1
    ImageDraw.Draw(card).rectangle((*corner, *far), fill=HERO_LINE)
    card.paste(shown, (x, y))


@lru_cache(maxsize=2)
def ground(with_rings: bool) -> Image.Image:
    """What all cards have in common."""
    card = Image.new("RGB", (SIZE[0] * FINER, SIZE[1] * FINER), HERO)
    if with_rings:
        draw_rings(card)
    draw_mark(card)
    return card.resize(SIZE, Image.Resampling.LANCZOS)


def draw_rings(card: Image.Image) -> None:
    """Three discs, lit where they overlap, and the rings around them."""
    light, where = Image.new("RGB", card.size), Image.new("L", card.size)
    for x, y, radius, colour in DISCS:
        disc = Image.new("RGB", card.size)
        ImageDraw.Draw(disc).ellipse(circle(x, y, radius), fill=colour)
        ImageDraw.Draw(where).ellipse(circle(x, y, radius), fill=255)
        light = ImageChops.screen(light, disc)
    card.paste(light, mask=where)
    draw = ImageDraw.Draw(card)
    for x, y, radius, _ in DISCS:
        draw.ellipse(circle(x, y, radius + AROUND), outline=MINT, width=3 * FINER)


def draw_mark(card: Image.Image) -> None:
    """Two rings that share a core, as static/icon.svg has them."""
    draw = ImageDraw.Draw(card)
    unit, middle = MARK / 50, EDGE - 8 + MARK / 2
    for x in (16, 34):
        place = circle(EDGE + x * unit, middle, 18.5 * unit)
        draw.ellipse(place, outline=MINT, width=round(5 * unit * FINER))
    draw.ellipse(circle(EDGE + 25 * unit, middle, 6 * unit), fill=SUN)


def circle(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    """The box around a circle, in the finer pixels."""
    return tuple(FINER * n for n in (x - radius, y - radius, x + radius, y + radius))  # type: ignore[return-value]
