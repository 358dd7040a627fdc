"""What everybody may be given is answered here, before Django, and made once when it has changed.

A copy is current while the site's generation is its own. Then, once no more changes follow, one
process of the machine makes the next one, while for up to a second the copy before it answers.
Where nothing can be made, the last copy answers, and says so, unless something was taken from
visitors since.
"""

import asyncio
import datetime
import functools
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from granian.rsgi import Scope
from wagtail.contrib.frontend_cache.utils import purge_urls_from_cache

from bhp_site.core.generation import Generation
from bhp_site.core.machines import listen
from bhp_site.core.storing import FOR_EVERYBODY, KEY, Storable
from bhp_site.files import download_counts

from .answers import OPENED, Answer
from .codings import accepted, coded
from .copies import COLLAPSED, HIT, LAST, STORED, Copy, Sent, objection
from .environments import environment
from .store import LONGEST, Key, Store

logger = logging.getLogger(__name__)

READING = ("GET", "HEAD")
# Addresses that are never kept: Django is asked at once.
NEVER = (
    *("/admin/", "/search/", "/static/", "/media/", "/healthz", "/readyz", "/metrics", "/_util/"),
    *("/accessible-copy/", "/accessibility-problem/", "/request-sent/"),
)
# Seconds that the copy before a change may answer while the next one is made.
OVERTAKEN = 1
# Seconds without another change before it is made: publishing a page is several within moments.
SETTLED = 0.25
# Seconds to wait for the next one before the last copy answers instead.
PATIENCE = 10
# Seconds without asking again for what could not be made.
PAUSE = 1
# Between two looks at what another process makes, in seconds.
GLANCE = 0.005
# Seconds between two times that what is on disk is looked through.
SWEPT = 600
# How many addresses may be remembered that have nothing to keep.
MANY = 10_000

Ask = Callable[[dict[str, Any]], Awaitable[Answer]]


class Failed(Exception):
    """Django cannot answer; what it says instead, where it says anything, is the argument."""


