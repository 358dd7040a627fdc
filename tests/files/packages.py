"""Small files of the formats beside PDF, good and bad."""

import io
import zipfile

PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "content.xml",
    "ods": "content.xml",
}


def package(*entries: str) -> bytes:
    """A zip with these entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for entry in entries:
            archive.writestr(entry, "<x/>")
    return file.getvalue()


def sound(extension: str) -> bytes:
    """A file that is accepted under `extension`."""
    return "Größe,Ω\n1,2\n".encode() if extension == "csv" else package(PARTS[extension])
