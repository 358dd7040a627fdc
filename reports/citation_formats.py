"""References as programs read them: RIS, BibTeX and CSL-JSON."""

import json
from typing import Any

from bhp_site.core.dates import Precision, iso

from .citations import Author, Citation

# What TeX reads as a command, by what prints it.
TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
    | {sign: f"\\{sign}" for sign in "&%$#_"}
)


def ris(citation: Citation) -> str:
    """A report as RIS: tag, two spaces, hyphen, space, value; lines end with CR LF."""
    # A date ends in the parts that are not known.
    date = iso(citation.date, citation.precision).split("-")
    fields = [
        ("TY", "RPRT"),
        ("TI", citation.title),
        *(("AU", author.inverted) for author in citation.authors),
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
        ("UR", citation.url),
        ("L1", citation.file_url),
        ("ER", ""),
    ]
    lines = (f"{tag}  - {value}" for tag, value in fields if value or tag == "ER")
    return "".join(f"{line}\r\n" for line in lines)


def bibtex(citation: Citation) -> str:
    """A report as BibTeX; braces keep names and capitals as they are."""
    authors = " and ".join(_tex_name(author) for author in citation.authors)
    fields = {
        "author": authors,
        "title": f"{{{_tex(citation.title)}}}",
        "institution": f"{{{_tex(citation.publisher)}}}",
        "type": _tex(citation.kind),
        "number": _tex(citation.number),
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


def _tex(text: str) -> str:
    return text.translate(TEX)


def _tex_name(author: Author) -> str:
    if not author.given:
        return f"{{{_tex(author.family)}}}"
    return f"{{{_tex(author.family)}}}, {{{_tex(author.given)}}}"


def csl(citation: Citation) -> list[dict[str, Any]]:
    """A report as CSL-JSON: https://docs.citationstyles.org/en/stable/specification.html"""
    parts = [int(part) for part in iso(citation.date, citation.precision).split("-")]
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
    }
    return [{name: value for name, value in item.items() if value}]


def highwire(citation: Citation) -> list[tuple[str, str]]:
    """Names and contents of the `meta` elements that scholarly search engines read.

    https://scholar.google.com/intl/en/scholar/inclusion.html#indexing
    """
    date = iso(citation.date, citation.precision).replace("-", "/")
    tags = [
        ("citation_title", citation.title),
        *(("citation_author", author.inverted) for author in citation.authors),
        ("citation_publication_date", date),
        ("citation_technical_report_institution", citation.publisher),
        ("citation_technical_report_number", citation.number),
        ("citation_isbn", citation.isbn),
        ("citation_doi", citation.doi),
        ("citation_language", citation.language),
        ("citation_pdf_url", citation.file_url if citation.file_url.endswith(".pdf") else ""),
    ]
    return [tag for tag in tags if tag[1]]


def csl_json(citation: Citation) -> str:
    return json.dumps(csl(citation), ensure_ascii=False, indent=2)


# Extension → what makes it, its media type, and what visitors call it.
FORMATS = {
    "ris": (ris, "application/x-research-info-systems; charset=utf-8", "RIS"),
    "bib": (bibtex, "application/x-bibtex; charset=utf-8", "BibTeX"),
    "json": (csl_json, "application/vnd.citationstyles.csl+json; charset=utf-8", "CSL-JSON"),
}
