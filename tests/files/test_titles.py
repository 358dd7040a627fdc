"""Titles that a program wrote into a PDF are not proposed; those that a person wrote are."""

import pytest

from bhp_site.files.titles import is_from_file_name, is_usable_title, propose_title

USABLE = [
    "Report of Activity 2022 to 2024",
    "Birmingham Health Partners: five-year strategy",
    "COVID-19 and the West Midlands",
    "Draft framework for health data: responses to our consultation",
    "Final report of the independent review",
    "Slide rules and other tools",
    "Title deeds of the old hospital",
    "Microsoft Word for clinicians",
    "Test and trace in Birmingham",
    "Who we are",
    "Adroddiad blynyddol 2023",
    "年度報告書二〇二三",
    "Children’s health: what we know (second edition)",
    "Documents of the partnership",
    "Scan services in the region",
    "Page by page: a guide to reading reports",
    "Untitled lives: people without papers",
]
NOT_USABLE = [
    "",
    "   ",
    "12",
    "2022-11-24",
    "C:\\Users\\SmithJ\\Desktop\\draft.doc",
    "\\\\server\\share\\Annual report",
    "/Users/jo/report",
    "/var/folders/x1/T/report",
    "~/Documents/report",
    "file:///C:/temp/print.htm",
    "https://docs.example.org/document/d/1",
    "www.example.org",
    "about:blank",
    "Microsoft Word - Report of Activity FINAL v7",
    "Microsoft Word - Document1",
    "Microsoft PowerPoint - Board slides",
    "Microsoft Excel - Book2.xlsx",
    "Microsoft Word",
    "Word Document",
    "PowerPoint Presentation",
    "Presentation1",
    "Slide 1",
    "Slide 1 of 12",
    "No Slide Title",
    "untitled",
    "Untitled-1",
    "Untitled document",
    "Document1",
    "Document 2",
    "Book1",
    "Sheet1",
    "Layout 1",
    "Full page photo",
    "Scanned document",
    "Scan_20221124",
    "scan0001",
    "IMG_2034",
    "DSC 01234",
    "report_final_v3.indd",
    "Report of Activity.pdf",
    "Annual report 2022.docx",
    "Annual report.indd [Read-Only]",
    "Report of Activity FINAL v7",
    "Report of Activity v2.1",
    "Report of Activity - final (2)",
    "Copy of Report of Activity",
    "report_of_activity_2022",
    "report-of-activity-2022",
    "3f2504e04f8911d39a0c0305e82c3301",
    "[Document title]",
    "<title>",
    "Click to edit Master title style",
    "Ohne Titel",
    "Sans titre 1",
    "Adobe Photoshop PDF \ufffd",
    "Google Docs",
    "a\x00\x01",
]


@pytest.mark.parametrize("title", USABLE)
def test_a_title_that_a_person_wrote_is_proposed(title: str) -> None:
    assert is_usable_title(title, "upload.pdf")
    assert propose_title(f" {title}\n", "upload.pdf") == title


@pytest.mark.parametrize("title", NOT_USABLE)
def test_a_title_that_a_program_wrote_is_not(title: str) -> None:
    assert not is_usable_title(title, "upload.pdf")
    assert propose_title(title, "The plan.pdf") == "The plan"


@pytest.mark.parametrize("title", ["BHP Strategy", "bhp-strategy", "BHP_Strategy"])
def test_the_name_of_the_file_itself_is_no_title(title: str) -> None:
    assert not is_usable_title(title, "bhp strategy.pdf")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("report_of_activity.pdf", "Report of activity"),
        ("report-of-activity-2022.pdf", "Report of activity 2022"),
        ("Report of Activity FINAL v7.pdf", "Report of Activity"),
        ("Report_final_v3 (2).pdf", "Report"),
        ("C:\\Users\\SmithJ\\Desktop\\draft plan.pdf", "Draft plan"),
        ("Self-care guide.pdf", "Self-care guide"),
        ("___.pdf", "Document"),
        (".pdf", ".pdf"),
        ("", "Document"),
        ("x" * 400 + ".pdf", "X" + "x" * 254),
    ],
)
def test_else_the_title_is_made_from_the_files_name(name: str, title: str) -> None:
    assert propose_title("", name) == title


def test_a_title_that_was_typed_is_told_from_a_files_name() -> None:
    assert is_from_file_name("report of activity", "Report_of-Activity.pdf")
    assert is_from_file_name("Report.pdf", "Report.pdf")
    assert is_from_file_name("", "Report.pdf")
    assert not is_from_file_name("Our report", "Report.pdf")
