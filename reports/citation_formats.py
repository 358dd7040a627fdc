"""Citations as files for reference managers: RIS, BibTeX and CSL-JSON."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from bhp_site.core.text.dates import Precision, format_iso_date

from .citations import Author, Citation

if TYPE_CHECKING:
    from .models import ReportPage

# Characters with a meaning in TeX, and how each is escaped.
TEX_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
    | {sign: f"\\{sign}" for sign in "&%$#_"}
)


def format_ris(citation: Citation) -> str:
    """Return a citation as RIS: tag, two spaces, hyphen, space, value; lines end with CR LF."""
    # RIS dates have four parts; unknown ones stay empty.
    date = format_iso_date(citation.date, citation.precision).split("-")
    fields = [
        ("TY", "RPRT"),
        ("TI", citation.title),
        *(("AU", author.inverted_name) for author in citation.authors),
        ("PY", citation.year),
        ("DA", "/".join([*date, *[""] * (4 - len(date))])),
        ("PB", citation.publisher),
        ("M3", citation.kind),
        ("ET", f"Version {citation.version}" if citation.version else ""),
        ("SP", str(citation.pages or "")),
        ("SN", citation.isbn),
        ("M1", citation.number),
        ("DO", citation.doi),
        ("LA", citation.language),
        ("AB", citation.summary),
        # Neither RIS nor CSL has a field for funders; both have one for notes.
        ("N1", f"Funding: {citation.funding}" if citation.funding else ""),
        ("UR", citation.url),
        ("L1", citation.file_url),
        ("ER", ""),
    ]
    lines = (f"{tag}  - {value}" for tag, value in fields if value or tag == "ER")
    return "".join(f"{line}\r\n" for line in lines)


def format_bibtex(citation: Citation) -> str:
    """Return a citation as BibTeX; braces keep names and capitals as they are."""
    authors = " and ".join(_format_tex_name(author) for author in citation.authors)
    fields = {
        "author": authors,
        "title": f"{{{_escape_tex(citation.title)}}}",
        "institution": f"{{{_escape_tex(citation.publisher)}}}",
        "type": _escape_tex(citation.kind),
        "number": _escape_tex(citation.number),
        "year": citation.year,
        "month": "" if citation.precision == Precision.YEAR else str(citation.date.month),
        "pagetotal": str(citation.pages or ""),
        "edition": f"Version {citation.version}" if citation.version else "",
        "isbn": citation.isbn,
        "doi": citation.doi,
        "langid": citation.language,
        "url": citation.url,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@techreport{{{citation.key},\n{lines}}}\n"


def _escape_tex(text: str) -> str:
    return text.translate(TEX_ESCAPES)


def _format_tex_name(author: Author) -> str:
    if not author.given:
        return f"{{{_escape_tex(author.family)}}}"
    return f"{{{_escape_tex(author.family)}}}, {{{_escape_tex(author.given)}}}"


def build_csl_item(citation: Citation) -> list[dict[str, Any]]:
    """Return a citation as the list of one CSL-JSON item.

    https://docs.citationstyles.org/en/stable/specification.html
    """
    parts = [int(part) for part in format_iso_date(citation.date, citation.precision).split("-")]
    item = {
        "id": citation.key,
        "type": "report",
        "title": citation.title,
        "author": [
            {"family": author.family, "given": author.given}
            if author.given
            else {"literal": author.family}
            for author in citation.authors
        ],
        "issued": {"date-parts": [parts]},
        "publisher": citation.publisher,
        "genre": citation.kind,
        "version": citation.version,
        "number": citation.number,
        "number-of-pages": str(citation.pages or ""),
        "ISBN": citation.isbn,
        "DOI": citation.doi,
        "language": citation.language,
        "abstract": citation.summary,
        "URL": citation.url,
        "note": f"Funding: {citation.funding}" if citation.funding else "",
    }
    return [{name: value for name, value in item.items() if value}]


def build_highwire_tags(citation: Citation) -> list[tuple[str, str]]:
    """Return name and content of the `meta` elements that scholarly search engines read.

    https://scholar.google.com/intl/en/scholar/inclusion.html#indexing
    """
    date = format_iso_date(citation.date, citation.precision).replace("-", "/")
    tags = [
        ("citation_title", citation.title),
        *(("citation_author", author.inverted_name) for author in citation.authors),
        ("citation_publication_date", date),
        ("citation_technical_report_institution", citation.publisher),
        ("citation_technical_report_number", citation.number),
        ("citation_isbn", citation.isbn),
        ("citation_doi", citation.doi),
        ("citation_language", citation.language),
        ("citation_pdf_url", citation.file_url if citation.file_url.endswith(".pdf") else ""),
    ]
    return [tag for tag in tags if tag[1]]


def format_csl_json(citation: Citation) -> str:
    """Return a citation as a CSL-JSON file."""
    return json.dumps(build_csl_item(citation), ensure_ascii=False, indent=2)


# File extension → function, media type and name. To add a format, add a function and a row.
CITATION_FORMATS: dict[str, tuple[Callable[[Citation], str], str, str]] = {
    "ris": (format_ris, "application/x-research-info-systems; charset=utf-8", "RIS"),
    "bib": (format_bibtex, "application/x-bibtex; charset=utf-8", "BibTeX"),
    "json": (format_csl_json, "application/vnd.citationstyles.csl+json; charset=utf-8", "CSL-JSON"),
}


def list_citation_files(page: "ReportPage") -> list[tuple[str, list[tuple[str, str]]]]:
    """Return a label with name and URL of each format: "" for the report, then each version.

    Earlier versions of the main document are listed because readers cite what they have read.
    """
    if page.is_being_previewed or not page.pk:
        return []
    urls = [
        (name, reverse("cite", args=[page.slug, extension]))
        for extension, (_, _, name) in CITATION_FORMATS.items()
    ]
    files = [("", urls)]
    document = page.main_document
    if document and document.version_number > 1:
        for version in document.versions.filter(withdrawn_at=None):
            label = f"Version {version.number}, {version.publication.in_words}"
            files.append((label, [(name, f"{url}?version={version.number}") for name, url in urls]))
    return files
