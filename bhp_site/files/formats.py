"""Formats beside PDF: whether a file is what its name says, and does nothing by itself."""

import codecs
import zipfile
from typing import IO, Any

# Extension → an entry that every file of the format holds (ECMA-376, ODF 1.3 part 2).
PACKAGES = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
}
MACROS = ("vbaproject.bin", "basic/", "scripts/")
SAMPLE = 1024 * 1024


def refusal(file: Any, extension: str) -> str:
    """Why `file`, of this `extension`, is refused, in a sentence for its editor; else ""."""
    file.seek(0)
    try:
        if not file.read(1):
            return "This file is empty. Export it again and upload the new copy."
        if extension in PACKAGES:
            return _package_refusal(file, extension)
        if extension == ".csv":
            return _text_refusal(file)
        return ""
    finally:
        file.seek(0)


def _package_refusal(file: IO[bytes], extension: str) -> str:
    kind = extension[1:]
    damaged = (
        f"This is not a readable {kind} file: it is damaged, protected by a password, or of "
        f"another kind. Open it, save it as {kind} without a password, and upload that copy."
    )
    try:
        with zipfile.ZipFile(file) as package:
            names = [name.lower() for name in package.namelist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return damaged
    if PACKAGES[extension] not in names:
        return damaged
    if any(name.startswith(MACROS) or name.endswith(MACROS[0]) for name in names):
        return (
            "This file contains macros, which could harm those who open it. Save a copy without "
            "macros and upload that."
        )
    return ""


def _text_refusal(file: IO[bytes]) -> str:
    file.seek(0)
    sample = file.read(SAMPLE)
    try:
        # The sample may end within a character, which an incremental decoder waits for.
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        if b"\0" not in sample:
            return ""
    except UnicodeDecodeError:
        pass
    return "This table is not plain text. Save it as “CSV UTF-8” and upload that copy."
