"""Files that a proxy in front sends (`FILES_ACCEL`): it is told which, and gets no bytes."""

from urllib.parse import quote

from django.conf import settings

from .answers import Answer

# They tell of the body that this answer does not have; nginx makes its own of the file.
OF_THE_BODY = {"content-length", "content-range", "accept-ranges"}
MEDIA = f"{settings.MEDIA_ROOT}/"


def named(answer: Answer) -> Answer:
    """`answer`, or where it is a file in the media its name, of which nginx sends what is asked.

    Only behind a proxy that was configured for it: any other would answer with nothing.
    """
    if not settings.FILES_ACCEL or not answer.path.startswith(MEDIA):
        return answer
    headers = [pair for pair in answer.headers if pair[0].lower() not in OF_THE_BODY]
    place = quote(answer.path.removeprefix(MEDIA))
    headers.append(("X-Accel-Redirect", f"{settings.FILES_ACCEL}{place}"))
    return Answer(200, headers, b"")
