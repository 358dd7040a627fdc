"""The settings of the site, in a process whose clock is wrong by as much as a file says.

Debian's `faketime` cannot be used: it lets Python's `time.sleep` fail when only the clock is set.
"""

import datetime
import os
import threading
from pathlib import Path

import time_machine

from bhp_site.settings import *  # noqa: F403

POLL_SECONDS = 0.2
CLOCK = Path(os.environ["FAULTY_CLOCK"])

traveller = time_machine.travel(datetime.datetime.now(datetime.UTC), tick=True)
traveller_time = traveller.start()


def follow_file() -> None:
    """Set the clock of this process as the file says, whenever that changes."""
    hatch = time_machine.escape_hatch.time
    last, pause = "", threading.Event()
    while True:
        text = CLOCK.read_text()
        if text != last:
            traveller_time.move_to(hatch.time() + float(text))
            last = text
        pause.wait(POLL_SECONDS)


def start_following() -> None:
    """Start the thread that follows the file."""
    threading.Thread(target=follow_file, daemon=True).start()


traveller_time.move_to(time_machine.escape_hatch.time.time() + float(CLOCK.read_text()))
start_following()
os.register_at_fork(after_in_child=start_following)
