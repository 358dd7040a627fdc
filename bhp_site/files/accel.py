"""Files that a proxy in front sends (`FILES_ACCEL`): Django decides and names them."""

from collections.abc import Callable, Iterable
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from .byte_ranges import get_file_path_and_span

# They tell of the body that such an answer does not have; nginx makes its own of the file.
OF_THE_BODY = {"content-length", "content-range", "accept-ranges"}
MEDIA = f"{settings.MEDIA_ROOT}/"


def naming(path: str, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """`headers` that have the proxy send the file at `path`; [] where it is not its to send.

    nginx answers ranges by itself. Only behind a proxy that was configured for it: any other would
    answer with nothing.
    """
    if not settings.FILES_ACCEL or not path.startswith(MEDIA):
        return []
    kept = [pair for pair in headers if pair[0].lower() not in OF_THE_BODY]
    return [*kept, ("X-Accel-Redirect", f"{settings.FILES_ACCEL}{quote(path.removeprefix(MEDIA))}")]


class SendByProxy:
    """Names the file in place of sending it, where there is no front that does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.FILES_ACCEL or settings.SERVER_INTERFACE != "wsgi":
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, FileResponse):
            return response
        found = get_file_path_and_span(response.file_to_stream, [settings.MEDIA_ROOT])
        if found is None:
            return response
        response.close()
        return HttpResponse(headers=dict(naming(found[0], response.headers.items())))
