"""Keeps together words between which a line should not end."""

import calendar
import re

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MONTHS = "|".join(calendar.month_name[1:])
# Before a dash; between a day and its month; between a number and “million” or “billion”.
GAPS = re.compile(rf" (?=[–—] )|(?<=\d) (?=(?:{MONTHS}|million|billion)\b)")


def keep_together(text: str) -> str:
    """Return `text` with no-break spaces before dashes, months of dates, and large units.

    A title then never has a line that begins with a dash: “Born well” – BHP publishes its report.
    """
    return GAPS.sub(NO_BREAK_SPACE, text)
