"""The child process of the sandbox: it gives up its rights, reads one file and prints the answer.

Started by `sandbox.run_in_sandbox` only. Whatever a hostile file does to a parser ends here.
"""

import importlib
import json
import math
import os
import resource
import sys
import traceback
from collections.abc import Callable
from typing import Any

from bhp_site.pdf.errors import DeadlineExceeded, Unreadable

MAX_OUTPUT_BYTES = 16 * 1024 * 1024  # of any file written here: the answer, an image
MAX_OPEN_FILES = 32


def limit_process(seconds: float, memory_bytes: int) -> None:
    """Limit this process permanently to the resources that reading one file needs (setrlimit(2)).

    When the processor time is spent the kernel kills the process. Kernels other than Linux refuse
    some of these limits; the parent's clock remains in force there. Raise OSError or ValueError on
    Linux if a limit cannot be set.
    """
    for limit, maximum in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, math.ceil(seconds)),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT_BYTES),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(limit, (maximum, maximum))
        except (OSError, ValueError):
            if sys.platform == "linux":
                raise


def build_answer(function: Callable[..., dict[str, Any]], **arguments: Any) -> dict[str, Any]:
    """Return what `function` returns, or {"refused": reason, "detail": text} if it raises.

    Every exception becomes a reason, because a damaged file can make a parser raise anything.
    """
    detail = ""
    try:
        return function(**arguments)
    except Unreadable as error:
        reason, detail = error.reason, error.detail
    except DeadlineExceeded:
        reason = "time"
    except MemoryError:
        reason = "memory"
    except Exception:
        traceback.print_exc()
        reason = "damaged"
    return {"refused": reason, "detail": detail}


def run(target: str, arguments: str, memory_bytes: str) -> None:
    """Limit this process, call the function "module:function", print its result and exit."""
    order = json.loads(arguments)
    module_name, _, name = target.partition(":")
    function = getattr(importlib.import_module(f"bhp_site.pdf.{module_name}"), name)
    limit_process(order["seconds"], int(memory_bytes))
    answer = json.dumps(build_answer(function, **order), ensure_ascii=False)
    # Lone surrogates become escapes, which JSON allows.
    sys.stdout.buffer.write(answer.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
    os._exit(0)  # Closing a damaged document could still crash the libraries.
