"""The command line checks PDFs for a designer who has no site."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from bhp_site.pdf.__main__ import main

from ..run import ROOT
from .pdfs import make_blank, make_part, make_tagged, report, with_attachment, with_root


def test_the_command_runs_without_settings_of_a_site(save: Callable[..., Path]) -> None:
    # The child of the test's own process would inherit DJANGO_SETTINGS_MODULE.
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    block_django = (
        "import sys; sys.modules['django'] = sys.modules['wagtail'] = None; sys.argv[0] = 'pdf'; "
        "import runpy; runpy.run_module('bhp_site.pdf', run_name='__main__')"
    )
    result = subprocess.run(
        [sys.executable, "-c", block_django, "check", str(save(report()))],
        env=env,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1, result.stderr
    assert "The title is not shown" in result.stdout
    assert result.stderr == ""


def test_faults_are_named_with_their_pages_and_what_to_do(
    save: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(make_tagged(make_part("Figure", "x"), make_part("H3", "Too deep")))
    assert main(["check", str(path)]) == 1
    first, *rest = capsys.readouterr().out.split("\n\n")
    assert first == f"{path}: 2 faults found, 1 of them serious."
    assert rest[0].startswith("Serious: Images have no description, on page 1\n  Screen readers")
    assert "(PDF/UA-1 7.3; WCAG 2.2 1.1.1)" in " ".join(rest[0].split())
    assert rest[1].startswith("Heading levels are skipped, on page 1\n")
    assert max(map(len, rest[0].splitlines())) <= 80


def test_one_serious_fault_is_counted_as_one(
    save: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(save(make_tagged(make_part("Figure", "x"))))]) == 1
    assert ": 1 fault found, which is serious.\n" in capsys.readouterr().out


def test_advice_alone_is_no_fault(
    save: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [make_part("TR", make_part("TD", "a"), make_part("TD", "b")) for _ in range(2)]
    assert main(["check", str(save(make_tagged(make_part("Table", *rows))))]) == 0
    text = capsys.readouterr().out
    assert ": No faults found; 1 piece of advice.\n\nAdvice: A table has no header cells" in text


def test_a_good_file_has_no_faults(
    save: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(make_tagged(make_part("P", "Words")))
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: No faults found.\n"


SCRIPT = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This file is empty."),
        (b"<!doctype html>", "This is not a PDF"),
        (b"%PDF-1.7 nothing", "This PDF is damaged or incomplete"),
        (lambda: with_root(OpenAction=SCRIPT)(), "This PDF contains JavaScript"),
        (lambda: with_attachment("Setup.exe", b"MZ")(), "program attached, “Setup.exe”."),
        (lambda: make_blank(0), "This PDF has no pages."),
    ],
    ids=["empty", "no pdf", "damaged", "hostile", "attachment", "no pages"],
)
def test_a_file_that_cannot_be_checked_gets_one_clear_line(
    save: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | Callable[[], pikepdf.Pdf],
    message: str,
) -> None:
    path = tmp_path / "upload.pdf"
    path.write_bytes(content) if isinstance(content, bytes) else save(content())
    assert main(["check", str(path)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"{path}: ")
    assert message in output.err
    assert output.err.count("\n") == 1


def test_a_locked_file_is_told_as_such(
    save: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(make_blank(), encryption=pikepdf.Encryption(owner="secret", user="secret"))
    assert main(["check", str(path)]) == 2
    assert "locked with a password" in capsys.readouterr().err


def test_a_missing_file_and_a_folder_are_told_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "none.pdf"), str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"{tmp_path}/none.pdf: There is no such file.\n{tmp_path}: This is not a file.\n"
    )


def test_a_file_that_takes_too_long_is_given_up(
    save: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--timeout", "0.01", str(save(make_blank()))]) == 2
    assert "took longer than 0.01 seconds" in capsys.readouterr().err


def test_of_several_files_the_worst_decides(save: Callable[..., Path], tmp_path: Path) -> None:
    good = save(make_tagged(make_part("P", "Words"))).rename(tmp_path / "good.pdf")
    bad = save(make_blank())
    assert main(["check", str(good), str(bad)]) == 1
    assert main(["check", str(good), str(tmp_path / "none.pdf"), str(bad)]) == 2


@pytest.mark.parametrize(
    "arguments",
    [[], ["check"], ["other"], ["check", "a.pdf", "--timeout", "x"], ["check", "--timeout", "0"]],
)
def test_a_wrong_command_ends_with_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m bhp_site.pdf" in capsys.readouterr().err


def test_the_help_documents_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["check", "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "exit status:" in text
    assert "0  no faults were found" in text
