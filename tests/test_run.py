"""A leg that fails is never reported as one that the machine cannot run."""

import subprocess
from pathlib import Path

import pytest

from . import run
from .legs import ROOT
from .postgresql_cluster import Missing
from .run import chromium, run_in_browser


def skip_a_flow(monkeypatch: pytest.MonkeyPatch, *, others_pass: bool) -> None:
    """Let pytest, instead of running browser flows, report that one was skipped."""

    def write_report(*command: str, **env: str) -> bool:
        [option] = [each for each in command if each.startswith("--junitxml=")]
        Path(option.partition("=")[2]).write_text("<testcase><skipped/></testcase>")
        return others_pass

    monkeypatch.setattr(run, "run", write_report)


def test_a_browser_that_cannot_be_launched_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    skip_a_flow(monkeypatch, others_pass=True)
    with pytest.raises(Missing, match="Chromium"):
        run_in_browser("chromium", [])


def test_a_flow_that_fails_is_a_failure_although_another_was_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    skip_a_flow(monkeypatch, others_pass=False)
    assert not run_in_browser("chromium", [])


def test_the_headless_shell_is_used_where_all_flows_are_not_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shell, browser = tmp_path / "chromium-headless-shell", tmp_path / "chromium"
    for program in (shell, browser):
        program.touch(mode=0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)
    assert (chromium(), chromium(with_windows=True)) == (str(shell), str(browser))
    browser.unlink()
    assert chromium(with_windows=True) == str(shell)
    shell.unlink()
    assert chromium() is None


def test_the_command_that_compiles_the_tests_works_and_prints_nothing() -> None:
    found = subprocess.run([*run.COLLECT, __file__], capture_output=True, text=True, cwd=ROOT)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
