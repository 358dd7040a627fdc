"""The settings of the site with receivers and hooks that fail on demand."""

from bhp_site.settings import *  # noqa: F403
from bhp_site.settings import INSTALLED_APPS

INSTALLED_APPS += ["tests.faults.faulty_app.FaultyConfig"]
