"""Log formatters, and a middleware that gives every request an id and logs it."""

import json
import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bhp_site.core.caching.cacheable import ANONYMOUS_REQUEST_KEY

from . import metrics
from .redaction import hide_tokens

logger = logging.getLogger(__name__)

REQUEST_ID_HEADER = "X-Request-ID"
# An id that a proxy may pass on: it cannot break a line or fill a disk.
VALID_REQUEST_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)

request_id: ContextVar[str] = ContextVar("request_id", default="")


class TextFormatter(logging.Formatter):
    """Formats log records as plain lines, with the id of the request if there is one.

    Like JSON lines, they show no token of a private link.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line without tokens, and with the number of its request."""
        line = hide_tokens(super().format(record))
        return f"{line} [{number}]" if (number := request_id.get()) else line


class JsonFormatter(logging.Formatter):
    """Formats log records as JSON lines: `time` (ISO 8601, UTC), `level`, `logger`, `message`.

    Also, unless empty: `request`, its id; `details`, from `extra={"details": {…}}`; `error`, the
    traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON, with the time in UTC and the request id."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        fields = {
            "time": f"{moment}.{record.msecs:03.0f}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_id.get(),
            "details": getattr(record, "details", None),
            "error": self.formatException(record.exc_info) if record.exc_info else None,
        }
        present = {name: value for name, value in fields.items() if value}
        return hide_tokens(json.dumps(present, ensure_ascii=False, default=str))


class RequestLog:
    """Middleware: give every request an id, return it in a header, and log the request.

    Nothing about the visitor is logged: no IP address, query string or user agent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response with the request's id; log and measure the request."""
        proxy_id = request.headers.get(REQUEST_ID_HEADER, "") if settings.BEHIND_PROXY else ""
        number = proxy_id if VALID_REQUEST_ID.fullmatch(proxy_id) else uuid4().hex
        token, began = request_id.set(number), time.perf_counter()
        try:
            with metrics.measure_database():
                response = self.get_response(request)
            seconds = time.perf_counter() - began
            metrics.observe_request(request.method or "", response.status_code, seconds)
            is_upload = request.method == "POST" and request.content_type == "multipart/form-data"
            if is_upload and response.status_code >= HTTPStatus.BAD_REQUEST:
                metrics.count_failed_upload()
            details = {"status": response.status_code, "ms": round(seconds * 1000, 1)}
            if settings.LOG_REQUESTS:
                line = f"{request.method} {request.path} {details['status']} {details['ms']} ms"
                logger.info(line, extra={"details": details})
        finally:
            request_id.reset(token)
        # A response that the page cache serves again belongs to no single request.
        if ANONYMOUS_REQUEST_KEY not in request.META:
            response.headers[REQUEST_ID_HEADER] = number
        return response
