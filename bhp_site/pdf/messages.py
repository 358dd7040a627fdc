"""All messages about a PDF: why it is refused, and what its findings mean.

Written for the people who make the file. They are only here, so that the command line and a web
site say the same. Messages of refusals say what is wrong, then what to do.
"""

from dataclasses import dataclass

SERIOUS, FAULT, ADVICE = "serious", "fault", "advice"
PDF_UA, WCAG = "PDF/UA-1 ", "WCAG 2.2 "


@dataclass(frozen=True)
class FindingMessage:
    """The message of a kind of finding.

    `level` is SERIOUS if the finding keeps some people out altogether, FAULT if it breaks a rule,
    ADVICE if it breaks none. `clause` names the rule and `title` the finding. `meaning` is one
    sentence about its effect on readers; `what_to_do` says how to fix it in the usual programs.
    """

    level: str
    clause: str
    title: str
    meaning: str
    what_to_do: str


# By code. The findings that matter most to readers come first, and are shown in this order.
FINDING_MESSAGES = {
    "no_text": FindingMessage(
        SERIOUS,
        f"{WCAG}1.4.5",
        "The pages are images of text",
        "People cannot listen to the text, search it or reflow it.",
        "Export the original document instead of scanning it. If it is lost, use “Recognise text” "
        "in Acrobat and proofread the result.",
    ),
    "not_tagged": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.1; {WCAG}1.3.1",
        "The file is not tagged",
        "Screen readers find no headings and no reading order.",
        "In Word choose “Document structure tags for accessibility” when you save as PDF; in "
        "InDesign choose “Create tagged PDF”.",
    ),
    "locked": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.16",
        "The security settings block screen readers",
        "People who use a screen reader cannot read the file.",
        "In Acrobat open File, Properties, Security and allow text access for screen readers, or "
        "remove the security settings.",
    ),
    "dynamic_form": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.15",
        "Most programs cannot show the form",
        "People see a page that says “Please wait” instead.",
        "Save it as a static form, or make a new form in Word or Acrobat, or on a web page.",
    ),
    "untagged": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.1; {WCAG}1.3.1",
        "Some text is not tagged",
        "Screen readers skip it.",
        "In Acrobat use “Autotag” or “Reading order” on these pages. In InDesign give the frames "
        "export tags, or mark decoration as an artefact.",
    ),
    "all_set_aside": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.1; {WCAG}1.3.1",
        "All text is marked as decoration",
        "Screen readers skip it as if the pages were empty.",
        "Export the original document again with tags, or remove the artefact marks in Acrobat and "
        "use “Autotag document”.",
    ),
    "figure": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.3; {WCAG}1.1.1",
        "Images have no description",
        "Screen readers say only “graphic”.",
        "Use “View alt text” in Word or “Object export options” in InDesign. Say what the image "
        "shows, or mark it as decorative.",
    ),
    "formula": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.7; {WCAG}1.1.1",
        "Formulas have no description",
        "Screen readers read single characters, or nothing.",
        "Add alternative text that says the formula in words, in Word or under “Tags” in Acrobat.",
    ),
    "font_unicode": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.21.7; {WCAG}1.3.1",
        "Some text cannot be read aloud or copied",
        "A font does not say which letters its shapes stand for.",
        "Export the file again with a common font. Do not use “Convert text to outlines” or a "
        "printer driver.",
    ),
    "language_missing": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.2; {WCAG}3.1.1",
        "The language is missing",
        "Screen readers may pronounce the text as another language.",
        "Set the proofing language in Word, the language of the paragraph style in InDesign, or "
        "the language under File, Properties, Advanced in Acrobat.",
    ),
    "fields_undescribed": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.18.1; {WCAG}4.1.2",
        "Form fields have no name",
        "People who use a screen reader do not know what to fill in.",
        "Write what each field is for into its “Tooltip”, under “Prepare form” in Acrobat or in "
        "the program that the form was made in.",
    ),
    "language_invalid": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2; {WCAG}3.1.1",
        "A language code is not valid",
        "Screen readers may pronounce the text as another language.",
        "Use a code such as “en-GB” or “cy”. In Acrobat it is under File, Properties, Advanced, or "
        "under “Tags” for a part of the text.",
    ),
    "title_missing": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1; {WCAG}2.4.2",
        "The XMP metadata has no title",
        "Screen readers may announce the file name instead, even if there is a title elsewhere.",
        "Fill in File, Info, Title in Word or File, File information in InDesign, then export the "
        "file again.",
    ),
    "title_hidden": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1; {WCAG}2.4.2",
        "The title is not shown",
        "Windows and tabs show the file name instead.",
        "In Acrobat open File, Properties, Initial view and show “Document title”. In InDesign "
        "choose “Display title” when you export.",
    ),
    "headings_skipped": FindingMessage(
        FAULT,
        f"{PDF_UA}7.4.2; {WCAG}1.3.1",
        "Heading levels are skipped",
        "People who move from heading to heading may think that a part is missing.",
        "Begin with heading 1 and go down one level at a time. Use the styles of Word or InDesign.",
    ),
    "headings_mixed": FindingMessage(
        FAULT,
        f"{PDF_UA}7.4.4; {WCAG}1.3.1",
        "Headings are tagged in two ways",
        "Screen readers cannot tell the levels of the headings.",
        "Use the numbered heading styles throughout, or change the tags “H” to “H1”, “H2” and so "
        "on in Acrobat.",
    ),
    "tables": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2 and 7.5; {WCAG}1.3.1",
        "Tables are not built correctly",
        "Screen readers miss rows or cells.",
        "Make the table with the table command, without tables inside it, and export the file "
        "again. Or correct its tags with the table editor in Acrobat.",
    ),
    "table_irregular": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2 and 7.5; {WCAG}1.3.1",
        "Rows of a table have different numbers of cells",
        "Screen readers read cells under the wrong heading.",
        "Avoid split and merged cells, or fill the gaps, and export the file again.",
    ),
    "table_headers": FindingMessage(
        FAULT,
        f"{PDF_UA}7.5; {WCAG}1.3.1",
        "Table cells have no header cell",
        "Screen readers read numbers without saying what they mean.",
        "In Word mark the first row as “Repeat header rows”. In the table editor of Acrobat give "
        "the header cells a scope.",
    ),
    "lists": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2 and 7.6; {WCAG}1.3.1",
        "Lists are not built correctly",
        "Screen readers cannot say how many items there are.",
        "Make lists with the list command instead of dashes and tabs, and export the file again.",
    ),
    "contents": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2; {WCAG}1.3.1",
        "The table of contents is not built correctly",
        "Screen readers do not recognise its lines as a list of places to go to.",
        "Let Word or InDesign create the table of contents, and export the file again.",
    ),
    "notes": FindingMessage(
        FAULT,
        f"{PDF_UA}7.9; {WCAG}1.3.1",
        "Footnotes have no unique IDs",
        "People who follow a note may not find the way back.",
        "Make notes with the footnote command of the program. In Acrobat give each “Note” tag a "
        "unique ID.",
    ),
    "links_undescribed": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.5; {WCAG}2.4.4",
        "Links have no description",
        "Some programs announce only “link”, or the whole address.",
        "Use link text that says where the link leads. In InDesign or Acrobat, fill in the "
        "alternative text of the link.",
    ),
    "links_untagged": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.5; {WCAG}1.3.1",
        "Links are not tagged as links",
        "People cannot reach them without a mouse.",
        "Insert them with the link command before you export. In Acrobat use “Create link "
        "annotations” under “Tags”.",
    ),
    "fields_untagged": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.4; {WCAG}1.3.1",
        "Form fields are not tagged",
        "Screen readers read them in the wrong order, or not at all.",
        "In Acrobat find “Unmarked annotations” under “Tags” and add them.",
    ),
    "annotations_undescribed": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.1; {WCAG}1.1.1",
        "Comments, stamps or drawings have no description",
        "People who cannot see them do not know what they say.",
        "Remove them before you export, or fill in their text in Acrobat.",
    ),
    "annotations_untagged": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.1; {WCAG}1.3.1",
        "Comments, stamps or drawings are not tagged",
        "Screen readers read them in the wrong order, or not at all.",
        "Remove them before you export, or add them under “Tags” in Acrobat.",
    ),
    "tab_order": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.3; {WCAG}2.4.3",
        "The tab order does not follow the reading order",
        "People who use a keyboard jump around the page.",
        "In Acrobat select these pages under “Page thumbnails” and choose “Use document structure” "
        "as their tab order.",
    ),
    "media": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.6; {WCAG}1.1.1",
        "Videos or sounds have no description",
        "People who cannot see or hear them do not know what they say.",
        "Publish them on a web page with captions, or describe them in Acrobat.",
    ),
    "roles": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "Some tags have unknown names",
        "Screen readers cannot say what these parts are.",
        "In InDesign map each style to a tag under “Edit all export tags”. In Acrobat correct the "
        "“Role map”.",
    ),
    "tree": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "The tags are damaged",
        "Programs may read parts in the wrong order.",
        "Export the file again from the original document.",
    ),
    "suspects": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "Tags were guessed and not checked",
        "The reading order may be wrong.",
        "Check what Acrobat has marked as suspect under “Reading order”, or export the original "
        "document with tags.",
    ),
    "artifact_within": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "Text is both tagged and marked as decoration",
        "Some programs read the text aloud, others skip it.",
        "Export the file again from the original document, or decide under “Content” in Acrobat "
        "which it is.",
    ),
    "unmarked": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "Lines, images or running heads are not marked as decoration",
        "Some screen readers read decoration aloud, others skip images that matter.",
        "Mark decoration as an artefact, in InDesign or under “Content” in Acrobat. Tag everything "
        "that has a meaning.",
    ),
    "other_file": FindingMessage(
        FAULT,
        f"{PDF_UA}7.20",
        "A page shows part of another file",
        "People without that file see nothing there.",
        "Export the file with linked pages embedded.",
    ),
    "forms_repeated": FindingMessage(
        FAULT,
        f"{PDF_UA}7.20",
        "Tagged content is drawn more than once",
        "Screen readers read it in one place and skip the others.",
        "Export the file again from the original document, with a current version of the program.",
    ),
    "printers_marks": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.2 and 7.18.8",
        "The file contains printer’s marks",
        "Screen readers may read them aloud.",
        "Export without crop marks and colour bars, with a preset for screens instead of print.",
    ),
    "attachments": FindingMessage(
        FAULT,
        f"{PDF_UA}7.11",
        "An attached file has no proper name",
        "Some programs cannot open it.",
        "Publish it as a separate file, or attach it again with a current version of Acrobat.",
    ),
    "layers": FindingMessage(
        FAULT,
        f"{PDF_UA}7.10",
        "Layers have no name, or change automatically",
        "People may miss what is on the layers.",
        "Merge the layers when you export: in InDesign switch “Create Acrobat layers” off.",
    ),
    "font_missing": FindingMessage(
        FAULT,
        f"{PDF_UA}7.21.4",
        "A font is not embedded",
        "Text may look different on other computers, or be missing.",
        "Export with “Embed all fonts”. In Word choose the PDF/A option.",
    ),
    "font_glyphs": FindingMessage(
        FAULT,
        f"{PDF_UA}7.21.4 and 7.21.8",
        "Some letters are missing from a font",
        "People see empty boxes or gaps.",
        "Choose a font that has these letters, and export the file again.",
    ),
    "font_codes": FindingMessage(
        FAULT,
        f"{PDF_UA}7.21.3 and 7.21.6",
        "A font is built in a way that some programs misread",
        "Text may be shown or read incorrectly.",
        "Export the file again with a current version of the program, or with another font.",
    ),
    "font_widths": FindingMessage(
        FAULT,
        f"{PDF_UA}7.21.5",
        "The letters of a font are not as wide as the file says",
        "Some programs set the text too tightly or too loosely.",
        "Export the file again with a current version of the program, or with another font.",
    ),
    "no_table_headers": FindingMessage(
        ADVICE,
        f"{PDF_UA}7.5; {WCAG}1.3.1",
        "A table has no header cells",
        "If its first row or column has headings, screen readers do not recognise them.",
        "Mark it as “Header row” in Word, or as header cells in the table editor of Acrobat.",
    ),
    "no_headings": FindingMessage(
        ADVICE,
        f"{WCAG}2.4.10",
        "There are no headings",
        "People cannot move from part to part.",
        "Use the heading styles of Word or InDesign for the titles of parts, and export the file "
        "again.",
    ),
    "identification": FindingMessage(
        ADVICE,
        f"{PDF_UA}5",
        "The file states its accessibility standard in an unknown way",
        "Readers notice no difference, but programs that check accessibility may not recognise it.",
        "Export the file again with a current version of the program.",
    ),
    "no_bookmarks": FindingMessage(
        ADVICE,
        f"{WCAG}2.4.5",
        "There are no bookmarks",
        "In a long document, bookmarks help everybody to find a part.",
        "In Word choose “Create bookmarks using headings” when you save as PDF; in InDesign choose "
        "“Bookmarks”.",
    ),
}

