"""Returns the memory of images and documents to the system once they are not needed."""

import ctypes
from typing import Any

# Of mallopt(3). Larger blocks have pages of memory of their own, which go back when they are freed.
M_MMAP_THRESHOLD = -3
MAX_SHARED_BLOCK_BYTES = 1024 * 1024


def return_large_blocks(libc: Any = None) -> bool:
    """Let the C library return large blocks as soon as they are freed; False if it cannot.

    glibc raises its limit for that to 32 MB with the first large block that is freed. After that
    it takes images from the heaps of the threads, which keep what they have once needed: four
    threads that converted images of 12 megapixels kept 495 MB, with this limit less than 40 MB.
    """
    mallopt = getattr(libc or ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(M_MMAP_THRESHOLD, MAX_SHARED_BLOCK_BYTES))
