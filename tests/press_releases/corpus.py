"""Invented press releases with their expected structure, in `releases/`.

`development` was there while the reader was written; `held_out` was written before it was first
run and measures how far it generalises. See `releases/README.md` for the form of the JSON.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from bhp_site.press_releases.reading.parser import propose
from bhp_site.press_releases.reading.proposed import PartKind, ProposedRelease, Speech
from bhp_site.press_releases.reading.sources import Source, make_source, read_docx, read_source

RELEASES = Path(__file__).parent / "releases"
DEVELOPMENT, HELD_OUT = "development", "held_out"


def find_releases(half: str) -> list[Path]:
    """Return the releases of a half of the corpus, without their JSON."""
    files = sorted((RELEASES / half).iterdir())
    return [path for path in files if path.suffix in (".txt", ".html", ".docx")]


def load_source(path: Path) -> Source:
    if path.suffix == ".docx":
        return read_docx(path.read_bytes())
    text = path.read_text()
    return make_source("", text) if path.suffix == ".html" else make_source(text)


@lru_cache
def read_release(path: Path) -> ProposedRelease:
    return propose(read_source(load_source(path)))


def read_expected(path: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads(path.with_suffix(".json").read_text())
    return expected


def get_speeches(proposal: ProposedRelease) -> list[Speech]:
    """Return the quotations in their order."""
    return [part.speech for part in proposal.parts if part.speech]


def get_left_out(proposal: ProposedRelease, label: str) -> list[str]:
    """Return the texts that are left out under `label`."""
    return [
        part.text
        for part in proposal.parts
        if part.kind == PartKind.LEFT_OUT and part.label == label
    ]


def describe(proposal: ProposedRelease) -> dict[str, Any]:
    """Return a proposal in the form of the JSON."""
    body = [part for part in proposal.parts if not part.is_note]
    report, embargo = proposal.report, proposal.embargo
    period = report.period if report else None
    return {
        "title": proposal.title,
        "summary": proposal.summary,
        "date": proposal.date.isoformat() if proposal.date else None,
        "embargo": embargo
        and [
            embargo.date and embargo.date.isoformat(),
            embargo.time and embargo.time.isoformat("minutes"),
        ],
        "headings": [part.text for part in body if part.kind == PartKind.HEADING],
        "paragraphs": [part.text for part in body if part.kind == PartKind.TEXT],
        "quotations": [
            {"name": one.name, "role": one.role, "paragraphs": [*one.paragraphs]}
            for one in get_speeches(proposal)
        ],
        "report": report
        and [
            report.title,
            period and period.start.isoformat(),
            period and period.end.isoformat(),
        ],
        "notes": [
            part.text for part in proposal.parts if part.is_note and part.kind == PartKind.TEXT
        ],
        "contact": get_left_out(proposal, "Contact"),
        "captions": get_left_out(proposal, "Photo caption"),
        "downloads": len(get_left_out(proposal, "Download")),
    }


def count_correct(half: str) -> tuple[int, int]:
    """Return how many fields of all releases in `half` are as expected, and how many there are."""
    results = [
        described[name] == value
        for path in find_releases(half)
        for described in [describe(read_release(path))]
        for name, value in read_expected(path).items()
    ]
    return sum(results), len(results)
