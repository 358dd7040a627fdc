"""Files that a proxy in front sends (`FILES_ACCEL`): Django decides and names them."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from .ranges import place

# They tell of the body that this answer does not have; nginx makes its own of the file.
OF_THE_BODY = ("Content-Length", "Content-Range")


class SendByProxy:
    """Names the file in place of sending it; the proxy answers ranges, Django has checked them.

    Only behind a proxy that was configured for it: any other would answer with nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not settings.FILES_ACCEL or not isinstance(response, FileResponse):
            return response
        found = place(response.file_to_stream, [settings.MEDIA_ROOT])
        if found is None:
            return response
        response.close()
        path = Path(found[0]).relative_to(settings.MEDIA_ROOT)
        headers = {n: v for n, v in response.headers.items() if n not in OF_THE_BODY}
        headers["X-Accel-Redirect"] = f"{settings.FILES_ACCEL}{quote(str(path))}"
        return HttpResponse(headers=headers)
