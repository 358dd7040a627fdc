"""The wait after too many attempts, in words and in HTTP responses."""

from http import HTTPStatus

from django.http import HttpResponse

TOO_MANY_ATTEMPTS = "There were too many attempts. Wait {wait}, then try again."


def format_wait(seconds: int) -> str:
    """Return a wait in words, in seconds or rounded up to minutes: “30 seconds”, “4 minutes”."""
    number, unit = (seconds, "second") if seconds < 60 else (-(-seconds // 60), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def explain_wait(seconds: int, text: str = TOO_MANY_ATTEMPTS) -> str:
    """Return `text` with the wait in place of “{wait}”."""
    return text.format(wait=format_wait(seconds))


def mark_limited(response: HttpResponse, seconds: int) -> HttpResponse:
    """Return `response`, with status 429 (RFC 6585, 4) and Retry-After if one has to wait."""
    if seconds:
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        response.headers["Retry-After"] = str(seconds)
    return response
