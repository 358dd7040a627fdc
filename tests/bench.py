"""Measures what the site is to reach, in one run: `make bench`.

Starts demonstrations of its own and whatever they are compared with: nginx and wrk, where they are
installed, granian with an application that does nothing, an empty Wagtail site. Each part may be
run alone (`make bench-pages`, `-page-cache`, `-files` …); the last table
has all goals.
"""

import shutil
import sys

from .bench_files import (
    LONG_FILE_BYTES,
    SHORT_FILE_BYTES,
    measure_files,
    measure_files_in_bucket,
    measure_stalled_clients,
)
from .bench_memory import measure_memory
from .bench_page_cache import measure_cached_pages, measure_changes
from .bench_pages import pages
from .bench_search import search
from .bench_texts import texts
from .measuring import tell
from .server.live_server import serve, site_of_its_own
from .server.nginx import NGINX


def main() -> None:
    if not NGINX:
        print("nginx is not installed: the server alone is the measure.")
    if not shutil.which("wrk"):
        print("wrk is not installed: Python asks, which takes more of the machine.")
    with site_of_its_own(SHORT_FILE_BYTES, LONG_FILE_BYTES, DEMO="1") as folder:
        # First: it looks at the largest process that was.
        goals = texts()
        goals += pages(folder)
        with serve(folder) as site:
            goals += measure_memory(site)
            goals += measure_cached_pages(site, folder)
            goals += measure_files(site, folder)
            goals += measure_stalled_clients(site)
            goals += measure_changes(site, folder)
    goals += measure_files_in_bucket()
    goals += search()
    tell(goals)
    sys.exit(not all(goal.holds for goal in goals))


if __name__ == "__main__":
    main()
