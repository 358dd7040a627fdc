"""What a reference says of a report, or of one version of its file: from the report's own data."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from bhp_site.core.context import settings_for

DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
DOI_BEFORE = re.compile(r"^\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


@dataclass(frozen=True)
class Author:
    """Somebody by `family` name, with the `given` names; an organisation by `family` alone."""

    family: str
    given: str = ""

    @property
    def inverted(self) -> str:
        """As RIS and Highwire have it: “Smith, Jo”."""
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def initialled(self) -> str:
        """As a Harvard reference has it: “Smith, J.A.”."""
        initials = "".join(f"{name[0]}." for name in re.split(r"[\s.]+", self.given) if name)
        return f"{self.family}, {initials}" if initials else self.family


def authors_of(text: str) -> list[Author]:
    """Those that an editor has typed, one a line: “Smith, Jo”, or an organisation’s name."""
    lines = (one_line(line) for line in text.splitlines())
    parts = (line.partition(", ") for line in lines if line)
    return [Author(family.strip(), given.strip()) for family, _, given in parts]


@dataclass(frozen=True)
class Citation:
    """One report, or one version of its file, with all that a reference says of it.

    Texts are single lines; what is not known is "", `pages` 0.
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

    @property
    def year(self) -> str:
        return f"{self.date:%Y}"

    @property
    def address(self) -> str:
        """The one that lasts longest."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def names(self) -> str:
        """“Smith, J., Jones, A. and Lee, K.”"""
        *before, last = [author.initialled for author in self.authors]
        return f"{', '.join(before)} and {last}" if before else last

    @property
    def after_title(self) -> str:
        """What follows the title in the sentence: version and number, publisher, address."""
        of_others = [author.inverted for author in self.authors] != [self.publisher]
        parts = [
            f"Version {self.version}" if self.version else "",
            self.number,
            self.publisher if of_others else "",
        ]
        return "".join(f"{part}. " for part in parts if part) + f"Available at: {self.address}"


def citation_of(page: Any, request: HttpRequest, version: Any = None) -> Citation:
    """That of a report `page`, or of a `version` of its first file, at addresses that last."""
    file = page.main_file
    publisher = one_line(settings_for(request).name)
    known = {
        "key": f"{re.sub('[^a-z0-9]+', '-', page.slug.lower()).strip('-') or page.pk}-"
        f"{page.published_date:%Y}",
        "title": one_line(page.title),
        "authors": authors_of(page.authors) or [Author(publisher)],
        "date": page.published_date,
        "precision": page.published_precision,
        "publisher": publisher,
        "kind": page.get_kind_display(),
        "summary": one_line(page.summary),
        "language": page.language,
        # A draft that nobody has saved has none yet.
        "url": page.get_full_url(request) or "",
        "number": one_line(page.report_number),
        "isbn": page.isbn,
        "doi": page.doi,
    }
    if file and not file.withdrawn_reason:
        known |= {"pages": file.pages or 0, "file_url": request.build_absolute_uri(file.url)}
    if version:
        url = request.build_absolute_uri(version.url)
        known |= {
            "key": f"{known['key']}-v{version.number}",
            "date": version.publication.date,
            "precision": version.publication.precision,
            "pages": version.pages or 0,
            "version": str(version.number),
            "url": url,
            "file_url": url,
        }
    return Citation(**known)


def one_line(text: str) -> str:
    """`text` without what ends a line or steers a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def clean_doi(text: str) -> str:
    """The DOI in `text`, which may be its address; ValidationError where it is none."""
    found = DOI_BEFORE.sub("", text).strip()
    if found and not DOI.fullmatch(found):
        raise ValidationError("A DOI looks like 10.1234/abcd; its address may be pasted too.")
    return found


def clean_isbn(text: str) -> str:
    """`text` where it is an ISBN (ISO 2108), whose last digit proves the others."""
    found = text.strip()
    digits = re.sub(r"[\s‐‑–-]", "", found).upper()
    if not digits:
        return ""
    if re.fullmatch("[0-9]{13}", digits):
        right = sum(int(d) * (1, 3)[n % 2] for n, d in enumerate(digits)) % 10 == 0
    elif re.fullmatch("[0-9]{9}[0-9X]", digits):
        values = [10 if d == "X" else int(d) for d in digits]
        right = sum(value * (10 - n) for n, value in enumerate(values)) % 11 == 0
    else:
        right = False
    if not right:
        raise ValidationError("This is no ISBN: one of its 10 or 13 digits is wrong or missing.")
    return found
