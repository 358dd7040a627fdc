"""Command line: `python -m bhp_site.pdf check report.pdf` prints what to fix in a PDF."""

import argparse
import logging
import sys
import textwrap
from pathlib import Path

from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.findings import ExplainedFinding, explain_findings
from bhp_site.pdf.reader import read_pdf

NO_FAULTS, FAULTS, NOT_CHECKED = 0, 1, 2
DEFAULT_TIMEOUT_SECONDS = 60.0
LINE_WIDTH = 80
DESCRIPTION = "Check PDFs for accessibility, and for content that must not be published."
EPILOG = """\
exit status:
  0  no faults were found (there may be advice)
  1  faults were found
  2  a file could not be checked or must not be published, or the command is wrong

The check covers what software can check of PDF/UA-1. Check the rest yourself, above all
the reading order and whether descriptions say what images show.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status; exit with 2 if `arguments` are wrong.

    `arguments` default to those of the process.
    """
    options = build_parser().parse_args(arguments)
    # A damaged file gets one sentence: what the parsers say of it is for developers.
    logging.getLogger("bhp_site.pdf").addHandler(logging.NullHandler())
    return max(check_file(path, options.timeout) for path in options.files)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bhp_site.pdf", description=DESCRIPTION)
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")
    check = commands.add_parser(
        "check",
        help="print what to fix in PDFs",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("files", nargs="+", type=Path, metavar="file.pdf")
    check.add_argument(
        "--timeout",
        type=parse_seconds,
        default=DEFAULT_TIMEOUT_SECONDS,
        metavar="SECONDS",
        help="stop reading a file after this many seconds (default: %(default)g)",
    )
    return parser


def parse_seconds(text: str) -> float:
    """Return a number of seconds; raise ArgumentTypeError if it is not more than 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds")
    return seconds


def check_file(path: Path, timeout_seconds: float) -> int:
    """Print the findings of one file, or why it cannot be checked; return the exit status."""
    try:
        if path.exists() and not path.is_file():
            print(f"{path}: This is not a file.", file=sys.stderr)
            return NOT_CHECKED
        facts = read_pdf(path, seconds=timeout_seconds)
    except FileNotFoundError:
        print(f"{path}: There is no such file.", file=sys.stderr)
        return NOT_CHECKED
    except OSError as error:
        print(f"{path}: The file cannot be opened: {error.strerror}.", file=sys.stderr)
        return NOT_CHECKED
    except Unreadable as error:
        print(f"{path}: {error.message}", file=sys.stderr)
        return NOT_CHECKED
    rows = ({"code": finding.code, "pages": [*finding.pages]} for finding in facts.findings)
    findings = explain_findings(rows)
    print(f"{path}: {summarise(findings)}")
    for finding in findings:
        print(f"\n{format_finding(finding)}")
    return FAULTS if any(not finding.advice for finding in findings) else NO_FAULTS


def summarise(findings: list[ExplainedFinding]) -> str:
    """Return one sentence that counts the findings."""
    faults = sum(not finding.advice for finding in findings)
    serious = sum(finding.serious for finding in findings)
    text = f"{faults} {'fault' if faults == 1 else 'faults'} found" if faults else "No faults found"
    if serious:
        text += f", {serious} of them serious" if faults > 1 else ", which is serious"
    if advice := len(findings) - faults:
        text += f"; {advice} {'piece' if advice == 1 else 'pieces'} of advice"
    return f"{text}."


def format_finding(finding: ExplainedFinding) -> str:
    """Return a finding as a paragraph: its label, then what it means and what to do."""
    body = f"{finding.meaning} {finding.what_to_do} ({finding.clause})"
    return "\n".join(
        [
            finding.label,
            *textwrap.wrap(body, LINE_WIDTH, initial_indent="  ", subsequent_indent="  "),
        ]
    )


if __name__ == "__main__":
    # A terminal of another encoding shows “?” for what it cannot show.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main())