# Findings that break a rule.
FAULT_CODES = frozenset(code for code, kind in FINDING_MESSAGES.items() if kind.level != ADVICE)

# By reason. `errors.Unreadable` fills the placeholders.
REFUSAL_MESSAGES = {
    "gone": "This file no longer exists. Export it again from the original document.",
    "empty": "This file is empty. Open it on your own computer. If it is empty there too, export "
    "it again from the original document.",
    "not_pdf": "This is not a PDF, although its name says so. Export the document as PDF from the "
    "program it was made in.",
    "bytes": "This PDF is larger than {max_mb} MB. Export it with smaller images (many programs "
    "call this “minimum size”), or divide it into several files.",
    "pages": "This PDF has more than {max_pages:,} pages. Divide it into several files, for "
    "example one for each part.",
    "damaged": "This PDF is damaged or incomplete and cannot be read. Copy it again, or export it "
    "again from the original document.",
    "no_pages": "This PDF has no pages. Open it on your own computer. If it is empty there too, "
    "export it again from the original document.",
    "unusual": (
        "Other programs may show this PDF, but it cannot be checked here, because its parts are "
        "stored in an unusual way. Export it again from the original document, or save a copy of "
        "it in Acrobat."
    ),
    "password": "This PDF is locked with a password, so readers could not open it. Remove the "
    "password in the program it was made in, and save the PDF without one.",
    "javascript": "This PDF contains JavaScript, a program that would run on readers’ computers. "
    "Remove the scripts in the program it was made in, or export it again without them.",
    "launch": "This PDF contains a launch action, which starts a program on readers’ computers. "
    "Remove the button or link that does so, and export it again.",
    "remote": "This PDF opens a file on another computer, which can tell that computer who reads "
    "it. Replace the link with a web address in the program it was made in, and export it again.",
    "disguised": "This file begins with a program or a web page and continues as a PDF. Export the "
    "document as PDF again from the program it was made in.",
    "submit": "This PDF contains a form that sends what people type to another computer. Remove "
    "the form’s submit button and export it again, or use a web form instead.",
    "import": "This PDF contains an action that imports data from readers’ computers. Remove the "
    "button or link that does so, and export it again.",
    "program": (
        "This PDF has a program attached{named}. Remove the attachment and export the PDF again."
    ),
    "bomb": (
        "Part of this PDF becomes very large when it is decompressed, which could stop readers’ "
        "computers. Export it again from the original document, with smaller images."
    ),
    "crash": (
        "This PDF could not be read. It is damaged, or a page is too complicated. Export it again "
        "from the original document, with simpler drawings and smaller images."
    ),
    "time": "Reading this PDF took longer than {seconds:g} seconds, so it would be slow for "
    "readers too. Export it again with simpler drawings and smaller images, or divide it.",
    "memory": "Reading this PDF needs more memory than is allowed, so many readers could not open "
    "it either. Export it again with smaller images, or divide it into several files.",
}
