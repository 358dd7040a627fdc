"""Errors that say what is to happen to a task."""


class TemporaryFailure(Exception):
    """Raised while something is away that will come back: the task is tried until it is.

    Such an attempt does not count, so the task is never given up.
    """
