"""An RSGI application that sends one constant response: the fastest that granian can be."""

import json
import os
from pathlib import Path

from granian.rsgi import HTTPProtocol, Scope

BODY = Path(os.environ["BODY"]).read_bytes()
HEADERS = [(name, value) for name, value in json.loads(os.environ["HEADERS"])]


class Constant:
    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        protocol.response_bytes(200, HEADERS, BODY)


application = Constant()
