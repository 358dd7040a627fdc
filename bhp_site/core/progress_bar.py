"""A progress bar for long management commands."""

from typing import Any


class ProgressBar:
    """Draw a bar on `out` while it is a terminal; call it with the number of steps just done."""

    WIDTH_CHARACTERS = 40

    def __init__(self, out: Any, total: int) -> None:
        self.out, self.total, self.done = out, total or 1, 0

    def __call__(self, steps: int) -> None:
        """Count `steps` more as done; redraw the bar if its percentage changes."""
        before, self.done = self.done, self.done + steps
        percent = 100 * self.done // self.total
        if not self.out.isatty() or 100 * before // self.total == percent:
            return
        filled = self.WIDTH_CHARACTERS * self.done // self.total
        bar = "█" * filled + "·" * (self.WIDTH_CHARACTERS - filled)
        self.out.write(f"\r{bar} {percent} %", ending="")

    def end(self) -> None:
        """End the bar's line."""
        if self.out.isatty():
            self.out.write("")
