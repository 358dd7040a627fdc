"""Checks of uploads in formats other than PDF: valid, and without macros or programs."""

import codecs
import io
import zipfile
import zlib
from typing import IO, Any

from bhp_site.pdf.executables import ARCHIVE_SIGNATURES, contains_executable, is_executable
from bhp_site.pdf.messages import REFUSAL_MESSAGES

from .relationships import loads_remote_content

# Extension → an entry that every file of the format has (ECMA-376, ODF 1.3 part 2).
PACKAGE_CONTENT_ENTRIES = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
}
# How an editor can make a document of any format smaller.
TOO_LARGE_ADVICE = "Save it with smaller images, or divide it into several documents."
# Archives in these are refused. Other Office documents embed tables as ZIP, these as folders.
ODF_KINDS = ("odt", "ods")
MACRO_PATHS = ("vbaproject.bin", "basic/", "scripts/")
TEXT_SAMPLE_BYTES = 1024 * 1024
MAX_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 500 * 1024 * 1024  # bytes of all entries
MAX_OBJECT_BYTES = 50 * 1024 * 1024  # bytes of one that are looked at
COMPOUND_FILE_SIGNATURE = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how a compound file begins ([MS-CFB])
)
ZIP_BOMB_REASON = (
    "This file becomes very large when it is opened, which could stop visitors’ computers. Save a "
    "copy with smaller images, or divide it into several documents, and upload that."
)
MACRO_REASON = (
    "This file contains macros, which could harm people who open it. Save a copy without macros "
    "and upload that copy."
)
REMOTE_REASON = (
    "This file loads something from another computer when it is opened, which can tell that "
    "computer who reads it. Replace the template or linked object with one of your own, and upload "
    "that copy."
)
ARCHIVE_REASON = (
    "This file contains an archive, such as a ZIP file, whose content cannot be checked. Save a "
    "copy without the embedded file and upload that copy."
)
PROGRAM_REASON = (
    "This file contains a program, which could harm people who open it. Save a copy without the "
    "embedded object and upload that copy."
)


def get_rejection_reason(file: Any, extension: str) -> str:
    """Return why `file` is refused, in a sentence for its editor; "" if it is accepted.

    `extension` is in lower case, with its dot. `file` is rewound afterwards.
    """
    file.seek(0)
    try:
        if not file.read(1):
            return REFUSAL_MESSAGES["empty"]
        if extension in PACKAGE_CONTENT_ENTRIES:
            return _get_package_rejection(file, extension)
        if extension == ".csv":
            return _get_text_rejection(file)
        return ""
    finally:
        file.seek(0)


def _get_package_rejection(file: IO[bytes], extension: str) -> str:
    kind = extension[1:]
    damaged = (
        f"This is not a readable {kind} file: it is damaged, protected by a password, or of "
        f"another kind. Open it, save it as {kind} without a password, and upload that copy."
    )
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            names = [entry.filename.lower() for entry in entries]
            if PACKAGE_CONTENT_ENTRIES[extension] not in names:
                return damaged
            if _is_bomb(entries, file):
                return ZIP_BOMB_REASON
            if any(name.startswith(MACRO_PATHS) or name.endswith(MACRO_PATHS[0]) for name in names):
                return MACRO_REASON
            if any(_is_program(package, entry) for entry in entries):
                return PROGRAM_REASON
            if loads_remote_content(package):
                return REMOTE_REASON
            if kind in ODF_KINDS and any(_is_archive(package, entry) for entry in entries):
                return ARCHIVE_REASON
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError):
        return damaged
    return ""


def _is_bomb(entries: list[zipfile.ZipInfo], file: IO[bytes]) -> bool:
    """Return True if it unpacks to too much, or if its entries overlap to hide that."""
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    size = file.seek(0, io.SEEK_END)
    return len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES or packed > size


def _is_program(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Return True if an entry is a program, or an embedded Office object that holds one."""
    with package.open(entry) as data:
        start = data.read(len(COMPOUND_FILE_SIGNATURE))
        if is_executable(entry.filename, start):
            return True
        return start == COMPOUND_FILE_SIGNATURE and contains_executable(data.read(MAX_OBJECT_BYTES))


def _is_archive(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with package.open(entry) as data:
        return data.read(len(COMPOUND_FILE_SIGNATURE)).startswith(ARCHIVE_SIGNATURES)


def _get_text_rejection(file: IO[bytes]) -> str:
    file.seek(0)
    sample = file.read(TEXT_SAMPLE_BYTES)
    try:
        # The sample may end within a character, which an incremental decoder waits for.
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        if b"\0" not in sample:
            return ""
    except UnicodeDecodeError:
        pass
    return "This table is not plain text. Save it as “CSV UTF-8” and upload that copy."