class Edge:
    """Copies in a `store`, made by asking Django with an environment (PEP 3333)."""

    def __init__(
        self, store: Store, generation: Generation, ask: Ask, pool: ThreadPoolExecutor
    ) -> None:
        self.store, self.generation, self.ask, self.pool = store, generation, ask, pool
        self.making: dict[Key, asyncio.Task[tuple[Copy | Answer, str]]] = {}
        # Addresses without anything to keep, with the generation in which that was found.
        self.nothing: dict[Key, int] = {}
        self.asking_again_at = 0.0
        # What `keep_up` has done: the last generations, and when it was.
        self.renewed = self.purged = generation.current
        self.swept = 0.0

    def at_once(self, scope: Scope) -> Answer | None:
        """The answer where it is in memory and current; None where it takes more than a look.

        Called in a thread of granian's own, beside all else here: it changes nothing.
        """
        sent = scope.headers
        key = (sent.get("host"), is_https(sent), scope.path, scope.query_string)
        # A `Key` is a tuple; what cannot be kept is not there.
        copy = self.store.copies.get(key)  # type: ignore[call-overload]
        method = scope.method
        if copy is None or not self.is_current(copy) or is_own(method, sent):
            return None
        copy.used = time.monotonic()
        return self.give(copy, method, sent, HIT)

    async def answer(self, scope: Scope) -> Answer | None:
        """The answer to everybody, made anew where it has to be; None where there is none."""
        key = self.key(scope)
        if key is None:
            return None
        if key.query:
            # What the page at this address reads of a query is known once it has been made.
            page, _ = await self.find(key.alone())
            if not isinstance(page, Copy) or page.redirects(key.query):
                return None
            known = key.knowing(page.parameters)
            if known is None:
                return None
            key = known
        found, status = await self.find(key)
        if isinstance(found, Copy):
            return self.give(found, scope.method, scope.headers, status)
        # Made for everybody, it is the answer to a visitor without any cookie too.
        plain = "cookie" not in scope.headers and scope.method == "GET"
        return compressed(found, scope.headers) if found and plain else None

    def key(self, scope: Scope) -> Key | None:
        """What the answer would be kept by; None where it is for this visitor alone."""
        headers, path, query = scope.headers, scope.path, scope.query_string
        host = headers.get("host") or ""
        if (
            is_own(scope.method, headers)
            or path.startswith(NEVER)
            or max(len(path), len(query)) > LONGEST
        ):
            return None
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            return None
        return Key(host.lower(), is_https(headers), path, query)

    def is_current(self, copy: Copy) -> bool:
        return copy.generation == self.generation.current and time.time() < copy.until

    def is_usable(self, copy: Copy) -> bool:
        """Whether an older copy shows nothing that was taken away since."""
        oldest = self.generation.files if copy.path else self.generation.pages
        return copy.generation >= oldest

    def give(self, copy: Copy, method: str, sent: Sent, status: str) -> Answer | None:
        """What is asked for of a copy; a download is counted where it begins."""
        answer = copy.answer(method, sent, status)
        if copy.version and answer and answer.path and not answer.span[0]:
            download_counts.count_begun(copy.version, sent.get("user-agent") or "")
        return answer

    async def find(self, key: Key) -> tuple[Copy | Answer | None, str]:
        """A copy and where it comes from; an answer, or nothing, where none can be kept."""
        before = self.store.get(key)
        if before and self.is_current(before):
            return before, HIT
        if self.nothing.get(key) == self.generation.current:
            return None, ""
        usable = before if before and self.is_usable(before) else None
        if usable and time.monotonic() < self.asking_again_at:
            return usable, LAST
        meanwhile = usable if usable and self.just_overtaken(usable) else None
        if meanwhile and self.generation.overtaken(self.generation.current - 1) < SETTLED:
            return meanwhile, HIT
        task = self.making.get(key)
        first = task is None
        if task is None:
            task = self.making[key] = asyncio.create_task(self.make(key, before))
            task.add_done_callback(functools.partial(self.finished, key))
        if meanwhile:
            return meanwhile, HIT
        try:
            patience = PATIENCE if usable else None
            made, status = await asyncio.wait_for(asyncio.shield(task), patience)
        except (Failed, TimeoutError) as error:
            self.asking_again_at = time.monotonic() + PAUSE
            return usable or next(iter(error.args), None), LAST
        if isinstance(made, Copy):
            return made, status if first else COLLAPSED
        return made if first else None, ""

    def finished(self, key: Key, task: "asyncio.Task[Any]") -> None:
        del self.making[key]
        # Nobody may be left to hear of a failure.
        if not task.cancelled():
            task.exception()

    def just_overtaken(self, copy: Copy) -> bool:
        """Whether a page may answer while the next one is made; a file's access may have ended."""
        if copy.path:
            return False
        overtaken = self.generation.overtaken(copy.generation)
        return overtaken <= OVERTAKEN and time.time() < copy.until

    async def make(self, key: Key, before: Copy | None) -> tuple[Copy | Answer, str]:
        """The next copy, by this process or another, as is told beside it; raises Failed.

        An answer where it is none to keep.
        """
        while True:
            with self.store.locked(self.store.lock_of(key)) as alone:
                if (made := self.store.read(key)) and self.is_current(made):
                    return made, COLLAPSED
                if alone:
                    return await self.made(key, before or made), STORED
            await asyncio.sleep(GLANCE)

    async def made(self, key: Key, before: Copy | None) -> Copy | Answer:
        # Before it is made: what changes meanwhile makes it old at once.
        generation, until = self.generation.current, next_midnight()
        environ = nobodys(key)
        try:
            answer = await self.ask(environ)
        except Exception as error:
            raise Failed from error
        if answer.status >= 500:
            raise Failed(answer)
        if answer.fleeting:
            # Perhaps nobody sends it.
            asyncio.get_running_loop().call_later(OPENED, Path(answer.path).unlink, True)
        said: Storable | None = environ.get(KEY)
        if said is None or (reason := objection(answer)):
            if said:
                logger.error("%s is called storable, but %s", key.path, reason)
            if len(self.nothing) >= MANY:
                self.nothing.clear()
            self.nothing[key] = generation
            self.store.drop(key)
            return answer
        copy = await self.in_thread(Copy.of, answer, said, generation, until, before)
        self.store.remember(key, copy)
        await self.in_thread(self.store.write, key, copy)
        return copy

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.pool, function, *args)

    async def keep_up(self) -> None:
        """Make anew what has been overtaken, so that there are good copies when nothing answers.

        One process does so at a time, and with at most a quarter of its time.
        """
        while True:
            await asyncio.sleep(OVERTAKEN / 2)
            try:
                await self.catch_up()
            except Exception:
                logger.exception("What was overtaken has not been made anew")

    async def catch_up(self) -> None:
        """One look at what has changed, and whatever follows from it."""
        if settings.SHARED_CACHE:
            await self.in_thread(listen)
        now = self.generation.current
        if now == self.renewed or self.generation.overtaken(now - 1) <= OVERTAKEN:
            return
        if settings.WAGTAILFRONTENDCACHE and now != self.purged:
            self.purged = now
            await self.in_thread(purge, [*self.store.copies])
        with self.store.locked("keeping-up") as alone:
            if alone and await self.renew(now):
                self.renewed = now
            if alone and time.monotonic() - self.swept > SWEPT:
                self.swept = time.monotonic()
                await self.in_thread(self.store.sweep)

    async def renew(self, generation: int) -> bool:
        """Whether all that is in memory is of this `generation` now, the latest used first."""
        for key in self.store.latest_used_first():
            copy, began = self.store.copies.get(key), time.monotonic()
            if copy and not self.is_current(copy):
                _, status = await self.find(key)
                if self.generation.current != generation or status == LAST:
                    return False
                await asyncio.sleep(3 * (time.monotonic() - began))
        return True


