"""Lines of the log that machines can read, each with the id of the request it belongs to."""

import json
import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import metrics
from .storing import FOR_EVERYBODY

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# What a proxy may hand on: nothing that would break a line or fill a disk.
GIVEN = re.compile(r"[\w.-]{8,64}", re.ASCII)

request_id: ContextVar[str] = ContextVar("request_id", default="")


class Lines(logging.Formatter):
    """Plain lines for people, with the request's id where there is a request."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return f"{line} [{number}]" if (number := request_id.get()) else line


class JsonLines(logging.Formatter):
    """One JSON object a line: `time` (ISO 8601, UTC), `level`, `logger`, `message`, `request`.

    `details` are what a caller gave beside (`extra={"details": {…}}`), `error` is a traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        said = {
            "time": f"{moment}.{record.msecs:03.0f}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_id.get(),
            "details": getattr(record, "details", None),
            "error": self.formatException(record.exc_info) if record.exc_info else None,
        }
        kept = {name: value for name, value in said.items() if value}
        return json.dumps(kept, ensure_ascii=False, default=str)


class RequestLog:
    """Gives every request an id, tells it in the answer, and logs what became of it.

    Nothing about the visitor is logged: no address, no query, no browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
        number = given if GIVEN.fullmatch(given) else uuid4().hex
        token, began = request_id.set(number), time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            metrics.observe(request.method or "", response.status_code, seconds)
            details = {"status": response.status_code, "ms": round(seconds * 1000, 1)}
            if settings.LOG_REQUESTS:
                line = f"{request.method} {request.path} {details['status']} {details['ms']} ms"
                logger.info(line, extra={"details": details})
        finally:
            request_id.reset(token)
        # What everybody is given belongs to no request.
        if FOR_EVERYBODY not in request.META:
            response.headers[HEADER] = number
        return response
