"""What each finding means for readers, and what to do about it in the usual programs."""

from dataclasses import dataclass

SERIOUS, FAULT, ADVICE = "serious", "fault", "advice"
PDF_UA, WCAG = "PDF/UA-1 ", "WCAG 2.2 "


@dataclass(frozen=True)
class FindingMessage:
    """A kind of finding; `level` is SERIOUS where it keeps some people out altogether.

    `what_to_do` says first what it means for readers.
    """

    level: str
    clause: str
    title: str
    what_to_do: str


# By code, in the order of what matters to readers.
FINDING_MESSAGES = {
    "no_text": FindingMessage(
        SERIOUS,
        f"{WCAG}1.4.5",
        "The pages are pictures of words",
        "Nobody can hear, search or enlarge them. Export the original document instead of "
        "scanning it; where it is lost, use “Recognise text” in Acrobat and read it through.",
    ),
    "not_tagged": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.1; {WCAG}1.3.1",
        "The file is not tagged",
        "Screen readers find neither headings nor an order of reading. In Word choose “Document "
        "structure tags for accessibility” when saving as PDF; in InDesign “Create tagged PDF”.",
    ),
    "locked": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.16",
        "The file keeps screen readers out",
        "Its security settings forbid reading aloud. In Acrobat open File, Properties, Security, "
        "and allow text access for screen readers, or take the security off.",
    ),
    "dynamic_form": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.15",
        "The form can be filled in by one program only",
        "Everybody else sees a page that says “please wait”. Save it as a static form, or make "
        "the form anew in Word or Acrobat, or as a web form.",
    ),
    "untagged": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.1; {WCAG}1.3.1",
        "Words are not tagged",
        "Screen readers pass over them. In Acrobat use “Autotag” or “Reading order” on these "
        "pages; in InDesign give the frames export tags, or mark decoration as an artefact.",
    ),
    "all_set_aside": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.1; {WCAG}1.3.1",
        "All words are marked as decoration",
        "Screen readers pass over them as if the pages were empty. Export the original document "
        "again with tags; in Acrobat use “Autotag document” after removing the artefact marks.",
    ),
    "figure": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.3; {WCAG}1.1.1",
        "Pictures have no description",
        "Who cannot see them is told “graphic” and no more. In Word choose “View alt text”, in "
        "InDesign “Object export options”; say what the picture tells, or mark it as decorative.",
    ),
    "formula": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.7; {WCAG}1.1.1",
        "Formulas have no description",
        "They are read out as loose signs, or not at all. Add alternative text that says the "
        "formula in words, in Word or under “Tags” in Acrobat.",
    ),
    "font_unicode": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.21.7; {WCAG}1.3.1",
        "Some words cannot be read aloud or copied",
        "A font does not say which letters its shapes are. Export again with a common font, and "
        "without “convert text to outlines” or a printer driver in between.",
    ),
    "language_missing": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.2; {WCAG}3.1.1",
        "The language is not named",
        "Screen readers may read English with foreign sounds. In Word set the proofing language; "
        "in InDesign the paragraph style’s; in Acrobat File, Properties, Advanced.",
    ),
    "fields_undescribed": FindingMessage(
        SERIOUS,
        f"{PDF_UA}7.18.1; {WCAG}4.1.2",
        "Form fields have no name",
        "Who cannot see them does not know what to fill in. Write what each field is for into "
        "its “Tooltip”, in Acrobat’s “Prepare form” or in the program it was made in.",
    ),
    "language_invalid": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2; {WCAG}3.1.1",
        "A language is named in a way that programs do not know",
        "They may read with the wrong sounds. Use a code such as “en-GB” or “cy”, in Acrobat "
        "under File, Properties, Advanced, or under “Tags” for a part.",
    ),
    "title_missing": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1; {WCAG}2.4.2",
        "The title is not where screen readers look for it",
        "They may read a file name instead: the title is missing from the XMP metadata, even if "
        "the file has one elsewhere. In Word fill in File, Info, Title; in InDesign File, File "
        "information; then export again.",
    ),
    "title_hidden": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1; {WCAG}2.4.2",
        "The title is not shown",
        "Windows show the file’s name instead. In Acrobat choose File, Properties, Initial view, "
        "and show “Document title”; in InDesign “Display title” when exporting.",
    ),
    "headings_skipped": FindingMessage(
        FAULT,
        f"{PDF_UA}7.4.2; {WCAG}1.3.1",
        "Heading levels are skipped",
        "Who moves from heading to heading believes that a part is missing. Begin with heading 1 "
        "and go down one level at a time, in the styles of Word or InDesign.",
    ),
    "headings_mixed": FindingMessage(
        FAULT,
        f"{PDF_UA}7.4.4; {WCAG}1.3.1",
        "Headings are tagged in two ways",
        "Screen readers cannot tell their levels. Use the numbered heading styles throughout, or "
        "change the tags “H” to “H1”, “H2” and so on in Acrobat.",
    ),
    "tables": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2 and 7.5; {WCAG}1.3.1",
        "Tables are built wrongly",
        "Screen readers lose rows or cells. Make the table with the table command, without "
        "tables inside it, and export again; or mend its tags with Acrobat’s table editor.",
    ),
    "table_irregular": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2 and 7.5; {WCAG}1.3.1",
        "Rows of a table have different numbers of cells",
        "Cells are read out under the wrong heading. Avoid split and merged cells, or fill the "
        "gaps, and export again.",
    ),
    "table_headers": FindingMessage(
        FAULT,
        f"{PDF_UA}7.5; {WCAG}1.3.1",
        "Cells of a table belong to no heading",
        "Numbers are read out without what they count. In Word mark the first row as “Repeat "
        "header rows”; in Acrobat’s table editor give the header cells a scope.",
    ),
    "lists": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2 and 7.6; {WCAG}1.3.1",
        "Lists are built wrongly",
        "Screen readers cannot say how many points there are. Make lists with the list command "
        "rather than with dashes and tabs, and export again.",
    ),
    "contents": FindingMessage(
        FAULT,
        f"{PDF_UA}7.2; {WCAG}1.3.1",
        "The table of contents is built wrongly",
        "Its lines are not read as a list of places to go to. Let Word or InDesign make the "
        "table of contents, and export again.",
    ),
    "notes": FindingMessage(
        FAULT,
        f"{PDF_UA}7.9; {WCAG}1.3.1",
        "Footnotes cannot be told apart",
        "Readers who follow a note may not find back. Make notes with the program’s own command; "
        "in Acrobat each “Note” tag needs an ID of its own.",
    ),
    "links_undescribed": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.5; {WCAG}2.4.4",
        "Links have no description",
        "Some programs announce only “link”, or the whole address. Give links words that say "
        "where they lead; in InDesign or Acrobat fill in the link’s alternative text.",
    ),
    "links_untagged": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.5; {WCAG}1.3.1",
        "Links are not tagged as links",
        "They cannot be reached without a mouse. Insert them with the link command before "
        "exporting; in Acrobat use “Create link annotations” under “Tags”.",
    ),
    "fields_untagged": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.4; {WCAG}1.3.1",
        "Form fields are not tagged",
        "They are read out of order, or not at all. In Acrobat find “Unmarked annotations” under "
        "“Tags” and add them.",
    ),
    "annotations_undescribed": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.1; {WCAG}1.1.1",
        "Comments, stamps or drawings have no description",
        "Who cannot see them learns nothing of them. Remove them before exporting, or fill in "
        "their text in Acrobat.",
    ),
    "annotations_untagged": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.1; {WCAG}1.3.1",
        "Comments, stamps or drawings are not tagged",
        "They are read out of order, or not at all. Remove them before exporting, or add them "
        "under “Tags” in Acrobat.",
    ),
    "tab_order": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.3; {WCAG}2.4.3",
        "The tab key does not follow the order of reading",
        "Who uses the keyboard jumps about. In Acrobat choose these pages under “Page "
        "thumbnails”, and “Use document structure” as their tab order.",
    ),
    "media": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.6; {WCAG}1.1.1",
        "Films or sounds have no description",
        "Who cannot see or hear them learns nothing of them. Put them on a page of the site, "
        "with captions, or describe them in Acrobat.",
    ),
    "roles": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "Some tags have names that programs do not know",
        "Screen readers cannot say what these parts are. In InDesign map each style to a tag "
        "under “Edit all export tags”; in Acrobat mend “Role map”.",
    ),
    "tree": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "The tags are damaged",
        "Programs may read parts in the wrong order. Export the file again from the original "
        "document.",
    ),
    "suspects": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "Tags were guessed and never looked through",
        "The order of reading may be wrong. Look through what Acrobat has marked as suspect "
        "under “Reading order”, or export the original document with tags.",
    ),
    "artifact_within": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "Words are both tagged and marked as decoration",
        "Some programs read them, others do not. Export the file again from the original "
        "document; in Acrobat decide under “Content” which they are.",
    ),
    "unmarked": FindingMessage(
        FAULT,
        f"{PDF_UA}7.1",
        "Lines, pictures or running titles are not marked as decoration",
        "Some screen readers read them out, others pass over a picture that matters. In InDesign "
        "mark such frames as an artefact, in Acrobat under “Content”; tag what tells something.",
    ),
    "other_file": FindingMessage(
        FAULT,
        f"{PDF_UA}7.20",
        "A page shows a part of another file",
        "Readers without that file see nothing there. Export with linked pages embedded.",
    ),
    "forms_repeated": FindingMessage(
        FAULT,
        f"{PDF_UA}7.20",
        "Tagged content is drawn more than once",
        "Screen readers read it out in one place and pass over the others. Export the file again "
        "from the original document, with a present version of the program.",
    ),
    "printers_marks": FindingMessage(
        FAULT,
        f"{PDF_UA}7.18.2 and 7.18.8",
        "Marks for the printer are part of the file",
        "They may be read out. Export without crop marks and colour bars, with the preset for "
        "screens rather than for print.",
    ),
    "attachments": FindingMessage(
        FAULT,
        f"{PDF_UA}7.11",
        "An attached file has no proper name",
        "Some programs cannot open it. Better offer it as a file of its own; or attach it anew "
        "with a present version of Acrobat.",
    ),
    "layers": FindingMessage(
        FAULT,
        f"{PDF_UA}7.10",
        "Layers have no name, or change by themselves",
        "Readers may miss what is on them. Merge the layers when exporting: in InDesign leave "
        "“Create Acrobat layers” off.",
    ),
    "font_missing": FindingMessage(
        FAULT,
        f"{PDF_UA}7.21.4",
        "A font is not part of the file",
        "Words may look different elsewhere, or be missing. Export with “embed all fonts”; in "
        "Word choose the PDF/A option.",
    ),
    "font_glyphs": FindingMessage(
        FAULT,
        f"{PDF_UA}7.21.4 and 7.21.8",
        "Some letters are missing from a font",
        "Readers see empty boxes or gaps. Choose a font that has these letters, and export again.",
    ),
    "font_codes": FindingMessage(
        FAULT,
        f"{PDF_UA}7.21.3 and 7.21.6",
        "A font is built in a way that some programs misread",
        "Words may be shown or read wrongly. Export again with a present version of the program, "
        "or with another font.",
    ),
    "font_widths": FindingMessage(
        FAULT,
        f"{PDF_UA}7.21.5",
        "The letters of a font are not as wide as the file says",
        "Some programs set words too tightly or too wide. Export again with a present version of "
        "the program, or with another font.",
    ),
    "no_table_headers": FindingMessage(
        ADVICE,
        f"{PDF_UA}7.5; {WCAG}1.3.1",
        "A table has no header cells",
        "If its first row or column says what the others are, screen readers do not know it. Mark "
        "it: in Word as “Header row”, in Acrobat’s table editor as header cells.",
    ),
    "no_headings": FindingMessage(
        ADVICE,
        f"{WCAG}2.4.10",
        "There are no headings",
        "Nobody can jump from part to part. Use the heading styles of Word or InDesign for the "
        "titles of parts, and export again.",
    ),
    "identification": FindingMessage(
        ADVICE,
        f"{PDF_UA}5",
        "The file says in an unknown way which standard it follows",
        "Programs that check accessibility may not believe it. Export it again with a present "
        "version of the program; readers notice no difference.",
    ),
    "no_bookmarks": FindingMessage(
        ADVICE,
        f"{WCAG}2.4.5",
        "There are no bookmarks",
        "In a file of this length they help everybody to find a part. In Word choose “Create "
        "bookmarks using headings” when saving as PDF; in InDesign “Bookmarks”.",
    ),
}

