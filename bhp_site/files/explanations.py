"""What each finding means for readers, and what to do about it in the usual programs."""

from dataclasses import dataclass

SERIOUS, FAULT, ADVICE = "serious", "fault", "advice"
PDF_UA, WCAG = "PDF/UA-1 ", "WCAG 2.2 "


@dataclass(frozen=True)
class Explanation:
    """A kind of finding; `level` is SERIOUS where it keeps some people out altogether.

    `what_to_do` says first what it means for readers.
    """

    level: str
    clause: str
    title: str
    what_to_do: str


# By code, in the order of what matters to readers.
EXPLANATIONS = {
    "no_text": Explanation(
        SERIOUS,
        f"{WCAG}1.4.5",
        "The pages are pictures of words",
        "Nobody can hear, search or enlarge them. Export the original document instead of "
        "scanning it; where it is lost, use “Recognise text” in Acrobat and read it through.",
    ),
    "not_tagged": Explanation(
        SERIOUS,
        f"{PDF_UA}7.1; {WCAG}1.3.1",
        "The file is not tagged",
        "Screen readers find neither headings nor an order of reading. In Word choose “Document "
        "structure tags for accessibility” when saving as PDF; in InDesign “Create tagged PDF”.",
    ),
    "locked": Explanation(
        SERIOUS,
        f"{PDF_UA}7.16",
        "The file keeps screen readers out",
        "Its security settings forbid reading aloud. In Acrobat open File, Properties, Security, "
        "and allow text access for screen readers, or take the security off.",
    ),
    "dynamic_form": Explanation(
        SERIOUS,
        f"{PDF_UA}7.15",
        "The form can be filled in by one program only",
        "Everybody else sees a page that says “please wait”. Save it as a static form, or make "
        "the form anew in Word or Acrobat, or as a web form.",
    ),
    "untagged": Explanation(
        SERIOUS,
        f"{PDF_UA}7.1; {WCAG}1.3.1",
        "Words are not tagged",
        "Screen readers pass over them. In Acrobat use “Autotag” or “Reading order” on these "
        "pages; in InDesign give the frames export tags, or mark decoration as an artefact.",
    ),
    "all_set_aside": Explanation(
        SERIOUS,
        f"{PDF_UA}7.1; {WCAG}1.3.1",
        "All words are marked as decoration",
        "Screen readers pass over them as if the pages were empty. Export the original document "
        "again with tags; in Acrobat use “Autotag document” after removing the artefact marks.",
    ),
    "figure": Explanation(
        SERIOUS,
        f"{PDF_UA}7.3; {WCAG}1.1.1",
        "Pictures have no description",
        "Who cannot see them is told “graphic” and no more. In Word choose “View alt text”, in "
        "InDesign “Object export options”; say what the picture tells, or mark it as decorative.",
    ),
    "formula": Explanation(
        SERIOUS,
        f"{PDF_UA}7.7; {WCAG}1.1.1",
        "Formulas have no description",
        "They are read out as loose signs, or not at all. Add alternative text that says the "
        "formula in words, in Word or under “Tags” in Acrobat.",
    ),
    "font_unicode": Explanation(
        SERIOUS,
        f"{PDF_UA}7.21.7; {WCAG}1.3.1",
        "Some words cannot be read aloud or copied",
        "A font does not say which letters its shapes are. Export again with a common font, and "
        "without “convert text to outlines” or a printer driver in between.",
    ),
    "language_missing": Explanation(
        SERIOUS,
        f"{PDF_UA}7.2; {WCAG}3.1.1",
        "The language is not named",
        "Screen readers may read English with foreign sounds. In Word set the proofing language; "
        "in InDesign the paragraph style’s; in Acrobat File, Properties, Advanced.",
    ),
    "fields_undescribed": Explanation(
        SERIOUS,
        f"{PDF_UA}7.18.1; {WCAG}4.1.2",
        "Form fields have no name",
        "Who cannot see them does not know what to fill in. Write what each field is for into "
        "its “Tooltip”, in Acrobat’s “Prepare form” or in the program it was made in.",
    ),
    "language_invalid": Explanation(
        FAULT,
        f"{PDF_UA}7.2; {WCAG}3.1.1",
        "A language is named in a way that programs do not know",
        "They may read with the wrong sounds. Use a code such as “en-GB” or “cy”, in Acrobat "
        "under File, Properties, Advanced, or under “Tags” for a part.",
    ),
    "title_missing": Explanation(
        FAULT,
        f"{PDF_UA}7.1; {WCAG}2.4.2",
        "The title is not where screen readers look for it",
        "They may read a file name instead: the title is missing from the XMP metadata, even if "
        "the file has one elsewhere. In Word fill in File, Info, Title; in InDesign File, File "
        "information; then export again.",
    ),
    "title_hidden": Explanation(
        FAULT,
        f"{PDF_UA}7.1; {WCAG}2.4.2",
        "The title is not shown",
        "Windows show the file’s name instead. In Acrobat choose File, Properties, Initial view, "
        "and show “Document title”; in InDesign “Display title” when exporting.",
    ),
    "headings_skipped": Explanation(
        FAULT,
        f"{PDF_UA}7.4.2; {WCAG}1.3.1",
        "Heading levels are skipped",
        "Who moves from heading to heading believes that a part is missing. Begin with heading 1 "
        "and go down one level at a time, in the styles of Word or InDesign.",
    ),
    "headings_mixed": Explanation(
        FAULT,
        f"{PDF_UA}7.4.4; {WCAG}1.3.1",
        "Headings are tagged in two ways",
        "Screen readers cannot tell their levels. Use the numbered heading styles throughout, or "
        "change the tags “H” to “H1”, “H2” and so on in Acrobat.",
    ),
    "tables": Explanation(
        FAULT,
        f"{PDF_UA}7.2 and 7.5; {WCAG}1.3.1",
        "Tables are built wrongly",
        "Screen readers lose rows or cells. Make the table with the table command, without "
        "tables inside it, and export again; or mend its tags with Acrobat’s table editor.",
    ),
    "table_irregular": Explanation(
        FAULT,
        f"{PDF_UA}7.2 and 7.5; {WCAG}1.3.1",
        "Rows of a table have different numbers of cells",
        "Cells are read out under the wrong heading. Avoid split and merged cells, or fill the "
        "gaps, and export again.",
    ),
    "table_headers": Explanation(
        FAULT,
        f"{PDF_UA}7.5; {WCAG}1.3.1",
        "Cells of a table belong to no heading",
        "Numbers are read out without what they count. In Word mark the first row as “Repeat "
        "header rows”; in Acrobat’s table editor give the header cells a scope.",
    ),
    "lists": Explanation(
        FAULT,
        f"{PDF_UA}7.2 and 7.6; {WCAG}1.3.1",
        "Lists are built wrongly",
        "Screen readers cannot say how many points there are. Make lists with the list command "
        "rather than with dashes and tabs, and export again.",
    ),
    "contents": Explanation(
        FAULT,
        f"{PDF_UA}7.2; {WCAG}1.3.1",
        "The table of contents is built wrongly",
        "Its lines are not read as a list of places to go to. Let Word or InDesign make the "
        "table of contents, and export again.",
    ),
    "notes": Explanation(
        FAULT,
        f"{PDF_UA}7.9; {WCAG}1.3.1",
        "Footnotes cannot be told apart",
        "Readers who follow a note may not find back. Make notes with the program’s own command; "
        "in Acrobat each “Note” tag needs an ID of its own.",
    ),
    "links_undescribed": Explanation(
        FAULT,
        f"{PDF_UA}7.18.5; {WCAG}2.4.4",
        "Links have no description",
        "Some programs announce only “link”, or the whole address. Give links words that say "
        "where they lead; in InDesign or Acrobat fill in the link’s alternative text.",
    ),
    "links_untagged": Explanation(
        FAULT,
        f"{PDF_UA}7.18.5; {WCAG}1.3.1",
        "Links are not tagged as links",
        "They cannot be reached without a mouse. Insert them with the link command before "
        "exporting; in Acrobat use “Create link annotations” under “Tags”.",
    ),
    "fields_untagged": Explanation(
        FAULT,
        f"{PDF_UA}7.18.4; {WCAG}1.3.1",
        "Form fields are not tagged",
        "They are read out of order, or not at all. In Acrobat find “Unmarked annotations” under "
        "“Tags” and add them.",
    ),
    "annotations_undescribed": Explanation(
        FAULT,
        f"{PDF_UA}7.18.1; {WCAG}1.1.1",
        "Comments, stamps or drawings have no description",
        "Who cannot see them learns nothing of them. Remove them before exporting, or fill in "
        "their text in Acrobat.",
    ),
    "annotations_untagged": Explanation(
        FAULT,
        f"{PDF_UA}7.18.1; {WCAG}1.3.1",
        "Comments, stamps or drawings are not tagged",
        "They are read out of order, or not at all. Remove them before exporting, or add them "
        "under “Tags” in Acrobat.",
    ),
    "tab_order": Explanation(
        FAULT,
        f"{PDF_UA}7.18.3; {WCAG}2.4.3",
        "The tab key does not follow the order of reading",
        "Who uses the keyboard jumps about. In Acrobat choose these pages under “Page "
        "thumbnails”, and “Use document structure” as their tab order.",
    ),
    "media": Explanation(
        FAULT,
        f"{PDF_UA}7.18.6; {WCAG}1.1.1",
        "Films or sounds have no description",
        "Who cannot see or hear them learns nothing of them. Put them on a page of the site, "
        "with captions, or describe them in Acrobat.",
    ),
    "roles": Explanation(
        FAULT,
        f"{PDF_UA}7.1",
        "Some tags have names that programs do not know",
        "Screen readers cannot say what these parts are. In InDesign map each style to a tag "
        "under “Edit all export tags”; in Acrobat mend “Role map”.",
    ),
    "tree": Explanation(
        FAULT,
        f"{PDF_UA}7.1",
        "The tags are damaged",
        "Programs may read parts in the wrong order. Export the file again from the original "
        "document.",
    ),
    "suspects": Explanation(
        FAULT,
        f"{PDF_UA}7.1",
        "Tags were guessed and never looked through",
        "The order of reading may be wrong. Look through what Acrobat has marked as suspect "
        "under “Reading order”, or export the original document with tags.",
    ),
    "artifact_within": Explanation(
        FAULT,
        f"{PDF_UA}7.1",
        "Words are both tagged and marked as decoration",
        "Some programs read them, others do not. Export the file again from the original "
        "document; in Acrobat decide under “Content” which they are.",
    ),
    "unmarked": Explanation(
        FAULT,
        f"{PDF_UA}7.1",
        "Lines, pictures or running titles are not marked as decoration",
        "Some screen readers read them out, others pass over a picture that matters. In InDesign "
        "mark such frames as an artefact, in Acrobat under “Content”; tag what tells something.",
    ),
    "other_file": Explanation(
        FAULT,
        f"{PDF_UA}7.20",
        "A page shows a part of another file",
        "Readers without that file see nothing there. Export with linked pages embedded.",
    ),
    "forms_repeated": Explanation(
        FAULT,
        f"{PDF_UA}7.20",
        "Tagged content is drawn more than once",
        "Screen readers read it out in one place and pass over the others. Export the file again "
        "from the original document, with a present version of the program.",
    ),
    "printers_marks": Explanation(
        FAULT,
        f"{PDF_UA}7.18.2 and 7.18.8",
        "Marks for the printer are part of the file",
        "They may be read out. Export without crop marks and colour bars, with the preset for "
        "screens rather than for print.",
    ),
    "attachments": Explanation(
        FAULT,
        f"{PDF_UA}7.11",
        "An attached file has no proper name",
        "Some programs cannot open it. Better offer it as a file of its own; or attach it anew "
        "with a present version of Acrobat.",
    ),
    "layers": Explanation(
        FAULT,
        f"{PDF_UA}7.10",
        "Layers have no name, or change by themselves",
        "Readers may miss what is on them. Merge the layers when exporting: in InDesign leave "
        "“Create Acrobat layers” off.",
    ),
    "font_missing": Explanation(
        FAULT,
        f"{PDF_UA}7.21.4",
        "A font is not part of the file",
        "Words may look different elsewhere, or be missing. Export with “embed all fonts”; in "
        "Word choose the PDF/A option.",
    ),
    "font_glyphs": Explanation(
        FAULT,
        f"{PDF_UA}7.21.4 and 7.21.8",
        "Some letters are missing from a font",
        "Readers see empty boxes or gaps. Choose a font that has these letters, and export again.",
    ),
    "font_codes": Explanation(
        FAULT,
        f"{PDF_UA}7.21.3 and 7.21.6",
        "A font is built in a way that some programs misread",
        "Words may be shown or read wrongly. Export again with a present version of the program, "
        "or with another font.",
    ),
    "font_widths": Explanation(
        FAULT,
        f"{PDF_UA}7.21.5",
        "The letters of a font are not as wide as the file says",
        "Some programs set words too tightly or too wide. Export again with a present version of "
        "the program, or with another font.",
    ),
    "no_table_headers": Explanation(
        ADVICE,
        f"{PDF_UA}7.5; {WCAG}1.3.1",
        "A table has no header cells",
        "If its first row or column says what the others are, screen readers do not know it. Mark "
        "it: in Word as “Header row”, in Acrobat’s table editor as header cells.",
    ),
    "no_headings": Explanation(
        ADVICE,
        f"{WCAG}2.4.10",
        "There are no headings",
        "Nobody can jump from part to part. Use the heading styles of Word or InDesign for the "
        "titles of parts, and export again.",
    ),
    "identification": Explanation(
        ADVICE,
        f"{PDF_UA}5",
        "The file says in an unknown way which standard it follows",
        "Programs that check accessibility may not believe it. Export it again with a present "
        "version of the program; readers notice no difference.",
    ),
    "no_bookmarks": Explanation(
        ADVICE,
        f"{WCAG}2.4.5",
        "There are no bookmarks",
        "In a file of this length they help everybody to find a part. In Word choose “Create "
        "bookmarks using headings” when saving as PDF; in InDesign “Bookmarks”.",
    ),
}
