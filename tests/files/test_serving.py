"""Files as HTTP has them: whole, in part, not modified, and to be saved (RFC 9110)."""

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.http import http_date

from bhp_site.files.byte_ranges import FilePart, RangeNotSatisfiable, parse_range
from bhp_site.files.models import SiteDocument

from ..factories import SiteDocumentFactory, offer
from .packages import build_sound_file


@pytest.fixture
def document(site: SimpleNamespace) -> SiteDocument:
    """A file that anybody may have."""
    return site.document


@pytest.fixture
def data(document: SiteDocument) -> bytes:
    return document.file.read()


def read_body(response: Any) -> bytes:
    return response.getvalue()


def test_a_file_comes_whole(client: Client, document: SiteDocument, data: bytes) -> None:
    response = client.get("/documents/the-report.pdf")
    assert response.status_code == 200
    assert read_body(response) == data
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(data))
    assert response["ETag"] == f'"{hashlib.sha256(data).hexdigest()}"'
    assert response["Last-Modified"] == http_date(document.current_version.created_at.timestamp())
    assert response["Accept-Ranges"] == "bytes"
    assert response["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in response.get("Vary", "")


def test_a_file_can_do_nothing_in_the_browser(client: Client, document: SiteDocument) -> None:
    response = client.get(document.url)
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-9"}])
def test_other_sites_may_show_a_public_file(
    client: Client, document: SiteDocument, headers: dict[str, str]
) -> None:
    response = client.get(document.url, headers=headers)
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get("/news/")["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_file_says_its_one_address(client: Client, document: SiteDocument) -> None:
    link = f'<http://testserver{document.url}>; rel="canonical"'
    assert client.get(f"{document.url}?download&x=1")["Link"] == link


def test_head_says_the_same_without_the_bytes(client: Client, document: SiteDocument) -> None:
    whole, head = client.get(document.url), client.head(document.url)
    assert head.status_code == 200
    assert read_body(head) == b""
    for name in ("Content-Length", "Content-Type", "ETag", "Accept-Ranges", "Content-Disposition"):
        assert head[name] == whole[name]


@pytest.mark.parametrize(
    "query, disposition",
    [
        ("", 'inline; filename="the-report.pdf"'),
        ("?download", 'attachment; filename="the-report.pdf"'),
    ],
)
def test_a_pdf_is_shown_unless_it_is_to_be_saved(
    client: Client, document: SiteDocument, query: str, disposition: str
) -> None:
    assert client.get(document.url + query)["Content-Disposition"] == disposition


@pytest.mark.parametrize("extension", ["csv", "docx"])
def test_other_formats_are_saved(site: SimpleNamespace, client: Client, extension: str) -> None:
    upload = ContentFile(build_sound_file(extension), name=f"x.{extension}")
    document = SiteDocumentFactory(title="Numbers", file=upload)
    offer(site.report, document)
    response = client.get(document.url)
    assert response["Content-Disposition"] == f'attachment; filename="numbers.{extension}"'
    assert read_body(response) == build_sound_file(extension)


@pytest.mark.parametrize(
    "asked, first, last",
    [
        ("0-0", 0, 0),
        ("0-99", 0, 99),
        ("5-9", 5, 9),
        ("100-", 100, None),
        ("-20", -20, None),
        ("-99999999", 0, None),
        ("10-99999999", 10, None),
    ],
)
def test_a_part_is_sent(
    client: Client, document: SiteDocument, data: bytes, asked: str, first: int, last: int | None
) -> None:
    response = client.get(document.url, headers={"range": f"bytes={asked}"})
    first, last = first % len(data), len(data) - 1 if last is None else last
    assert response.status_code == 206
    assert read_body(response) == data[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(data)}"
    assert response["Content-Length"] == str(last + 1 - first)
    assert response["ETag"] == f'"{document.sha256}"'


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-1,4-5",
        "bytes=9-3",
        "bytes=-",
        "bytes=a-b",
        "pages=1-2",
        "0-9",
        "bytes",
        "bytes=٣-",
        f"bytes={'9' * 5000}-",
    ],
)
def test_a_range_that_means_nothing_here_is_ignored(
    client: Client, document: SiteDocument, data: bytes, header: str
) -> None:
    response = client.get(document.url, headers={"range": header})
    assert response.status_code == 200
    assert read_body(response) == data


@pytest.mark.parametrize("asked", ["{}-", "{}-{}", "-0"])
def test_a_range_beyond_the_end_is_refused(
    client: Client, document: SiteDocument, data: bytes, asked: str
) -> None:
    header = f"bytes={asked.replace('{}', str(len(data)))}"
    response = client.get(document.url, headers={"range": header})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(data)}"
    assert data not in read_body(response)


