"""How dates and times are written where no format is given, as in Wagtail's admin."""

# “3 June 2030, 13:00 UK time”: a time without its zone is no time to publish at.
DATETIME_FORMAT = r"j F Y, H:i \U\K \t\i\m\e"
