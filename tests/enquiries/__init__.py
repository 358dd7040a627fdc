import re

from django.http import HttpResponse

ADDRESS = "jo@example.com"
WORDS = {"format": "large-print", "email": ADDRESS, "name": "Jo Lee", "message": "All of it."}
PROBLEM = {"page": "/reports/", "message": "The menu cannot be reached.", "tools": "A keyboard"}
COPY_FORM, PROBLEM_FORM = "/accessible-copy/the-report/", "/accessibility-problem/"


def get_stamp(response: HttpResponse) -> str:
    """What the form in it bears: when it was shown."""
    found = re.search('name="stamp" value="([^"]+)"', response.text)
    assert found
    return found[1]
