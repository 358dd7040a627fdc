#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # As for the site's own processes: what a command writes is for its user alone. Static files are
    # public, and another user may serve them.
    if sys.argv[1:2] != ["collectstatic"]:
        os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhp_site.settings")
    execute_from_command_line(sys.argv)
