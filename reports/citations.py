"""The data of a reference to a report, or to one version of its main document."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from bhp_site.core.base_context import get_site_settings

DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
DOI_PREFIX = re.compile(r"^\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


@dataclass(frozen=True)
class Author:
    """A person with `family` and `given` names, or an organisation with its name as `family`."""

    family: str
    given: str = ""

    @property
    def inverted_name(self) -> str:
        """Return the name in the form of RIS and Highwire: “Smith, Jo”."""
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def name_with_initials(self) -> str:
        """Return the name in the form of a Harvard reference: “Smith, J.A.”."""
        initials = "".join(f"{name[0]}." for name in re.split(r"[\s.]+", self.given) if name)
        return f"{self.family}, {initials}" if initials else self.family


def parse_authors(text: str) -> list[Author]:
    """Return the authors in `text`, one a line: “Smith, Jo”, or an organisation’s name."""
    lines = (to_single_line(line) for line in text.splitlines())
    parts = (line.partition(", ") for line in lines if line)
    return [Author(family.strip(), given.strip()) for family, _, given in parts]


@dataclass(frozen=True)
class Citation:
    """Everything that a reference says of a report, or of one version of its main document.

    Texts are single lines; unknown values are "", `pages` is 0.
    """

    key: str
    title: str
    authors: list[Author]
    date: datetime.date
    precision: str
    publisher: str
    kind: str
    summary: str
    language: str
    url: str
    file_url: str = ""
    pages: int = 0
    number: str = ""
    isbn: str = ""
    doi: str = ""
    version: str = ""
    funding: str = ""

    @property
    def year(self) -> str:
        """Return the year of publication, four digits."""
        return f"{self.date:%Y}"

    @property
    def permanent_url(self) -> str:
        """Return the URL of the DOI, else of the page or version."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def author_names(self) -> str:
        """Return the authors as text: “Smith, J., Jones, A. and Lee, K.”"""
        *before, last = [author.name_with_initials for author in self.authors]
        return f"{', '.join(before)} and {last}" if before else last

    @property
    def after_title(self) -> str:
        """Return the part of a reference after the title: version, number, publisher and URL."""
        has_other_authors = [author.inverted_name for author in self.authors] != [self.publisher]
        parts = [
            f"Version {self.version}" if self.version else "",
            self.number,
            self.publisher if has_other_authors else "",
        ]
        return (
            "".join(f"{part}. " for part in parts if part) + f"Available at: {self.permanent_url}"
        )


def build_citation(page: Any, request: HttpRequest, version: Any = None) -> Citation:
    """Return the citation of a report `page`, or of a `version` of its main document."""
    document = page.main_document
    publisher = to_single_line(get_site_settings(request).name)
    values = {
        "key": f"{re.sub('[^a-z0-9]+', '-', page.slug.lower()).strip('-') or page.pk}-"
        f"{page.date:%Y}",
        "title": to_single_line(page.title),
        "authors": parse_authors(page.authors) or [Author(publisher)],
        "date": page.date,
        "precision": page.date_precision,
        "publisher": publisher,
        "kind": page.get_kind_display(),
        "summary": to_single_line(page.summary),
        "language": page.language,
        # A new page has no URL before it is saved.
        "url": page.get_full_url(request) or "",
        "number": to_single_line(page.report_number),
        "isbn": page.isbn,
        "doi": page.doi,
        "funding": to_single_line("; ".join(each.citation for each in page.funding_statements)),
    }
    if document and not document.withdrawn_reason:
        values |= {
            "pages": document.pages or 0,
            "file_url": request.build_absolute_uri(document.url),
        }
    if version:
        url = request.build_absolute_uri(version.url)
        values |= {
            "key": f"{values['key']}-v{version.number}",
            "date": version.publication.date,
            "precision": version.publication.precision,
            "pages": version.pages or 0,
            "version": str(version.number),
            "url": url,
            "file_url": url,
        }
    return Citation(**values)


def to_single_line(text: str) -> str:
    """Return `text` as one line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def clean_doi(text: str) -> str:
    """Return the DOI in `text`, which may be its URL; raise ValidationError if it is none."""
    doi = DOI_PREFIX.sub("", text).strip()
    if doi and not DOI.fullmatch(doi):
        raise ValidationError("Enter a DOI like 10.1234/abcd, or paste its doi.org address.")
    return doi


def clean_isbn(text: str) -> str:
    """Return `text` if it is an ISBN (ISO 2108) with a correct check digit, or empty.

    Raises ValidationError otherwise.
    """
    isbn = text.strip()
    digits = re.sub(r"[\s‐‑–-]", "", isbn).upper()
    if not digits:
        return ""
    if re.fullmatch("[0-9]{13}", digits):
        is_valid = sum(int(d) * (1, 3)[n % 2] for n, d in enumerate(digits)) % 10 == 0
    elif re.fullmatch("[0-9]{9}[0-9X]", digits):
        values = [10 if d == "X" else int(d) for d in digits]
        is_valid = sum(value * (10 - n) for n, value in enumerate(values)) % 11 == 0
    else:
        is_valid = False
    if not is_valid:
        raise ValidationError(
            "This is not a valid ISBN. One of its 10 or 13 digits is wrong or missing."
        )
    return isbn
