"""`docs/architecture.md` lists what runs by itself: receivers, jobs and caches."""

import ast
import re
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.dispatch import Signal

from bhp_site.jobs import JOBS

from .subprocesses import ROOT

DOCUMENT = ROOT / "docs" / "architecture.md"
PACKAGES = ("bhp_site", "news", "reports", "partners")
# What keeps a value: Django's cache, functools' decorators, and the site's own.
CACHE_NAMES = {"cache", "caches", "lru_cache", "cached_until_change", "cached_aggregate"}


def get_section(heading: str) -> str:
    """Return the text below `heading` of the document, up to the next heading."""
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", DOCUMENT.read_text(), re.M | re.S)
    assert found, f"docs/architecture.md has no section “{heading}”"
    return found[1]


def get_rows(heading: str) -> set[str]:
    """Return the first cell of every row of the table below `heading`, without backticks."""
    rows = re.findall(r"^\| `([^`]+)` \|", get_section(heading), re.M)
    assert len(rows) == len(set(rows)), f"“{heading}” lists something twice"
    return set(rows)


def find_signals() -> Iterator[Signal]:
    """Yield every signal that a loaded module names, each once."""
    seen: set[int] = set()
    for module in list(sys.modules.values()):
        for value in list(vars(module).values()) if module else ():
            # `type`, because `isinstance` would evaluate lazy objects.
            if issubclass(type(value), Signal) and id(value) not in seen:
                seen.add(id(value))
                yield value


def find_receivers() -> set[str]:
    """Return the dotted names of the site's own functions that receive signals."""
    receivers = set()
    for signal in find_signals():
        for _, reference, *_ in signal.receivers:
            receiver: Any = reference
            if isinstance(reference, weakref.ReferenceType):
                receiver = reference()
            module = getattr(receiver, "__module__", "")
            if module.split(".")[0] in PACKAGES:
                receivers.add(f"{module}.{receiver.__qualname__}")
    return receivers


def find_source_files() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def uses_cache(source: str) -> bool:
    """Return True if a module calls or decorates with something that keeps values."""
    tree = ast.parse(source)
    imported = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.name in CACHE_NAMES
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "functools.cache":
            return True
        if isinstance(node, ast.Name) and node.id in imported:
            return True
    return False


def find_tasks() -> set[str]:
    """Return the dotted names of the functions that are tasks."""
    tasks = set()
    for path in find_source_files():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any(
                ast.unparse(decorator).startswith("task(") for decorator in node.decorator_list
            ):
                tasks.add(f"{module}.{node.name}")
    return tasks


def test_every_receiver_is_listed() -> None:
    assert get_rows("Signals and receivers") == find_receivers()


def test_every_job_and_task_is_listed() -> None:
    assert get_rows("Jobs") == {job.name for job in JOBS} | find_tasks()


def test_every_cache_is_listed() -> None:
    using = {
        str(path.relative_to(ROOT)) for path in find_source_files() if uses_cache(path.read_text())
    }
    listed = set(re.findall(r"`([\w/]+\.py)`", get_section("Caches")))
    assert using - listed == set(), "add these modules to the table of caches"
    assert all((ROOT / path).is_file() for path in listed)


@pytest.mark.parametrize("name", ["README.md", "docs/architecture.md", "docs/where.md"])
def test_files_that_are_named_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    named = re.findall(r"`((?:[\w.-]+/)+(?:[\w-]+\.\w+)?)`", text)
    assert named
    assert [path for path in named if path != "var/" and not (ROOT / path).exists()] == []


def test_every_package_is_on_the_map() -> None:
    packages = {
        f"{path.parent.relative_to(ROOT)}/"
        for path in ROOT.glob("bhp_site/*/__init__.py")
        if path.parent.name != "formats"
    }
    assert packages - set(re.findall(r"`([\w/]+/)`", get_section("Map"))) == set()


def test_the_glossary_has_each_term_once_in_order() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text()
    terms = re.findall(r"^- \*\*([^*]+)\*\* — ", text, re.M)
    assert len(terms) == text.count("\n- ")
    assert terms == sorted(set(terms), key=str.lower)
