"""Draw the site's icons, for browsers that do not read static/icon.svg.

Run it after the mark has changed: `python -m bhp_site.sharing.icon_renderer`.
"""

from pathlib import Path

from PIL import Image, ImageDraw

# As in static/icon.svg: a square of 68 units with two rings that share a core.
CANVAS_UNITS = 68
GROUND, RING, CORE = "#07332f", "#bfe8d3", "#ffd447"
RINGS = ((25, 34), (43, 34))
RING_RADIUS, RING_WIDTH, CORE_RADIUS = 16, 5, 6
# Circles are drawn larger and scaled down, because Pillow does not smooth them.
SUPERSAMPLING = 8

FAVICON_SIZES = (16, 32, 48)
TOUCH_ICON_SIZE, TOUCH_ICON_COLOURS = 180, 64
STATIC_FOLDER = Path(__file__).resolve().parent.parent.parent / "static"


def render_icon(size: int) -> Image.Image:
    """Return the icon as a square of `size` pixels."""
    scale = size * SUPERSAMPLING / CANVAS_UNITS
    icon = Image.new("RGB", (size * SUPERSAMPLING,) * 2, GROUND)
    draw = ImageDraw.Draw(icon)
    outer = RING_RADIUS + RING_WIDTH / 2
    for x, y in RINGS:
        box = [scale * n for n in (x - outer, y - outer, x + outer, y + outer)]
        draw.ellipse(box, outline=RING, width=round(RING_WIDTH * scale))
    middle = CANVAS_UNITS / 2
    core = [scale * (middle + n) for n in (-CORE_RADIUS, -CORE_RADIUS, CORE_RADIUS, CORE_RADIUS)]
    draw.ellipse(core, fill=CORE)
    return icon.resize((size, size), Image.Resampling.LANCZOS)


def write_icons(folder: Path) -> None:
    """Write `favicon.ico`, in FAVICON_SIZES, and `touch-icon.png` to `folder`."""
    *smaller, largest = (render_icon(size) for size in FAVICON_SIZES)
    sizes = [(size, size) for size in FAVICON_SIZES]
    largest.save(folder / "favicon.ico", sizes=sizes, append_images=smaller)
    touch_icon = render_icon(TOUCH_ICON_SIZE).quantize(TOUCH_ICON_COLOURS)
    touch_icon.save(folder / "touch-icon.png", optimize=True)


if __name__ == "__main__":
    write_icons(STATIC_FOLDER)