@pytest.mark.parametrize(
    "known, status",
    [
        ("ETag", 206),
        ("Last-Modified", 206),
        (f'"{"0" * 64}"', 200),
        ("W/ETag", 200),
        # Later is not the same: whoever says so has not got its date from here.
        ("Fri, 01 Jan 2100 00:00:00 GMT", 200),
        ("nonsense", 200),
    ],
)
def test_a_part_is_sent_only_of_the_file_it_continues(
    client: Client, document: SiteDocument, data: bytes, known: str, status: int
) -> None:
    whole = client.get(document.url)
    for name in ("ETag", "Last-Modified"):
        known = known.replace(name, whole[name])
    response = client.get(document.url, headers={"range": "bytes=5-", "if-range": known})
    assert response.status_code == status
    assert read_body(response) == (data[5:] if status == 206 else data)


def test_a_broken_download_goes_on_to_the_same_bytes(
    client: Client, document: SiteDocument, data: bytes
) -> None:
    half = client.get(document.url)
    got = read_body(half)[: len(data) // 2]
    rest = client.get(
        document.url, headers={"range": f"bytes={len(got)}-", "if-range": half["ETag"]}
    )
    assert hashlib.sha256(got + read_body(rest)).hexdigest() == document.sha256


@pytest.mark.parametrize("tag", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
def test_what_the_browser_has_is_not_sent_again(
    client: Client, document: SiteDocument, tag: str
) -> None:
    response = client.get(
        document.url, headers={"if-none-match": tag.format(document.sha256), "range": "bytes=0-9"}
    )
    assert response.status_code == 304
    assert read_body(response) == b""
    assert response["Cache-Control"] == "public, no-cache"


def test_what_the_browser_has_of_other_bytes_is_sent(
    client: Client, document: SiteDocument
) -> None:
    response = client.get(document.url, headers={"if-none-match": f'"{"0" * 64}"'})
    assert response.status_code == 200


@pytest.mark.parametrize("later, status", [(0, 304), (-1, 200), (1, 304)])
def test_what_has_not_changed_since_is_not_sent_again(
    client: Client, document: SiteDocument, later: int, status: int
) -> None:
    date = http_date(document.versions.get().created_at.timestamp() + later)
    response = client.get(document.url, headers={"if-modified-since": date})
    assert response.status_code == status
    assert response["ETag"] == f'"{document.sha256}"'
    assert response["Last-Modified"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("name", ["the-report", "no-such-file"])
def test_a_file_is_only_read(document: SiteDocument, method: str, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    response = getattr(client, method)(f"/documents/{name}.pdf")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("name", ["the-report", "no-such-file"])
def test_what_may_be_asked_is_said_of_any_file(
    client: Client, document: SiteDocument, name: str
) -> None:
    response = client.options(f"/documents/{name}.pdf")
    assert (response.status_code, response.content) == (204, b"")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "address",
    [
        "/documents/the-report.csv",
        "/documents/the-report.PDF",
        "/documents/the-report.pdf/",
        "/documents/other.pdf",
        "/documents/99/the-report.pdf",
    ],
)
def test_any_other_address_is_404(client: Client, document: SiteDocument, address: str) -> None:
    assert client.get(address).status_code == 404


def test_bytes_have_no_address_beside_the_files(client: Client, document: SiteDocument) -> None:
    for address in (f"/media/{document.file.name}", f"/{document.file.name}"):
        assert client.get(address).status_code == 404


def test_wagtails_address_leads_to_the_permanent_one(
    client: Client, document: SiteDocument
) -> None:
    response = client.get(f"/documents/{document.pk}/any-name.pdf")
    assert response.status_code == 301
    assert response.url == document.url


def test_wagtails_address_says_nothing_of_a_private_file(
    client: Client, document: SiteDocument, site: SimpleNamespace
) -> None:
    site.report.unpublish()
    response = client.get(f"/documents/{document.pk}/any-name.pdf")
    assert response.status_code == 404
    assert document.slug not in response.text


@pytest.mark.parametrize(
    "header, size, span",
    [
        ("bytes=0-9", 5, (0, 4)),
        (" bytes=1-1 ", 5, (1, 1)),
        ("bytes=-2", 5, (3, 4)),
        ("", 5, None),
        ("bytes=0-1\n,2-3", 5, None),
    ],
)
def test_a_range_is_read(header: str, size: int, span: tuple[int, int] | None) -> None:
    assert parse_range(header, size) == span


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1"])
def test_an_empty_file_has_no_part(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, 0)


@pytest.mark.parametrize("sizes", [[-1], [2, 2, 2], [4, 9]])
def test_a_part_is_read_as_a_file_of_its_own(tmp_path: Path, sizes: list[int]) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    part = FilePart(path.open("rb"), 3, 5)
    assert b"".join(part.read(size) for size in sizes) == b"34567"
    assert part.read() == b""
    part.close()
    assert part.file.closed
