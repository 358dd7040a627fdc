"""The shapes of the demonstration's words: plain data, free of Django.

A `Block` is the name of a body block and its value, in the form the functions below give it.
Dates are no more exact than public pages allow: an interval has an earliest and a latest day, both
included, either of which may be unknown; a single date bears its precision.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any, Literal

Block = tuple[str, Any]
Date = datetime.date
Precision = Literal["day", "month", "year"]


@dataclass(frozen=True)
class Event:
    """Something that happened to a membership."""

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
    """An office, at a partner (its slug), elsewhere (a name) or at BHP (neither)."""

    title: str
    partner: str = ""
    organisation: str = ""
    start_earliest: Date | None = None
    start_latest: Date | None = None
    end_earliest: Date | None = None
    end_latest: Date | None = None


@dataclass(frozen=True)
class Person:
    name: str
    slug: str
    honorific: str
    biography: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Picture:
    """A drawing in `files/`; `description` says what it shows, for those who do not see it."""

    file: str
    title: str
    description: str


@dataclass(frozen=True)
class File:
    """A document in `files/`, its title, and the label of the link that offers it.

    `reason` says why it is offered although some people cannot use it.
    """

    file: str
    title: str
    label: str
    reason: str = ""


@dataclass(frozen=True)
class Report:
    title: str
    slug: str
    kind: Literal["activity", "policy", "strategy"]
    period_start: Date | None
    period_end: Date | None
    published_date: Date
    published_precision: Precision
    summary: str
    highlights: tuple[tuple[str, str], ...]
    body: tuple[Block, ...]
    partners: tuple[str, ...]
    files: tuple[File, ...]
    cover: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class News:
    title: str
    slug: str
    date: Date
    date_precision: Precision
    kind: Literal["announcement", "partnership", "membership", "award", "funding", "people", "call"]
    summary: str
    body: tuple[Block, ...]
    report: str | None = None
    partners: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class StandardPage:
    title: str
    slug: str
    summary: str
    body: tuple[Block, ...]


@dataclass(frozen=True)
class Statement:
    """The accessibility statement; its list of files is the product's own. HTML but the first."""

    title: str
    slug: str
    summary: str
    intro: str
    scope: str
    improving: str
    testing: str
    prepared_on: Date


def heading(text: str) -> Block:
    return "heading", text


def paragraph(*parts: str) -> Block:
    """Rich text; a part that does not begin with a tag of its own becomes a paragraph."""
    tags = ("<ul", "<ol", "<p>")
    return "paragraph", "".join(p if p.startswith(tags) else f"<p>{p}</p>" for p in parts)


def bullets(*items: str) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def figure(picture: str, caption: str = "", alt: str = "") -> Block:
    """`alt` only where the picture's own description does not serve here."""
    return "figure", {"picture": picture, "alt": alt, "caption": caption}


def key_figures(*figures: tuple[str, str], source: str) -> Block:
    """Figures as (number, text), and where all of them come from."""
    return "key_figures", [
        {"number": number, "text": text, "source": source} for number, text in figures
    ]


def table(caption: str, head: tuple[str, ...], *rows: tuple[str, ...]) -> Block:
    """A table whose first row and first column are headings."""
    return "table", {"caption": caption, "head": list(head), "rows": [list(row) for row in rows]}


def download(file: str, label: str) -> Block:
    return "download", {"file": file, "label": label}


def quote(speaker: str, role: str, *paragraphs: str, organisation: str = "") -> Block:
    """Words of a person (by slug), without marks, with the role held when they were said.

    `organisation` is a partner's slug, or "" for BHP.
    """
    return "quote", {
        "speaker": speaker,
        "role": role,
        "organisation": organisation,
        "words": "\n\n".join(paragraphs),
    }


def video(title: str, url: str, text: str) -> Block:
    """`text` says what it shows, and whether it has captions."""
    return "video", {"title": title, "url": url, "text": text}


@dataclass(frozen=True)
class Theme:
    """A theme or priority; `pages` are the addresses of news, reports and partners about it."""

    name: str
    slug: str
    kind: str
    summary: str
    pages: tuple[str, ...] = ()