# What an editor reads, by reason: what is wrong, then the way out.
REFUSAL_MESSAGES = {
    "gone": "This file is not there any more. Export it again from the original document, and "
    "upload the new file.",
    "empty": "This file is empty. Look at it on your own computer; if it is empty there too, "
    "export it again from the original document.",
    "not_pdf": "This is not a PDF, although its name says so. Export the document as PDF from the "
    "program it was made in, and upload that file.",
    "bytes": "This PDF is larger than {max_mb} MB. Export it with smaller pictures (many programs "
    "call this “minimum size”), or divide it into several files.",
    "pages": "This PDF has more than {max_pages:,} pages. Divide it into several files, for "
    "example one for each part.",
    "damaged": "This PDF is damaged or incomplete and cannot be read. Export it again from the "
    "original document, or copy it again, and upload the new file.",
    "no_pages": "This PDF has no pages. Look at it on your own computer; if it is empty there too, "
    "export it again from the original document.",
    "unusual": "Other programs can show this PDF, but this site cannot check it: its parts are "
    "numbered or stored in an unusual way. Export it again from the original document, or save a "
    "copy of it in Acrobat, and upload the new file.",
    "password": "This PDF is locked with a password, so visitors could not open it. Remove the "
    "password in the program it was made in, and upload it without.",
    "javascript": "This PDF contains JavaScript, a program that would run on visitors’ computers. "
    "Remove the scripts in the program it was made in, or export it again without them.",
    "launch": "This PDF contains a launch action, which starts a program on visitors’ computers. "
    "Remove the button or link that does so, and export it again.",
    "submit": "This PDF contains a form that sends what is typed into it elsewhere. Remove the "
    "form’s submit button, or offer a web form instead, and export it again.",
    "import": "This PDF contains an action that imports data from visitors’ computers. Remove the "
    "button or link that does so, and export it again.",
    "program": "This PDF has a program attached{named}. Remove the attachment, and export the PDF "
    "again.",
    "bomb": "A part of this PDF unfolds to an enormous size, which could stop visitors’ "
    "computers. Export it again from the original document, with smaller pictures.",
    "crash": "Reading this PDF failed: it is damaged, or some page of it is far too complicated. "
    "Export it again from the original document, with simpler drawings and smaller pictures.",
    "time": "Reading this PDF took longer than {seconds:g} seconds, so it would be slow for "
    "visitors too. Export it again with simpler drawings and smaller pictures, or divide it.",
    "memory": "Reading this PDF needs more memory than is allowed, so many visitors could not "
    "open it either. Export it again with smaller pictures, or divide it into several files.",
}
