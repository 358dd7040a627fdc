"""How far a long command has come."""

from typing import Any


class Bar:
    """A line that fills up; only where somebody watches."""

    WIDTH = 40

    def __init__(self, out: Any, whole: int) -> None:
        self.out, self.whole, self.done = out, whole or 1, 0

    def __call__(self, more: int) -> None:
        before, self.done = self.done, self.done + more
        if not self.out.isatty() or 100 * before // self.whole == 100 * self.done // self.whole:
            return
        filled = self.WIDTH * self.done // self.whole
        line = "█" * filled + "·" * (self.WIDTH - filled)
        self.out.write(f"\r{line} {100 * self.done // self.whole} %", ending="")

    def end(self) -> None:
        if self.out.isatty():
            self.out.write("")
