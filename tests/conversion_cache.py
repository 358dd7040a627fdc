"""Caches of what tests read from equal PDFs and make of equal images again and again.

Reading a PDF takes a new process, and encoding an image most of the time of saving it. The same
bytes give the same results, so a test that replaces either function is not affected.
"""

import hashlib
import io
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from wagtail.images.models import Filter

from bhp_site.core.images.conversion import PlainSource
from bhp_site.pdf.facts import PdfFacts
from bhp_site.pdf.reader import read_pdf

from .schema_cache import FOLDER, ROOT, get_schema_hash, hash_files

_facts: dict[str, PdfFacts] = {}
_images: dict[tuple[str, str], tuple[str, bytes]] = {}


def read_cached_pdf(path: Path, **limits: Any) -> PdfFacts:
    """Return what `read_pdf` does, from this or another test process if that has read it."""
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    # The folder for temporary files differs from process to process.
    decisive = sorted(item for item in limits.items() if item[0] != "scratch")
    key = hashlib.sha256(f"{content} {decisive}".encode()).hexdigest()
    if key not in _facts:
        code = hash_files(get_schema_hash(), sorted((ROOT / "bhp_site/pdf").rglob("*.py")))
        cached = FOLDER / "pdf-facts" / code / key
        if cached.exists():
            _facts[key] = pickle.loads(cached.read_bytes())
        else:
            _facts[key] = read_pdf(path, **limits)
            cached.parent.mkdir(parents=True, exist_ok=True)
            unfinished = cached.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(pickle.dumps(_facts[key]))
            unfinished.replace(cached)
    return _facts[key]


def cache_conversions(run: Callable[..., Any]) -> Callable[..., Any]:
    """Return a replacement of `run`, the method of Wagtail's Filter, that converts no image twice.

    Only sources of our own are cached: their renditions depend on nothing but bytes and filter.
    """

    def run_cached(self: Filter, image: Any, output: Any, source: Any = None) -> Any:
        if not isinstance(source, PlainSource):
            return run(self, image, output, source)
        key = self.spec, hashlib.sha256(source.getbuffer()).hexdigest()
        if key not in _images:
            made = run(self, image, output, source)
            made.f.seek(0)
            _images[key] = made.format_name, made.f.read()
        format_name, content = _images[key]
        return SimpleNamespace(format_name=format_name, f=io.BytesIO(content))

    return run_cached
