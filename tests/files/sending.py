"""A form with a large file on its way to a real server, which may be gone before its end."""

import http.client
import io
import random
import secrets
import threading
import time
from contextlib import suppress
from typing import Any

import pikepdf

# Pixels of the picture's side, three bytes each.
SIDE = 1000
TIMEOUT_SECONDS = 60


def report(chance: random.Random) -> bytes:
    """A PDF of about 3 MB like no other: a page with a picture of noise."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    picture = pdf.make_stream(chance.randbytes(SIDE * SIDE * 3))
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width = picture.Height = SIDE
    picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Noise=picture))
    page.Contents = pdf.make_stream(b"q 500 0 0 500 50 50 cm /Noise Do Q")
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


class Sending(threading.Thread):
    """A form with a file on its way to the server, sent at the pace of a fair network."""

    def __init__(self, port: int, path: str, cookies: dict[str, str], form: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        boundary = secrets.token_hex(8)
        self.body = multipart(form, boundary)
        self.path = path
        self.headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(self.body)),
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies["csrftoken"],
            # As the admin's form for several files sends them.
            "X-Requested-With": "XMLHttpRequest",
        }
        self.sent = 0
        self.status = 0
        self.times: dict[str, float] = {}

    def run(self) -> None:
        with suppress(OSError, http.client.HTTPException):
            self.connection.putrequest("POST", self.path)
            for name, value in self.headers.items():
                self.connection.putheader(name, value)
            self.connection.endheaders()
            for start in range(0, len(self.body), 65536):
                chunk = self.body[start : start + 65536]
                self.connection.send(chunk)
                self.sent += len(chunk)
                time.sleep(0.005)
            self.times["sent"] = time.monotonic()
            response = self.connection.getresponse()
            self.status = response.status
            self.times["answered"] = time.monotonic()
        self.connection.close()


def multipart(form: dict[str, Any], boundary: str) -> bytes:
    """Return `form` as RFC 7578 has it.

    A file is a tuple of name, content type and bytes; bytes alone are a PDF.
    """
    parts = []
    for name, value in form.items():
        file = ("report.pdf", "application/pdf", value) if isinstance(value, bytes) else value
        more, content = "", str(value).encode()
        if isinstance(file, tuple):
            filename, content_type, content = file
            more = f'; filename="{filename}"\r\nContent-Type: {content_type}'
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
        parts += [head.encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])
