"""What visitors type, as words: nothing of it is an operator of any search engine."""

import re
import unicodedata

LONGEST = 200
MOST_TERMS = 20


def terms_of(text: str) -> list[str]:
    """The words looked for: letters and digits only, cut to what a search engine can bear."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text[:LONGEST]))[:MOST_TERMS]
