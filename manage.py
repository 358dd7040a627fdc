#!/usr/bin/env python
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from environs import EnvError

from bhp_site import json_lines

# What systemd and containers run; the output of the others is for the person who runs them.
LOGGING_COMMANDS = ["schedule", "run_worker", "create_bucket"]


def main() -> None:
    """Run the management command that the arguments name.

    Raises SystemExit with one sentence if the settings are refused.
    """
    # As for the site's own processes: what a command writes is for its user alone. Static files are
    # public, and another user may serve them.
    if sys.argv[1:2] != ["collectstatic"]:
        os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhp_site.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EnvError, OSError) as error:
        # With settings it is a fault of the command, whose traceback says where.
        if settings.configured:
            raise
        raise SystemExit(f"The settings cannot be used: {error}") from error


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in LOGGING_COMMANDS:
        sys.exit(json_lines.run(main))
    main()
