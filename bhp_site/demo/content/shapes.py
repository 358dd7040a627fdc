"""Data classes of the demonstration content, without Django.

A `Block` is the name of a body block and its value, in the form that the functions below return.
Dates are no more exact than public pages allow: an uncertain date has an earliest and a latest day,
both included, either of which may be unknown; other dates have a precision.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bhp_site.home.starting_texts import bullets, heading, paragraph

__all__ = ["bullets", "heading", "paragraph"]

Block = tuple[str, Any]
Date = datetime.date
Time = datetime.datetime
UK = ZoneInfo("Europe/London")
Precision = Literal["day", "month", "year"]


@dataclass(frozen=True)
class Event:
    """A membership event of a partner."""

    kind: Literal["joined", "left", "renamed", "merged"]
    earliest: Date | None
    latest: Date | None
    order: int | None = None
    note: str = ""
    former_name: str = ""


@dataclass(frozen=True)
class Partner:
    """A member of the partnership."""

    name: str
    slug: str
    kind: Literal["nhs_trust", "university", "network"]
    short_name: str
    other_names: tuple[str, ...]
    website: str
    summary: str
    story: tuple[Block, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Role:
    """A role at a partner (its slug), at another organisation (its name) or at BHP (neither)."""

    title: str
    partner: str = ""
    organisation: str = ""
    start_earliest: Date | None = None
    start_latest: Date | None = None
    end_earliest: Date | None = None
    end_latest: Date | None = None


@dataclass(frozen=True)
class Person:
    """A person with a page and roles."""

    name: str
    slug: str
    honorific: str
    biography: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Image:
    """An image in `files/`; `description` becomes its alternative text."""

    file: str
    title: str
    description: str


@dataclass(frozen=True)
class File:
    """A document in `files/`, its title, and the label of the link to it.

    `reason` says why it is published although some people cannot use it.
    """

    file: str
    title: str
    label: str
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """A report with its documents."""

    title: str
    slug: str
    kind: Literal["activity", "policy", "strategy"]
    period_start: Date | None
    period_end: Date | None
    date: Date
    date_precision: Precision
    summary: str
    highlights: tuple[tuple[str, str], ...]
    body: tuple[Block, ...]
    partners: tuple[str, ...]
    files: tuple[File, ...]
    cover: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class Funder:
    """A funder with its standard wording and the titles of its awards."""

    name: str
    short_name: str
    acknowledgement: str
    disclaimer: str
    awards: tuple[str, ...]


@dataclass(frozen=True)
class News:
    """An announcement."""

    title: str
    slug: str
    date: Date
    date_precision: Precision
    kind: Literal["announcement", "partnership", "membership", "award", "funding", "people", "call"]
    summary: str
    body: tuple[Block, ...]
    report: str | None = None
    partners: tuple[str, ...] = field(default=())
    # Of a call.
    opens_at: Time | None = None
    closes_at: Time | None = None
    # The title of an award in `funders.FUNDERS`.
    award: str = ""


@dataclass(frozen=True)
class StandardPage:
    """A page of text."""

    title: str
    slug: str
    summary: str
    body: tuple[Block, ...]


@dataclass(frozen=True)
class Statement:
    """The accessibility statement, as HTML except title, slug and summary."""

    title: str
    slug: str
    summary: str
    intro: str
    scope: str
    improving: str
    testing: str
    prepared_on: Date


def figure(image: str, caption: str = "", alt: str = "") -> Block:
    """Return a figure block; `alt` replaces the image's description where it does not fit."""
    return "figure", {"image": image, "alt": alt, "caption": caption}


def key_figures(*figures: tuple[str, str], source: str) -> Block:
    """Return a block of (number, text) pairs, all with the same `source`."""
    return "key_figures", [
        {"number": number, "text": text, "source": source} for number, text in figures
    ]


def table(caption: str, head: tuple[str, ...], *rows: tuple[str, ...]) -> Block:
    """Return a table block; `head` is the header row, the first cell of each row its header."""
    return "table", {"caption": caption, "head": list(head), "rows": [list(row) for row in rows]}


def download(file: str, label: str) -> Block:
    """Return a download block for a document in `files/`."""
    return "download", {"file": file, "label": label}


def quote(speaker: str, role: str, *paragraphs: str, organisation: str = "") -> Block:
    """Return a quote block: `speaker` is a person's slug, `role` the one held on that day.

    The paragraphs have no quotation marks. `organisation` is a partner's slug or a name, "" for
    BHP.
    """
    return "quote", {
        "speaker": speaker,
        "role": role,
        "organisation": organisation,
        "words": "\n\n".join(paragraphs),
    }


def video(title: str, url: str, text: str) -> Block:
    """Return a video block; `text` describes the video and says whether it has captions."""
    return "video", {"title": title, "url": url, "text": text}


@dataclass(frozen=True)
class Theme:
    """A theme or priority; `pages` are the slugs of news, reports and partners about it."""

    name: str
    slug: str
    kind: str
    summary: str
    story: tuple[Block, ...] = ()
    pages: tuple[str, ...] = ()
