"""A file beside PDF is what its name says, and does nothing by itself."""

import copy
import io
import zipfile

import pytest

from bhp_site.files import formats
from bhp_site.files.formats import COMPOUND_FILE_SIGNATURE, TEXT_SAMPLE_BYTES, get_rejection_reason
from bhp_site.pdf.executables import PACKAGE_STREAM

from .packages import PARTS, build_package, build_sound_file


@pytest.mark.parametrize("extension", [*PARTS, "csv"])
def test_a_sound_file_is_accepted_and_rewound(extension: str) -> None:
    file = io.BytesIO(build_sound_file(extension))
    assert get_rejection_reason(file, f".{extension}") == ""
    assert file.tell() == 0


@pytest.mark.parametrize("extension", [*PARTS, "csv"])
def test_an_empty_file_is_refused(extension: str) -> None:
    assert "is empty" in get_rejection_reason(io.BytesIO(), f".{extension}")


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an older format, or one behind a password",
        b"<html>Not found</html>",
        build_sound_file("docx")[:-9],
    ],
    ids=["compound", "html", "cut short"],
)
@pytest.mark.parametrize("extension", PARTS)
def test_what_is_no_package_is_refused(extension: str, data: bytes) -> None:
    assert f"not a readable {extension} file" in get_rejection_reason(
        io.BytesIO(data), f".{extension}"
    )


@pytest.mark.parametrize("extension, other", [("docx", "xlsx"), ("xlsx", "docx"), ("odt", "docx")])
def test_a_package_of_another_kind_is_refused(extension: str, other: str) -> None:
    assert f"not a readable {extension}" in get_rejection_reason(
        io.BytesIO(build_sound_file(other)), f".{extension}"
    )


@pytest.mark.parametrize(
    "extension, macro",
    [
        ("docx", "word/vbaProject.bin"),
        ("xlsx", "xl/vbaProject.bin"),
        ("odt", "Basic/Standard/Module1.xml"),
        ("ods", "Scripts/python/run.py"),
    ],
)
def test_macros_are_refused(extension: str, macro: str) -> None:
    file = io.BytesIO(build_package(PARTS[extension], macro))
    assert "contains macros" in get_rejection_reason(file, f".{extension}")


@pytest.mark.parametrize(
    "entries",
    [
        {"word__setup.exe": b""},
        {"word__picture.png": b"MZ\x90\x00"},
        {
            "word__embeddings__object.bin": COMPOUND_FILE_SIGNATURE
            + PACKAGE_STREAM
            + b"C:\\invoice.VBS\0"
        },
    ],
    ids=["by its name", "by its start", "in a wrapper"],
)
def test_programs_are_refused(entries: dict[str, bytes]) -> None:
    file = io.BytesIO(build_package(PARTS["docx"], **entries))
    assert "contains a program" in get_rejection_reason(file, ".docx")


def test_an_embedded_table_is_accepted() -> None:
    data = {"word__embeddings__object.bin": COMPOUND_FILE_SIGNATURE + b"Workbook about setup.exe"}
    assert get_rejection_reason(io.BytesIO(build_package(PARTS["docx"], **data)), ".docx") == ""


@pytest.mark.parametrize("extension", PARTS)
def test_a_package_that_unpacks_to_too_much_is_refused(
    extension: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = io.BytesIO(build_package(PARTS[extension], media=bytes(5_000_000)))
    assert len(file.getvalue()) < 10_000
    assert get_rejection_reason(file, f".{extension}") == ""
    monkeypatch.setattr(formats, "MAX_UNPACKED_BYTES", 4_000_000)
    assert "very large" in get_rejection_reason(file, f".{extension}")


def test_a_package_of_too_many_parts_is_refused() -> None:
    file = io.BytesIO(build_package(PARTS["docx"], *(f"word/{number}" for number in range(10_000))))
    assert "very large" in get_rejection_reason(file, ".docx")


def test_parts_that_share_their_bytes_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(PARTS["docx"], "<x/>")
        archive.writestr("word/a", bytes(1000))
        shared = copy.copy(archive.getinfo("word/a"))
        shared.filename = "word/b"
        archive.filelist += [shared] * 9
        archive.NameToInfo["word/b"] = shared
    assert "very large" in get_rejection_reason(file, ".docx")


def test_a_part_behind_a_password_is_refused() -> None:
    data = bytearray(build_package(PARTS["docx"]))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + flags] |= 1
    assert "not a readable docx" in get_rejection_reason(io.BytesIO(data), ".docx")


@pytest.mark.parametrize(
    "data",
    ["Größe".encode("latin-1"), "a,b".encode("utf-16"), b"a,\0b", b"PK\x03\x04\xff"],
    ids=["latin-1", "utf-16", "nul", "zip"],
)
def test_a_table_that_is_not_plain_text_is_refused(data: bytes) -> None:
    assert "not plain text" in get_rejection_reason(io.BytesIO(data), ".csv")


def test_a_long_table_may_have_any_character_where_the_sample_ends() -> None:
    data = b"x" * (TEXT_SAMPLE_BYTES - 1) + "€".encode() * 9
    assert get_rejection_reason(io.BytesIO(data), ".csv") == ""


def build_relationship(kind: str, target: str, encoding: str = "utf-8") -> io.BytesIO:
    """Return a document with one relationship to something outside it."""
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    xml = (
        '<?xml version="1.0"?><Relationships><Relationship Id="rId1" '
        f'Type=\'{kind}\' Target="{target}" TargetMode="External"/></Relationships>'
    )
    entries = {"word___rels__settings.xml.rels": xml.encode(encoding)}
    return io.BytesIO(build_package(PARTS["docx"], **entries))


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "https://example.org/t.dotm"),
        ("attachedTemplate", "h&#116;tp://example.org/t.dotm"),
        ("attachedTemplate", r"\\server\share\t.dotm"),
        ("attachedTemplate", "file://server/share/t.dotm"),
        ("attachedTemplate", r"file:///\\server\share\t.dotm"),
        ("oleObject", "https://example.org/object"),
        ("frame", "https://example.org/"),
        ("image", r"\\server\share\image.png"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_is_loaded_from_another_computer_is_refused(
    kind: str, target: str, encoding: str
) -> None:
    file = build_relationship(kind, target, encoding)
    assert "from another computer" in get_rejection_reason(file, ".docx")


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", r"file:///C:\Users\Jo\Templates\Report.dotm"),
        ("attachedTemplate", "Normal.dotm"),
        ("hyperlink", "https://example.org/"),
        ("hyperlink", r"file:///\\server\share\minutes.docx"),
        ("image", "https://example.org/logo.png"),
    ],
)
def test_links_and_local_templates_are_accepted(kind: str, target: str) -> None:
    assert get_rejection_reason(build_relationship(kind, target), ".docx") == ""


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c"])
def test_an_archive_is_refused_within_odf_only(start: bytes) -> None:
    for extension, refused in (("odt", True), ("ods", True), ("docx", False)):
        file = io.BytesIO(build_package(PARTS[extension], embedded__table=start + bytes(20)))
        reason = get_rejection_reason(file, f".{extension}")
        assert ("contains an archive" in reason) is refused
