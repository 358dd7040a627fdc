"""Files that a proxy in front sends: it is told which, and gets no bytes (`files.accel`)."""

from bhp_site.files.accel import OF_THE_BODY, address_of

from .answers import Answer


def named(answer: Answer) -> Answer:
    """`answer`, or where it is a file for the proxy to send its name, whatever part is asked for.

    nginx answers ranges by itself; the conditions have been looked at.
    """
    address = address_of(answer.path)
    if not address:
        return answer
    headers = [pair for pair in answer.headers if pair[0].lower() not in OF_THE_BODY]
    return Answer(200, [*headers, ("X-Accel-Redirect", address)], b"")