def nobodys(key: Key) -> dict[str, Any]:
    """A request for `key` that is nobody's: what a visitor sends does not reach what is kept."""
    headers = {"host": key.host} | ({"x-forwarded-proto": "https"} if key.https else {})
    server = (settings.HOST, settings.PORT)
    environ = environment("GET", key.path, key.query, headers, server)
    return environ | {FOR_EVERYBODY: True, "wsgi.input": BytesIO()}


def is_https(sent: Sent) -> bool:
    return settings.BEHIND_PROXY and sent.get("x-forwarded-proto") == "https"


def is_own(method: str, sent: Sent) -> bool:
    """Whether a request wants more than to read, or comes from somebody who may have signed in."""
    brings = "content-length" in sent or "transfer-encoding" in sent
    signed_in = "cookie" in sent and settings.SESSION_COOKIE_NAME in (sent.get("cookie") or "")
    return signed_in or brings or method not in READING


def purge(keys: list[Key]) -> None:
    """Have proxies forget what they may have got from here: lists change with what they list."""
    purge_urls_from_cache([key.url for key in keys])


def compressed(answer: Answer, sent: Sent) -> Answer:
    """A whole `answer` in the coding that the visitor likes best."""
    made = coded(answer.body or b"", answer.first("content-type"))
    coding = next(one for one in accepted(sent.get("accept-encoding") or "") if one in made)
    if not coding:
        return answer
    kept = [pair for pair in answer.headers if pair[0] not in ("Content-Length", "ETag")]
    length = ("Content-Length", str(len(made[coding])))
    return Answer(answer.status, [*kept, ("Content-Encoding", coding), length], made[coding])


def next_midnight() -> float:
    """When a day begins, in Unix time: pages say who holds a post today."""
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
