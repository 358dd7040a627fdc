"""Caches of what is read from equal PDFs and made of equal images again and again.

Reading a PDF takes a new process, and encoding an image most of the time of saving it. The same
bytes give the same results, so a test that replaces either function is not affected.
"""

import functools
import hashlib
import io
import os
import pickle
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from wagtail.images.models import Filter

from bhp_site.core.images.conversion import PlainSource
from bhp_site.pdf.facts import DocumentText, PdfFacts
from bhp_site.pdf.reader import read_pdf, read_text

from .schema_cache import FOLDER, ROOT, get_schema_hash, hash_files

# What differs each time the same PDF is saved, and is not read: its identifier and dates.
RANDOM_PARTS = re.compile(rb"/ID \[<[0-9a-f]*><[0-9a-f]*>\]|<xmp:\w+Date>[^<]*<")

_results: dict[Path, Any] = {}


@functools.cache
def _get_pdf_folder() -> Path:
    code = hash_files(get_schema_hash(), sorted((ROOT / "bhp_site/pdf").rglob("*.py")))
    return FOLDER / "pdf-facts" / code


@functools.cache
def _get_image_folder() -> Path:
    files = [ROOT / "requirements-dev.txt", ROOT / "bhp_site/settings.py"]
    files += sorted((ROOT / "bhp_site/core/images").rglob("*.py"))
    return FOLDER / "images" / hash_files(sys.version, files)


def _read_or_make(path: Path, make: Callable[[], Any]) -> Any:
    """Return what `make` returned in this or another process, which is stored in `path`."""
    if path not in _results:
        if path.exists():
            _results[path] = pickle.loads(path.read_bytes())
        else:
            _results[path] = make()
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(pickle.dumps(_results[path]))
            unfinished.replace(path)
    return _results[path]


def read_cached_pdf(path: Path, **limits: Any) -> PdfFacts:
    """Return what `read_pdf` does, from this or another process if that has read it."""
    key = _get_pdf_key("facts", path, limits)
    return _read_or_make(_get_pdf_folder() / key, lambda: read_pdf(path, **limits))


def read_cached_text(path: Path, suffix: str, **limits: Any) -> DocumentText:
    """Return what `read_text` does, from this or another process if that has read it."""
    key = _get_pdf_key(f"text{suffix}", path, limits)
    return _read_or_make(_get_pdf_folder() / key, lambda: read_text(path, suffix, **limits))


def _get_pdf_key(kind: str, path: Path, limits: dict[str, Any]) -> str:
    """Return a hash of what decides the result of reading the file at `path`."""
    content = hashlib.sha256(RANDOM_PARTS.sub(b"", path.read_bytes())).hexdigest()
    # The folder for temporary files differs from process to process.
    decisive = sorted(item for item in limits.items() if item[0] != "scratch")
    return hashlib.sha256(f"{kind} {content} {decisive}".encode()).hexdigest()


def cache_conversions(run: Callable[..., Any]) -> Callable[..., Any]:
    """Return a replacement of `run`, the method of Wagtail's Filter, that converts no image twice.

    Only sources of our own are cached: their renditions depend on nothing but bytes and filter.
    """

    def run_cached(self: Filter, image: Any, output: Any, source: Any = None) -> Any:
        if not isinstance(source, PlainSource):
            return run(self, image, output, source)

        def convert() -> tuple[str, bytes]:
            made = run(self, image, output, source)
            made.f.seek(0)
            return made.format_name, made.f.read()

        content = hashlib.sha256(source.getbuffer()).hexdigest()
        key = hashlib.sha256(f"{content} {self.spec}".encode()).hexdigest()
        format_name, converted = _read_or_make(_get_image_folder() / key, convert)
        return SimpleNamespace(format_name=format_name, f=io.BytesIO(converted))

    return run_cached
