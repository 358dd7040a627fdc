"""Limits on how long the site waits for PostgreSQL."""

import time
from collections.abc import Callable, Generator
from typing import Any

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# A query that takes this long makes the site ask on another connection whether the server answers.
PROBE_SECONDS = 1.5
# PostgreSQL's smallest timeout of a connection attempt.
CONNECT_TIMEOUT_SECONDS = 2


def limit_waits(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let queries of a new PostgreSQL connection fail if the server hangs.

    A server that is frozen keeps its connections open and acknowledges what it receives, so neither
    its own timeouts nor those of TCP end a query. Receiver of `connection_created`.
    """
    if connection.vendor != "postgresql":
        return
    opened: Any = connection.connection
    wait = opened.wait

    def wait_with_limit(generator: Any, *args: Any, **kwargs: Any) -> Any:
        return wait(check_while_waiting(generator, opened, is_answering), *args, **kwargs)

    opened.wait = wait_with_limit


def lift_limits(using: str, **kwargs: Any) -> None:
    """Let migrations take as long as they need, but wait briefly for locks.

    A migration that waits for a lock would make all requests behind it wait. Receiver of
    `pre_migrate`.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = '2s'")


def check_while_waiting(
    generator: Any, opened: Any, answers: Callable[[Any], bool]
) -> Generator[Any, Any, Any]:
    """Yield and return what `generator`, psycopg's wait for a reply, does; probe meanwhile.

    If `answers(opened)` is False after PROBE_SECONDS, close the connection `opened` and raise
    OperationalError.
    """
    probe_at = time.monotonic() + PROBE_SECONDS
    try:
        state = next(generator)
        while True:
            ready = yield state
            if not ready and time.monotonic() > probe_at:
                if not answers(opened):
                    opened.close()
                    raise psycopg.OperationalError("The database server does not answer.")
                probe_at = time.monotonic() + PROBE_SECONDS
            state = generator.send(ready)
    except StopIteration as end:
        return end.value


def is_answering(opened: Any) -> bool:
    """Return True if the server of the connection `opened` accepts another connection.

    An error such as “too many connections” is an answer too.
    """
    options = {
        "password": opened.info.password,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
    }
    try:
        psycopg.connect(opened.info.dsn, **options).close()
    except psycopg.errors.ConnectionTimeout:
        return False
    except psycopg.OperationalError as error:
        return "FATAL" in str(error)
    return True
