"""A real cache server, for tests and measurements."""

import shutil
import subprocess
import time

from redis import Redis
from redis.exceptions import RedisError

from .subprocesses import free_port

SERVER = shutil.which("redis-server") or shutil.which("valkey-server")


class CacheServer:
    """A real cache server on a port of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.client = Redis(port=self.port)
        self.start()

    def start(self) -> None:
        command = [str(SERVER), "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                self.client.ping()
                return
            except RedisError:
                time.sleep(0.02)
        raise TimeoutError("the cache server did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
