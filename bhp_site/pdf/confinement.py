"""What a process gives up before it opens a file that comes from anywhere (setrlimit(2))."""

import math
import resource
import sys

MAX_OUTPUT = 16 * 1024 * 1024  # bytes of any file written here: the answer, the cover


def confine(seconds: float, memory_bytes: int) -> None:
    """Give up, for good, what reading one file does not need.

    Past the processor limit the kernel kills the process. Kernels other than Linux refuse some of
    these limits; there the parent's clock remains.
    """
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, math.ceil(seconds)),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            if sys.platform == "linux":
                raise
