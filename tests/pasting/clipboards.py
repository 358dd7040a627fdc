"""What programs put on the clipboard as HTML: their structure, with words of our own.

Modelled on public captures; each name says where the structure can be seen.

- Word for Windows and Mac: the inputs in `packages/ckeditor5-paste-from-office/tests/_data/` of
  ckeditor/ckeditor5 (`basic-styles`, `list`, `table`, `bookmark`, `input.word2016.html`), and
  documents saved by Word as “filtered” HTML in public repositories for footnotes
  (`mso-footnote-id`), comments (`mso-element:comment-list`) and tracked changes
  (`<span class=msoDel><del cite=… datetime=…>`).
- Google Docs: `<b style="font-weight:normal;" id="docs-internal-guid-…">` around everything and
  `google.com/url?q=` links, as in the same folder (`input.gdocs.html`) and in the tests of
  ProseMirror's and Slate's paste handlers.
- Outlook: Word's HTML inside a layout table, with addresses rewritten by Safe Links.
- Pages, Notes and Mail for Mac: “Cocoa HTML Writer”, `p.p1`, `span.s1`.
- LibreOffice Writer 7.4: written by `soffice --headless --convert-to html` from a document of
  ours, and shortened; the clipboard's HTML comes from the same export filter.
"""

WORD_FOOTNOTE = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm} --></style>
</head><body lang=EN-GB><!--StartFragment-->
<p class=MsoNormal>Waiting times fell<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"
title=""><span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if
!supportFootnotes]><span class=MsoFootnoteReference><span style='font-size:11.0pt'>[1]</span></span>
<![endif]></span></span></a> in all <b style='mso-bidi-font-weight:normal'>nine</b>
hospitals.<o:p></o:p></p>
<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all>
<hr align=left size=1 width="33%"><![endif]>
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1'
href="#_ftnref1" name="_ftn1" title=""><span class=MsoFootnoteReference>[1]</span></a> Our own
count, March.</p></div></div><!--EndFragment--></body></html>"""

WORD_HEADINGS = """<html><body><!--StartFragment-->
<p class=MsoTitle>A plan for the region<o:p></o:p></p>
<h1><a name="_Toc1234567"></a>Why now<o:p></o:p></h1>
<p class=MsoNormal>More people live with several conditions.<o:p></o:p></p>
<h2>What it costs<o:p></o:p></h2>
<p class=MsoNormal>Less than waiting.<o:p></o:p></p><!--EndFragment--></body></html>"""

WORD_LIST = """<html><body><!--StartFragment-->
<p class=MsoNormal>We will:<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if
!supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>train
nurses<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if
!supportLists]><span style='mso-list:Ignore'>o<span>&nbsp; </span></span><![endif]>at
night<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if
!supportLists]><span style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>share
data<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
style='mso-list:Ignore'>1.<span>&nbsp;</span></span>First<o:p></o:p></p>
<!--EndFragment--></body></html>"""

WORD_TABLE = """<html><body><!--StartFragment-->
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0><tr>
<td width=200 valign=top><p class=MsoNormal><b>Hospital<o:p></o:p></b></p></td>
<td width=200 valign=top><p class=MsoNormal><b>Beds<o:p></o:p></b></p></td></tr>
<tr><td><p class=MsoNormal>North<o:p></o:p></p></td>
<td><p class=MsoNormal>120<o:p></o:p></p></td></tr>
<tr><td><p class=MsoNormal>South<o:p></o:p></p></td><td><p class=MsoNormal><span
class=msoDel><del cite="mailto:A%20Writer" datetime="2026-01-05T10:00">90</del></span><span
class=msoIns><ins cite="mailto:A%20Writer" datetime="2026-01-05T10:00">95</ins></span></p></td></tr>
</table><!--EndFragment--></body></html>"""

WORD_CHANGES = """<html><body><!--StartFragment--><p class=MsoNormal>The trial recruited <span
class=msoDel><del cite="mailto:A%20Writer" datetime="2026-01-05T10:00">400</del></span><span
class=msoIns><ins cite="mailto:A%20Writer" datetime="2026-01-05T10:00">412</ins></span> <a
style='mso-comment-reference:AW_1;mso-comment-date:20260105T1000'>people</a><span
class=MsoCommentReference><span style='font-size:8.0pt'><![if !supportAnnotations]><a
class=msocomanchor id="_anchor_1" href="#_msocom_1" name="_msoanchor_1">[AW1]</a><![endif]><span
style='mso-special-character:comment'>&nbsp;</span></span></span>.</p>
<div style='mso-element:comment-list'><div style='mso-element:comment'><p class=MsoCommentText>Is
this right?</p></div></div><!--EndFragment--></body></html>"""

GOOGLE_LINK = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-0a1b2c3d-7fff">'
    '<p dir="ltr" style="line-height:1.38;margin-top:0pt;"><span style="font-size:11pt;'
    'font-weight:400;font-style:normal;white-space:pre-wrap;">Read </span><a href="'
    "https://www.google.com/url?q=https://example.org/plan?a%3D1%26b%3D2&amp;sa=D&amp;source=editors"
    '&amp;ust=1700000000&amp;usg=AOv" style="text-decoration:none;"><span style="font-weight:400;'
    'text-decoration:underline;">the plan</span></a><span style="font-weight:400;"> of the </span>'
    '<span style="font-weight:700;font-style:italic;">whole</span><span style="font-weight:400;"> '
    "region.</span></p><br /></b>"
)

GOOGLE_SUGGESTION = (
    '<b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span style="font-size:'
    '16pt;font-weight:400;">Next steps</span></h2><p dir="ltr"><span style="font-weight:400;">We '
    'meet in </span><span style="font-weight:400;text-decoration:line-through;">May</span><span '
    'style="font-weight:400;">June</span><span style="font-weight:400;">.</span><sup><a '
    'href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p></b>'
)

GOOGLE_TABLE = (
    '<b style="font-weight:normal;" id="docs-internal-guid-2"><div dir="ltr"><table><colgroup>'
    "<col /><col /></colgroup><tbody><tr><td><p><span>Year</span></p></td><td><p><span>Grants"
    '</span></p></td></tr><tr><td rowspan="2"><p><span>2024</span></p></td><td><p><span>3</span>'
    "</p></td></tr><tr><td><p><span>4</span></p></td></tr></tbody></table></div></b>"
)

OUTLOOK = """<html><body><table border=0 cellpadding=0><tr><td><p class=MsoNormal>Dear
colleague,</p><p class=MsoNormal>see <a href="https://eur01.safelinks.protection.outlook.com/?url=\
https%3A%2F%2Fexample.org%2Freport&amp;data=05%7C02&amp;reserved=0" originalsrc="x"
shash="y">the report</a>.</p><p class=MsoNormal><img width=90 src="cid:image001.png@01D"></p></td>
</tr></table></body></html>"""

PAGES = """<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN"><html><head><meta name="Generator"
content="Cocoa HTML Writer"><style type="text/css">p.p1 {margin: 0.0px} span.s1 {font-kerning: none}
</style></head><body><p class="p1"><span class="s1"><b>Why research matters</b></span></p>
<p class="p2"><span class="s1"></span><br></p><p class="p3"><span class="s1">It shortens the
way.<span class="Apple-converted-space">&nbsp; </span>Always.</span></p></body></html>"""

LIBREOFFICE = """<!DOCTYPE html><html><head><meta name="generator" content="LibreOffice 7.4.7.2
(Linux)"/><style type="text/css">p { line-height: 115% } a.sdfootnoteanc { font-size: 57% }</style>
</head><body lang="en-US" link="#000080" dir="ltr"><h1 class="western">
Findings</h1>
<p style="line-height: 100%; margin-bottom: 0in">Numbers rose<a class="sdfootnoteanc"
name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>
by <strike>three</strike> four.<!-- Is this right? --></p>
<ul>
	<li><p style="margin-bottom: 0in">One</p>
	<ul>
		<li><p style="margin-bottom: 0in">Deep</p>
	</ul>
	<li><p style="margin-bottom: 0in">Two</p>
</ul>
<table width="100%" cellpadding="0" cellspacing="0">
	<col width="128*"/>

	<col width="128*"/>

	<thead><tr valign="top"><td width="50%"><p>Year</p>
	</td><td width="50%"><p>Cases</p>
	</td></tr></thead>
	<tbody><tr valign="top"><td><p>2024</p>
	</td><td><p>7</p>
	</td></tr></tbody>
</table>
<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym"
href="#sdfootnote1anc">1</a>Own
	count.</p>
</div></body></html>"""
