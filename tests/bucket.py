"""A bucket in a process of its own: moto's server, which speaks S3."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

import boto3

from .subprocesses import ROOT, free_port

NAME = "documents"
KEY, SECRET = "key", "sec/ret+with@signs:"
START_SECONDS = 30


class Bucket:
    """An empty bucket at `url`, whose server can be stopped, frozen and started again."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"s3://{KEY}:{quote(SECRET, safe='')}@127.0.0.1:{self.port}/{NAME}"
        self.url += "?region=eu-west-2&tls=0"
        self.client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="eu-west-2",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )

    def start(self) -> None:
        """Start the server, and create the bucket."""
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        folder = tempfile.gettempdir()
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        self.server = subprocess.Popen(command, cwd=folder, env=env, **quiet)  # type: ignore[call-overload]
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.server.poll() is None, "the server of the bucket has ended"
            assert time.monotonic() < deadline, "the server of the bucket does not answer"
            time.sleep(0.05)
        place = {"LocationConstraint": "eu-west-2"}
        self.client.create_bucket(Bucket=NAME, CreateBucketConfiguration=place)

    def answers(self) -> bool:
        """Return True if the server accepts connections."""
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False

    def stop(self) -> None:
        self.server.kill()
        self.server.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let the server accept connections and say nothing."""
        self.server.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.server.send_signal(signal.SIGCONT)

    def list_keys(self) -> set[str]:
        """Return the keys of all objects."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=NAME)
        return {row["Key"] for page in pages for row in page.get("Contents", ())}


@contextmanager
def run_bucket() -> Iterator[Bucket]:
    """Yield a bucket that exists for so long."""
    bucket = Bucket()
    bucket.start()
    try:
        yield bucket
    finally:
        bucket.stop()
