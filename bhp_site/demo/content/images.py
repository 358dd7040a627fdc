"""The images in `files/`, drawn for this site from the SVG files in `sources/`."""

from .shapes import Image

IMAGES = (
    Image(
        "agreement.png",
        "Agreement",
        "Two large discs, green and coral, overlap on a yellow ground; in the overlap is a tick.",
    ),
    Image(
        "canal.png",
        "Canal at dusk",
        "A narrowboat passes a round bridge on a canal; the sun and its reflection stand behind.",
    ),
    Image(
        "data-dots.png",
        "Dots of data",
        "Rows of dots of many sizes form three overlapping discs; where they overlap the dots are "
        "white.",
    ),
    Image(
        "hospital.png",
        "Local hospital",
        "A wide, low hospital with a coral entrance and rows of lit windows stands under a large "
        "yellow disc.",
    ),
    Image(
        "joint.png",
        "Hip joint",
        "A hip joint drawn from simple shapes: a yellow ball in a dark green socket, with rings "
        "around it.",
    ),
    Image(
        "laboratory-glass.png",
        "Laboratory glass",
        "Two flasks and two test tubes stand on a dark bench; coloured discs float in the liquids.",
    ),
    Image(
        "lamp-and-notes.png",
        "Lamp and notes",
        "A desk lamp throws a cone of yellow light on an open notebook with a pencil beside it.",
    ),
    Image(
        "mother-and-child.png",
        "Mother and child",
        "A mother holds a sleeping baby in front of a large yellow disc.",
    ),
    Image(
        "neighbourhood.png",
        "Neighbourhood",
        "A row of terraced houses in green, coral and yellow, with trees, and a bus in front of "
        "them.",
    ),
    Image(
        "nine-rings.png",
        "Nine members",
        "Nine overlapping discs stand in a circle around two small linked rings.",
    ),
    Image(
        "open-report.png",
        "Open report",
        "An open report lies on a coral ground: overlapping discs on the left page, lines of text "
        "and a small column chart on the right.",
    ),
    Image(
        "round-table.png",
        "Round table",
        "Nine chairs stand around a round table, seen from above; one of them is yellow and "
        "drawn back.",
    ),
    Image(
        "skyline.png",
        "Skyline",
        "Tall and low buildings, some with lit windows, before half-discs and a large yellow sun.",
    ),
    Image(
        "tablets.png",
        "Tablets",
        "Capsules and round tablets in green, coral and yellow lie on a pale ground, two of them "
        "inside a ring.",
    ),
    Image(
        "ward-window.png",
        "Ward window",
        "A hospital bed stands under a window with coral curtains; outside are hills and a yellow "
        "sun.",
    ),
)
