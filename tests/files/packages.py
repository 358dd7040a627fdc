"""Small files of the formats beside PDF, good and bad."""

import io
import zipfile

PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "content.xml",
    "ods": "content.xml",
}


def build_package(*entries: str, **data: bytes) -> bytes:
    """A zip with these entries; those with data of their own are given as `path__name=data`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            archive.writestr(zipfile.ZipInfo(entry), "<x/>")
        for key, value in data.items():
            archive.writestr(key.replace("__", "/"), value)
    return file.getvalue()


def build_sound_file(extension: str) -> bytes:
    """A file that is accepted under `extension`."""
    return "Größe,Ω\n1,2\n".encode() if extension == "csv" else build_package(PARTS[extension])
