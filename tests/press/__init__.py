"""What the press list, press packs and releases under embargo do."""

import re
from typing import Any

from bs4 import BeautifulSoup


def get_text(response: Any) -> str:
    """Return the text of an HTML response in one line."""
    text = BeautifulSoup(response.text, "html.parser").get_text(" ")
    return re.sub(r" ([,:.”])", r"\1", " ".join(text.split())).replace("“ ", "“")
