"""Uploading and converting files does not make a process larger for ever."""

import gc
import subprocess
import sys
import weakref
from copy import copy
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import Client, RequestFactory
from pytest_django import Settings

from bhp_site.core.images import forms
from bhp_site.core.memory import MAX_SHARED_BLOCK_BYTES, return_large_blocks
from bhp_site.files import models
from bhp_site.server.wsgi_runner import run_wsgi
from tests.factories import pdf_bytes, png_bytes
from tests.subprocesses import ROOT

CONVERT = """
import io, threading
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from PIL import Image
from bhp_site.core.images.conversion import build_source

def get_megabytes():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

data = io.BytesIO()
Image.new("RGB", (4000, 3000), "teal").save(data, "JPEG")
together = threading.Barrier(4)

def convert(number):
    # Each thread has converted, and none has ended, when the memory is measured.
    for _ in range(2):
        build_source(io.BytesIO(data.getvalue()), 1600)
    together.wait()

with ThreadPoolExecutor(4) as threads:
    before = get_megabytes()
    list(threads.map(convert, range(4)))
    print(get_megabytes() - before)
"""


@pytest.mark.sampled(0)
@pytest.mark.skipif(sys.platform != "linux", reason="it reads Linux's /proc")
def test_threads_that_have_converted_images_keep_little_memory() -> None:
    command = [sys.executable, "-c", CONVERT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 40


def test_a_library_without_the_option_is_left_alone() -> None:
    calls: list[tuple[int, int]] = []
    assert not return_large_blocks(SimpleNamespace())
    assert not return_large_blocks(SimpleNamespace(mallopt=lambda *call: calls.append(call)))
    assert calls == [(-3, MAX_SHARED_BLOCK_BYTES)]


@pytest.mark.parametrize(
    ("place", "name", "kind", "file"),
    [
        (forms, "build_source", "images", SimpleUploadedFile("a.png", png_bytes())),
        (models, "_read_pdf_facts", "documents", SimpleUploadedFile("a.pdf", pdf_bytes())),
    ],
)
def test_what_an_upload_was_read_into_is_freed_with_its_request(
    admin_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    place: Any,
    name: str,
    kind: str,
    file: SimpleUploadedFile,
) -> None:
    read, results = getattr(place, name), []

    def read_and_watch(*args: Any, **options: Any) -> Any:
        # The tests keep the facts of equal files.
        result = copy(read(*args, **options))
        results.append(weakref.ref(result))
        return result

    monkeypatch.setattr(place, name, read_and_watch)
    # The connection of the test is not closed, and its transaction not committed.
    connection: Any = connections["default"]
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    monkeypatch.setattr(connection, "on_commit", lambda function, robust=False: function())
    # As if the file were a long one.
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    token = "a" * 32
    form = {"title": "A", "collection": 1, "csrfmiddlewaretoken": token, "files[]": file}
    environ = RequestFactory().post(f"/admin/{kind}/multiple/add/", form).environ
    cookies = f"csrftoken={token}; sessionid={admin_client.cookies['sessionid'].value}"
    gc.disable()
    try:
        response = run_wsgi(WSGIHandler(), environ | {"HTTP_COOKIE": cookies})
        assert results
        assert not any(result() for result in results)
    finally:
        gc.enable()
    assert response.status == 200
    assert b'"success": true' in response.body
