"""Error reports to the service that SENTRY_DSN names."""

import json
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from .redaction import hide_tokens


def start_error_reports(dsn: str) -> None:
    """Send errors to `dsn`, without anything about visitors and without passwords or tokens.

    Raises ImproperlyConfigured without the extra “sentry”.
    """
    try:
        import sentry_sdk
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but sentry-sdk is not installed: pip install '.[sentry]'."
        ) from error
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=clean_report,
    )


def clean_report(event: Any, hint: Any = None) -> Any:
    """Return an error report without secrets, and with only method and URL of its request."""
    if request := event.get("request"):
        event["request"] = {name: request[name] for name in ("method", "url") if name in request}
    event.pop("user", None)
    return json.loads(hide_tokens(json.dumps(event, default=str)))
